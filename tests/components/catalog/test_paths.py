"""Where records are put is where tables look: at every moment, in every zone."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from components.catalog.paths import delivery_prefix, location, projection, type_query
from components.catalog.settings import CatalogSettings
from tests.components.catalog.athena import folder_of, partitions

BUCKET = "shop-dev-logs"
SINCE = datetime(2027, 12, 1, tzinfo=UTC)
ZONES = ("UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Vienna", "America/New_York")
"""The farthest ahead (14 hours), the farthest behind (12), and two with summer time."""

GIVEN: dict[str, Any] = {
    "from": {"put": True},
    "bucket": "logs",
    "prefix": "logs/",
    "type": ".log_type",
    "date": {"since": "2027-12-01"},
    "tables": {
        "application": {"columns": {"event_time": "timestamp", "level": "string"}},
        "cloudtrail": {"columns": {"event_time": "timestamp", "source_ip": "string"}},
        "cloud": {"columns": {"event_time": "timestamp"}},
    },
}


def catalog(**given: Any) -> CatalogSettings:
    return CatalogSettings.model_validate_json(__import__("json").dumps({**GIVEN, **given}))


def refusal(**given: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        catalog(**given)
    return str(refused.value)


def moments(zone: str, seed: int) -> list[datetime]:
    """Random moments, and the edges of days and years, in the zone and in UTC."""
    own = ZoneInfo(zone)
    edges = [
        datetime(year, month, day, tzinfo=clock) - timedelta(seconds=ago)
        for clock in (own, ZoneInfo("UTC"))
        for year, month, day in ((2028, 1, 1), (2028, 2, 29), (2028, 3, 1), (2028, 3, 27))
        for ago in (0, 1, -1)
    ]
    chance = random.Random(seed)
    begin = SINCE + timedelta(days=1)
    found = [begin + timedelta(seconds=chance.randrange(115 * 86_400)) for _ in range(200)]
    return [*edges, *found]


@pytest.mark.long
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("pattern", ["yyyy/MM/dd", "yyyy/MM/dd/HH"])
def test_a_record_is_in_one_partition_of_one_table_from_the_moment_it_arrives(
    zone: str, pattern: str
) -> None:
    settings = catalog(date={"since": "2027-12-01", "zone": zone, "pattern": pattern})
    column = settings.date.column
    tables = {key: projection(BUCKET, settings, key) for key in settings.tables}
    chosen = moments(zone, seed=len(zone))
    for number, arrived in enumerate(chosen if column == "day" else chosen[::8]):
        kind = sorted(settings.tables)[number % len(settings.tables)]
        folder = folder_of(delivery_prefix(settings), {"type": kind}, arrived, zone)
        looked_for = [
            (key, place)
            for key, parameters in tables.items()
            for place in partitions(parameters, column, arrived)
            if place == f"s3://{BUCKET}/{folder}"
        ]
        assert [key for key, _ in looked_for] == [kind]


def test_a_table_stands_in_a_folder_that_holds_no_other_tables_records() -> None:
    settings = catalog()
    places = [location(BUCKET, settings, key) for key in settings.tables]
    assert not [(a, b) for a in places for b in places if a != b and a.startswith(b)]
    assert not any(settings.failed_prefix.startswith(settings.prefix) for _ in places)


def test_a_type_without_a_table_is_null_and_so_failed() -> None:
    assert type_query(catalog()) == (
        '{type: (if (.log_type == "application" or .log_type == "cloud" or '
        '.log_type == "cloudtrail") then .log_type else null end)}'
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"date": {"since": "2027-02-30"}}, "a day that there is"),
        ({"date": {"since": "2027-02-03", "zone": "Mars/Olympus"}}, "IANA"),
        ({"from": {"put": True, "stream": "a"}}, "exactly one of stream, put"),
        ({"from": {}}, "exactly one of stream, put"),
        ({"prefix": "logs"}, "match pattern"),
        ({"prefix": "!{timestamp:yyyy}/"}, "match pattern"),
        ({"type": '.a"b'}, "match pattern"),
        ({"tables": {"a": {"columns": {"day": "string"}}}}, "it is the partition's"),
        ({"tables": {"a": {"columns": {"x": "strin"}}}}, "a type of Hive"),
        ({"tables": {"a": {"columns": {"x": "array<int"}}}}, "a type of Hive"),
        ({"tables": {"delivery_schema": {"columns": {"x": "int"}}}}, "it is the schema's"),
        (
            {"tables": {"a": {"columns": {"x": "int"}}, "b": {"columns": {"x": "string"}}}},
            "one type for the column x; found int in a and string in b",
        ),
    ],
)
def test_what_could_not_be_delivered_or_read_is_refused(
    given: dict[str, Any], message: str
) -> None:
    assert message in refusal(**given)
