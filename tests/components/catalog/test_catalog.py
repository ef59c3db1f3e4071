"""A catalog as AWS would get it: what is written is what is read, and nothing else is allowed."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from components.catalog.columns import presto
from tests.components.catalog.athena import folder_of
from tests.components.catalog.test_paths import GIVEN, SINCE
from tests.components.small_systems import ACCOUNT, REGION, small_system, statement
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
TABLE = "aws:glue/catalogTable:CatalogTable"
SUBSCRIPTION = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
POLICY = "aws:iam/rolePolicy:RolePolicy"
SQL = "SELECT event_time, 'cloudtrail' AS source FROM cloudtrail WHERE event_time IS NOT NULL;\n"
VIEWS = {
    "events": {"sql": "events.sql", "columns": {"event_time": "timestamp", "source": "string"}}
}
BUCKETS: dict[str, Any] = {"logs": {}, "results": {}}
QUERY: dict[str, Any] = {"catalog": "lake", "results": "results", "saved": {"all": "events.sql"}}
HIVE = {"string": "VARCHAR", "timestamp": "TIMESTAMP", "bigint": "BIGINT"}
"""DuckDB's names of the types used here."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("lake")
    (found / "events.sql").write_text(SQL)
    return found


@pytest.fixture
def beside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def lake(queries: dict[str, Any] | None = None, **given: Any) -> Recording:
    return small_system(
        buckets=BUCKETS,
        monitoring={"logs": {"app": {"name": "/shop/app"}, "audit": {"name": "/shop/audit"}}},
        catalogs={"lake": {**GIVEN, **given}},
        queries=queries if queries is not None else {"main": QUERY},
    )


@pytest.fixture(scope="module")
def whole(folder: Path) -> Recording:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return lake(views=VIEWS)


def table(recording: Recording, key: str) -> dict[str, Any]:
    return dict(recording.one(TABLE, f"lake-{key}").inputs)


def columns(found: dict[str, Any]) -> dict[str, str]:
    return {column["name"]: column["type"] for column in found["storageDescriptor"]["columns"]}


def test_the_delivery_writes_the_columns_of_all_tables(whole: Recording) -> None:
    written = columns(table(whole, "delivery-schema"))
    for key in ("application", "cloudtrail", "cloud"):
        own = columns(table(whole, key))
        assert own.items() <= written.items()
    assert written.keys() == {"event_time", "level", "source_ip"}
    s3 = whole.one(STREAM, "lake").inputs["extendedS3Configuration"]
    conversion = s3["dataFormatConversionConfiguration"]
    assert conversion["schemaConfiguration"]["tableName"] == "delivery_schema"
    assert s3["compressionFormat"] == "UNCOMPRESSED"
    assert s3["dynamicPartitioningConfiguration"]["enabled"] is True
    assert 64 <= s3["bufferingSize"] <= 128


def test_a_record_put_by_the_registered_prefix_is_read_through_the_registered_table(
    whole: Recording, tmp_path: Path
) -> None:
    """Parquet files in the delivery's schema, where it would put them, read by DuckDB."""
    lake_ = duckdb.connect()
    written = columns(table(whole, "delivery-schema"))
    s3 = whole.one(STREAM, "lake").inputs["extendedS3Configuration"]
    fields = ", ".join(f"{name} {HIVE[type_]}" for name, type_ in written.items())
    lake_.execute(f"CREATE TABLE record ({fields})")
    lake_.execute(
        "INSERT INTO record (event_time, source_ip) VALUES ('2028-02-29 12:00', '203.0.113.7')"
    )
    folder = tmp_path / folder_of(s3["prefix"], {"type": "cloudtrail"}, SINCE, s3["customTimeZone"])
    folder.mkdir(parents=True)
    lake_.execute(f"COPY record TO '{folder / 'one.parquet'}' (FORMAT parquet)")
    own = table(whole, "cloudtrail")
    place = own["storageDescriptor"]["location"].replace("s3://shop-dev-logs", str(tmp_path))
    selected = ", ".join(columns(own))
    lake_.execute(
        f"CREATE VIEW cloudtrail AS SELECT {selected} FROM read_parquet('{place}**/*.parquet')"
    )
    view = json.loads(base64.b64decode(table(whole, "events")["viewOriginalText"].split()[3]))
    answer = lake_.execute(view["originalSql"]).fetchall()
    assert [row[1] for row in answer] == ["cloudtrail"]


def test_a_view_says_the_same_in_hive_and_presto(whole: Recording) -> None:
    view = table(whole, "events")
    assert view["tableType"] == "VIRTUAL_VIEW"
    assert view["parameters"]["presto_view"] == "true"
    assert view["storageDescriptor"]["serDeInfo"] == {}
    text = view["viewOriginalText"]
    assert text.startswith("/* Presto View: ")
    described = json.loads(base64.b64decode(text.split()[3]))
    assert described["schema"] == "shop_dev_lake"
    assert described["columns"] == [
        {"name": "event_time", "type": "timestamp(3)"},
        {"name": "source", "type": "varchar"},
    ]
    assert not described["originalSql"].endswith(";")


