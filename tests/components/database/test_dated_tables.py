"""Every combination that the dated tables rule out is refused before anything is registered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from components.database import classes
from components.database.classes import FAMILIES, RETIRED, has_insights, sizes_of
from components.database.engines import ENGINES, family_of, major_of
from components.database.settings import DatabaseSettings

ADAPTER: TypeAdapter[Any] = TypeAdapter(DatabaseSettings)
NEWEST = {
    "postgres": "18",
    "mysql": "8.4",
    "mariadb": "11.8",
    "aurora-postgresql": "17",
    "aurora-mysql": "8.0",
}


def validate(engine: str, **given: Any) -> Any:
    document = {"engine": engine, "version": NEWEST[engine], **given}
    return ADAPTER.validate_json(json.dumps(document))


def refusal(engine: str, **given: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        validate(engine, **given)
    return str(caught.value)


def every_size() -> set[str]:
    return {size for family in FAMILIES.values() for size in family.sizes} | {"nano", "64xlarge"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_class_is_taken_exactly_where_the_table_has_it(engine: str):
    no_insights = {"performanceInsights": {"enabled": False}}
    for family in FAMILIES:
        for size in every_size():
            name = f"db.{family}.{size}"
            if size in sizes_of(engine, family):
                assert validate(engine, instanceClass=name, **no_insights).instance_class == name
            else:
                text = refusal(engine, instanceClass=name, **no_insights)
                assert "db." in text
                assert engine in text


@pytest.mark.parametrize("engine", ENGINES)
def test_a_retired_class_is_refused_by_its_family(engine: str):
    for family in RETIRED:
        assert f"RDS no longer makes db.{family}" in refusal(
            engine, instanceClass=f"db.{family}.large"
        )


def oldest_versions() -> list[tuple[str, str, str, tuple[int, ...]]]:
    return [
        (engine, f"db.{family}.large", major, minor)
        for family, known in FAMILIES.items()
        for engine, majors in (known.oldest or {}).items()
        for major, minor in majors.items()
    ]


def spelled(engine: str, minor: tuple[int, ...]) -> str:
    text = ".".join(map(str, minor))
    if engine == "aurora-mysql":
        return f"8.0.mysql_aurora.{minor[0]}.{minor[1]:02}.{minor[2]}"
    return text


@pytest.mark.parametrize(("engine", "name", "major", "minor"), oldest_versions())
def test_a_class_is_refused_below_the_oldest_version_that_has_it(
    engine: str, name: str, major: str, minor: tuple[int, ...]
):
    assert validate(engine, version=major, instanceClass=name)
    assert validate(engine, version=spelled(engine, minor), instanceClass=name)
    *front, last = minor
    below = (*front, last - 1) if last else (*front[:-1], front[-1] - 1, 9)
    text = refusal(engine, version=spelled(engine, below), instanceClass=name)
    assert f"{spelled(engine, minor)} or later for {name}" in text


@pytest.mark.parametrize(
    ("engine", "version"),
    [
        ("postgres", "9.6"), ("postgres", "13"), ("postgres", "13.20"), ("postgres", "19"),
        ("postgres", "sixteen"), ("mysql", "5.7"), ("mysql", "8.0"), ("mysql", "8.0.40"),
        ("mariadb", "10.6"), ("mariadb", "11.5"), ("aurora-postgresql", "13.18"),
        ("aurora-postgresql", "18"), ("aurora-mysql", "5.7"), ("aurora-mysql", "8.4"),
    ],
)  # fmt: skip
def test_a_version_without_standard_support_is_refused_with_those_that_have_it(
    engine: str, version: str
):
    text = refusal(engine, version=version)
    for major in ENGINES[engine].majors:
        assert f'"{major}"' in text


@pytest.mark.parametrize(
    ("engine", "major", "minor"),
    [(e, major, minor) for e, known in ENGINES.items() for major, minor in known.oldest.items()],
)
def test_a_minor_version_that_rds_no_longer_makes_is_refused_with_the_oldest_it_makes(
    engine: str, major: str, minor: tuple[int, ...]
):
    assert major in ENGINES[engine].majors
    assert validate(engine, version=spelled(engine, minor))
    *front, last = minor
    text = refusal(engine, version=spelled(engine, (*front, last - 1)))
    assert f'"{major}", or a minor version from "{spelled(engine, minor)}" up' in text


@pytest.mark.parametrize("engine", ENGINES)
def test_the_example_in_a_message_is_a_version_that_is_taken(engine: str):
    assert validate(engine, version=ENGINES[engine].example)


def test_the_version_of_the_document_is_no_longer_made():
    """Club App asks for PostgreSQL 16.4, which left standard support in 2026; it gets 16."""
    assert '"16", or a minor version from "16.11" up' in refusal("postgres", version="16.4")


def test_the_family_follows_from_any_spelling_of_the_version():
    assert family_of("postgres", "16.11") == family_of("postgres", "16") == "postgres16"
    assert family_of("mysql", "8.4.6") == "mysql8.4"
    assert family_of("mariadb", "11.4.8") == "mariadb11.4"
    assert family_of("aurora-postgresql", "16.9") == "aurora-postgresql16"
    assert family_of("aurora-mysql", "8.0.mysql_aurora.3.08.2") == "aurora-mysql8.0"
    assert major_of("postgres", "16.11-R2") == "16"


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_small_classes_of_mysql_have_no_insights_and_say_how_to_go_on(engine: str):
    for name in ("db.t3.micro", "db.t3.small", "db.t4g.micro", "db.t4g.small"):
        assert not has_insights(engine, name)
        assert "`performanceInsights: {enabled: false}`" in refusal(engine, instanceClass=name)
        assert validate(engine, instanceClass=name, performanceInsights={"enabled": False})
    assert has_insights("postgres", "db.t4g.micro")


@pytest.mark.parametrize("name", ["db.t3.medium", "db.t3.large"])
def test_t3_of_aurora_mysql_has_no_insights_and_t4g_has(name: str):
    text = refusal("aurora-mysql", instanceClass=name)
    assert "`performanceInsights: {enabled: false}`" in text
    assert "or a db.t4g" in text
    assert validate("aurora-mysql", instanceClass=name, performanceInsights={"enabled": False})
    assert validate("aurora-mysql", instanceClass=name.replace("t3", "t4g"))
    assert validate("aurora-postgresql", instanceClass=name)


REFUSED_STORAGE: list[tuple[dict[str, Any], str]] = [
    ({"initialGiB": 19}, "`initialGiB` of 20 to 65536 for gp3"),
    ({"initialGiB": 65_537}, "`initialGiB` of 20 to 65536 for gp3"),
    ({"initialGiB": 99, "type": "io1", "iops": 1000}, "`initialGiB` of 100 to 65536 for io1"),
    ({"initialGiB": 99, "type": "io2", "iops": 1000}, "`initialGiB` of 100 to 65536 for io2"),
    ({"initialGiB": 100, "maxGiB": 109}, "`maxGiB` of 110"),
    ({"initialGiB": 100, "maxGiB": 65_537}, "`maxGiB` of 110"),
    ({"initialGiB": 399, "iops": 12_000}, "no `iops` for gp3 below 400 GiB"),
    ({"initialGiB": 399, "throughput": 500}, "no `throughput` for gp3 below 400 GiB"),
    ({"initialGiB": 400, "iops": 11_999}, "`iops` of 12000 to 64000 for gp3"),
    ({"initialGiB": 400, "iops": 64_001}, "`iops` of 12000 to 64000 for gp3"),
    ({"initialGiB": 400, "iops": 12_000, "throughput": 499}, "`throughput` of 500 to 4000"),
    ({"initialGiB": 400, "iops": 12_000, "throughput": 3001}, "a quarter of the IOPS: 3000"),
    ({"initialGiB": 400, "type": "gp2", "iops": 3000}, "no `iops` for gp2"),
    ({"initialGiB": 400, "type": "gp2", "throughput": 500}, "no `throughput` for gp2"),
    ({"initialGiB": 400, "type": "io1"}, "`iops` for io1"),
    ({"initialGiB": 400, "type": "io2"}, "`iops` for io2"),
    ({"initialGiB": 100, "type": "io1", "iops": 999}, "`iops` of 1000 to 256000 for io1"),
    ({"initialGiB": 100, "type": "io1", "iops": 5001}, "0.5 to 50 for each GiB of io1"),
    ({"initialGiB": 4000, "type": "io1", "iops": 1999}, "0.5 to 50 for each GiB of io1"),
    (
        {"initialGiB": 100, "maxGiB": 2001, "type": "io1", "iops": 1000},
        "`maxGiB` of at most 2000 with `iops: 1000`",
    ),
    (
        {"initialGiB": 100, "maxGiB": 65_536, "type": "io2", "iops": 32_767},
        "`maxGiB` of at most 65534 with `iops: 32767`",
    ),
    ({"initialGiB": 100, "type": "io2", "iops": 100_001}, "0.5 to 1000 for each GiB of io2"),
    ({"initialGiB": 100, "type": "io1", "iops": 1000, "throughput": 500}, "no `throughput`"),
    ({"initialGiB": 100, "type": "standard"}, "gp3"),
]


@pytest.mark.parametrize(("storage", "message"), REFUSED_STORAGE)
@pytest.mark.parametrize("engine", ["postgres", "mysql", "mariadb"])
def test_storage_that_rds_refuses_is_refused(engine: str, storage: dict[str, Any], message: str):
    assert message in refusal(engine, storage=storage)


@pytest.mark.parametrize(
    "storage",
    [
        {"initialGiB": 20},
        {"initialGiB": 100, "maxGiB": 110},
        {"initialGiB": 400, "iops": 12_000, "throughput": 3_000},
        {"initialGiB": 400, "throughput": 500},
        {"initialGiB": 100, "type": "io1", "iops": 5_000},
        {"initialGiB": 256, "type": "io2", "iops": 256_000},
        {"initialGiB": 20, "type": "gp2"},
    ],
)
def test_storage_at_the_very_limits_is_taken(storage: dict[str, Any]):
    assert validate("postgres", storage=storage)


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("postgres", {"readReplicas": {"one": {}}}, "`masterPassword: operator` with `readReplicas`"),
    ("postgres", {"blueGreen": True}, "`masterPassword: operator` with `blueGreen`"),
    ("postgres", {"masterPassword": "operator"}, "`masterSecretArn`"),
    ("postgres", {"masterUsername": "postgres"}, "any name but"),
    ("postgres", {"masterUsername": "admin"}, "any name but"),
    ("postgres", {"iamUsers": ["app"]}, "`iamAuthentication: true`"),
    ("postgres", {"logs": ["slowquery"]}, "`logs` of postgresql"),
    ("mysql", {"logs": ["postgresql"]}, "`logs` of audit"),
    ("postgres", {"maintenanceWindow": "sun:03:30-sun:04:30"}, "apart from `backups.window`"),
    ("postgres", {"maintenanceWindow": "sun:05:00-sun:05:15"}, "at least 30 minutes"),
    ("postgres", {"maintenanceWindow": "sunday 5"}, "sun:04:00-sun:05:00"),
    ("postgres", {"backups": {"window": "25:00-26:00"}}, "03:00-04:00"),
    ("postgres", {"backups": {"retentionDays": 0}}, "greater than or equal to 1"),
    ("postgres", {"backups": {"retentionDays": 36}}, "less than or equal to 35"),
    ("postgres", {"parameters": {"rds.force_ssl": 0}}, "`rds.force_ssl` on"),
    ("mysql", {"parameters": {"require_secure_transport": "OFF"}}, "`require_secure_transport` on"),
    ("postgres", {"parameters": {"shared_buffers": "{Memory/4}"}}, "found Memory"),
    (
        "postgres",
        {"parameters": {"shared_buffers": "{DBInstanceClassMemory/4"}},
        "braces closed",
    ),
    ("postgres", {"performanceInsights": {"retentionDays": 31}}, "`retentionDays: 7`"),
    (
        "postgres",
        {"performanceInsights": {"mode": "advanced"}},
        "`retentionDays: 465` with `mode: advanced`",
    ),
    ("aurora-postgresql", {"instanceClass": "db.serverless"}, "`capacity` together with"),
    ("aurora-postgresql", {"capacity": {"min": 1, "max": 2}}, "`capacity` together with"),
    ("aurora-postgresql", {"backtrackHours": 1}, "`backtrackHours` for aurora-mysql only"),
    ("aurora-postgresql", {"instances": {}}, "at least 1"),
    ("aurora-postgresql", {"instances": {f"i{n}": {} for n in range(17)}}, "1 to 16 `instances`"),
    ("postgres", {"instanceClass": "db.serverless"}, "a class such as"),
    ("postgres", {"unknown": 1}, "Extra inputs"),
]


@pytest.mark.parametrize(("engine", "given", "message"), REFUSED)
def test_a_contradiction_is_refused_with_what_is_allowed(
    engine: str, given: dict[str, Any], message: str
):
    assert message in refusal(engine, **given)


@pytest.mark.parametrize(
    ("capacity", "message"),
    [
        ({"min": 0.7, "max": 4}, "in halves"),
        ({"min": 8, "max": 4}, "`min` of at most `max`"),
        ({"min": 1, "max": 4, "pauseAfterSeconds": 300}, "`min: 0`"),
        ({"min": 0, "max": 257}, "less than or equal to 256"),
    ],
)
def test_a_serverless_capacity_that_aurora_refuses_is_refused(
    capacity: dict[str, Any], message: str
):
    given = {"instanceClass": "db.serverless", "capacity": capacity}
    assert message in refusal("aurora-postgresql", **given)


@pytest.mark.parametrize("engine", ["aurora-postgresql", "aurora-mysql"])
def test_only_versions_that_can_pause_may_shrink_to_nothing(engine: str):
    for table, least in ((classes.SERVERLESS_OLDEST, 0.5), (classes.PAUSING_OLDEST, 0)):
        given = {"instanceClass": "db.serverless", "capacity": {"min": least, "max": 4}}
        for minor in table[engine].values():
            assert validate(engine, version=spelled(engine, minor), **given)
            *front, last = minor
            below = (*front, last - 1) if last else (*front[:-1], front[-1] - 1, 9)
            assert "or later" in refusal(engine, version=spelled(engine, below), **given)


def test_a_class_allows_about_as_many_connections_as_it_reports():
    """What people read off running servers of these classes, give or take a tenth."""
    reported = {
        ("postgres", 1): 81,
        ("postgres", 4): 405,
        ("postgres", 8): 830,
        ("aurora-mysql", 16): 1000,
        ("aurora-mysql", 4): 90,
    }
    for (engine, gib), count in reported.items():
        assert classes.max_connections(engine, gib) == pytest.approx(count, rel=0.1)
    assert classes.max_connections("postgres", 1024) == 5000
    assert classes.serverless_connections("aurora-postgresql", 0.5, 256) == 2000