@pytest.mark.parametrize(
    ("hive", "expected"),
    [
        ("array<int>", "array(integer)"),
        ("map<string,array<double>>", "map(varchar, array(double))"),
        ("struct<a:string,b:struct<c:bigint>>", "row(a varchar, b row(c bigint))"),
        ("decimal(12,2)", "decimal(12,2)"),
        ("float", "real"),
    ],
)
def test_types_of_hive_have_prestos_names(hive: str, expected: str) -> None:
    assert presto(hive) == expected


def test_the_delivery_may_put_records_and_read_its_schema_and_nothing_else(
    whole: Recording,
) -> None:
    policy = next(
        resource
        for resource in whole.of_type(POLICY)
        if resource.name == "lake" and "lake" in resource.parent
    )
    statements = json.loads(policy.inputs["policy"])["Statement"]
    actions = {action for element in statements for action in _listed(element["Action"])}
    assert actions == {
        "s3:PutObject", "s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:ListBucket",
        "s3:ListBucketMultipartUploads", "kms:Decrypt", "kms:GenerateDataKey", "glue:GetTable",
        "glue:GetTableVersion", "glue:GetTableVersions", "logs:PutLogEvents",
    }  # fmt: skip
    puts = statement(policy, "PutObjects")
    assert set(_listed(puts["Resource"])) == {
        "arn:aws:s3:::shop-dev-logs/logs/*",
        "arn:aws:s3:::shop-dev-logs/logs-failed/*",
    }
    schema = statement(policy, "ReadSchema")["Resource"]
    assert f"arn:aws:glue:{REGION}:{ACCOUNT}:table/shop_dev_lake/delivery_schema" in schema


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.mark.usefixtures("beside")
def test_log_groups_bring_their_lines_unpacked_and_taken_apart() -> None:
    recording = lake(**{"from": {"logs": ["app", "audit"]}})
    stream = recording.one(STREAM, "lake").inputs
    processors = stream["extendedS3Configuration"]["processingConfiguration"]["processors"]
    assert [processor["type"] for processor in processors] == [
        "Decompression", "CloudWatchLogProcessing", "RecordDeAggregation", "MetadataExtraction",
    ]  # fmt: skip
    assert {resource.inputs["logGroup"] for resource in recording.of_type(SUBSCRIPTION)} == {
        "/shop/app",
        "/shop/audit",
    }


@pytest.mark.usefixtures("beside")
def test_who_asks_may_read_the_catalog_and_its_own_answers_and_nothing_else() -> None:
    image = {"uri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/web@sha256:{'0' * 64}"}
    recording = small_system(
        network={"cidr": "10.0.0.0/16", "zones": 2, "nat": "single"},
        buckets=BUCKETS,
        catalogs={"lake": GIVEN},
        queries={"main": QUERY},
        services={"web": {"image": image, "uses": [{"query": "main"}, {"catalog": "lake"}]}},
    )
    policies = [json.loads(resource.inputs["policy"]) for resource in recording.of_type(POLICY)]
    statements = {element["Sid"]: element for one in policies for element in one["Statement"]}
    assert set(_listed(statements["AnswersQueryMain"]["Resource"])) == {
        "arn:aws:s3:::shop-dev-results/shop-dev-main/*"
    }
    assert statements["RecordsQueryMain"]["Action"] in ("s3:GetObject", ["s3:GetObject"])
    assert statements["RecordsQueryMain"]["Resource"] in (
        "arn:aws:s3:::shop-dev-logs/logs/*",
        ["arn:aws:s3:::shop-dev-logs/logs/*"],
    )
    assert not any(
        action.startswith("glue:") and not action.startswith("glue:Get")
        for element in statements.values()
        for action in _listed(element["Action"])
    )
    put = statements["PutCatalogLake"]
    assert _listed(put["Resource"]) == [
        f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/shop-dev-lake"
    ]


def test_answers_are_encrypted_bounded_and_nowhere_else(whole: Recording) -> None:
    group = whole.one("aws:athena/workgroup:Workgroup", "main").inputs
    configuration = group["configuration"]
    assert configuration["enforceWorkgroupConfiguration"] is True
    assert configuration["bytesScannedCutoffPerQuery"] == 10 * 2**30
    results = configuration["resultConfiguration"]
    assert results["outputLocation"] == "s3://shop-dev-results/shop-dev-main/"
    assert results["encryptionConfiguration"]["encryptionOption"] == "SSE_KMS"
    saved = whole.one("aws:athena/namedQuery:NamedQuery", "main-all").inputs
    assert (saved["database"], saved["query"]) == ("shop_dev_lake", SQL.strip())


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize(
    ("queries", "given", "message"),
    [
        ({}, {"bucket": "lgos"}, "catalogs.lake.bucket"),
        ({"main": {**QUERY, "results": "logs"}}, {}, "holds a catalog's records"),
        ({"main": {**QUERY, "catalog": "lak"}}, {}, "did you mean `lake`"),
        ({"main": {**QUERY, "saved": {"a": "nowhere.sql"}}}, {}, "nowhere.sql: No such file"),
        ({}, {"from": {"logs": ["aap"]}}, "catalogs.lake.from.logs"),
    ],
)
def test_what_is_not_there_is_named_with_its_place(
    queries: dict[str, Any], given: dict[str, Any], message: str
) -> None:
    with pytest.raises(StackFileError, match=r"(?s).*") as refused:
        lake(queries, **given)
    assert message in str(refused.value)
