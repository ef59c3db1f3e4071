"""Mantissa Log's lake as its rows ask for it: storage, ingest, catalog and query."""

from __future__ import annotations

import base64
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.components.catalog.athena import folder_of, partitions
from tests.recordings import ROOT
from tests.systems.mantissa import MANTISSA, data_key
from trellis.planner.record import Recorded, Recording, record

RULES = Path(__file__).resolve().parents[2] / MANTISSA / "rules"
FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
CRAWLER = "aws:glue/crawler:Crawler"
TABLE = "aws:glue/catalogTable:CatalogTable"
DUCKDB = {"string": "VARCHAR", "timestamp": "TIMESTAMP", "bigint": "BIGINT"}
"""DuckDB's names of Hive's types."""


def columns(table: Recorded) -> dict[str, str]:
    return {
        column["name"]: column["type"]
        for column in table.inputs["storageDescriptor"].get("columns", ())
    }


def type_tables(recording: Recording) -> dict[str, Recorded]:
    """Tables of records, by type."""
    return {
        resource.inputs["name"]: resource
        for resource in recording.of_type(TABLE)
        if resource.inputs.get("parameters", {}).get("projection.enabled") == "true"
    }


# storage


def test_logs_results_and_configuration_are_buckets_of_their_own(mantissa: Recording):
    names = {
        resource.name: resource.inputs["bucket"]
        for resource in mantissa.of_type("aws:s3/bucket:Bucket")
    }
    for key in ("logs", "query-results", "configuration"):
        assert names[key] == f"mantissa-log-{mantissa.stack}-{key}"


def test_the_rules_of_the_repository_are_in_the_configuration_bucket(mantissa: Recording):
    put = {
        resource.inputs["key"]: resource.inputs["bucket"]
        for resource in mantissa.of_type("aws:s3/bucketObjectv2:BucketObjectv2")
    }
    assert put == {
        f"rules/{file.name}": f"mantissa-log-{mantissa.stack}-configuration"
        for file in RULES.glob("*.json")
    }


# ingest


def test_records_come_by_a_stream_and_are_delivered_as_parquet_by_type_and_date(
    mantissa: Recording,
):
    stream = mantissa.one("aws:kinesis/stream:Stream", "logs")
    assert stream.inputs["streamModeDetails"]["streamMode"] == "ON_DEMAND"
    assert (stream.inputs["encryptionType"], stream.inputs["kmsKeyId"]) == (
        "KMS",
        data_key(mantissa),
    )
    delivery = mantissa.one(FIREHOSE, "lake").inputs
    assert delivery["kinesisSourceConfiguration"]["kinesisStreamArn"] == stream.outputs["arn"]
    assert "serverSideEncryption" not in delivery, "the stream's own: AWS takes one"
    s3 = delivery["extendedS3Configuration"]
    assert s3["bucketArn"] == f"arn:aws:s3:::mantissa-log-{mantissa.stack}-logs"
    assert s3["prefix"] == "logs/!{partitionKeyFromQuery:type}/!{timestamp:yyyy/MM/dd}/"
    assert s3["errorOutputPrefix"].startswith("logs-failed/")
    assert s3["dynamicPartitioningConfiguration"]["enabled"] is True
    assert s3["compressionFormat"] == "UNCOMPRESSED"
    conversion = s3["dataFormatConversionConfiguration"]
    assert "parquetSerDe" in conversion["outputFormatConfiguration"]["serializer"]
    assert conversion["schemaConfiguration"]["databaseName"] == (
        f"mantissa_log_{mantissa.stack}_lake"
    )


# catalog


@pytest.mark.long
def test_a_thousand_records_are_each_in_one_partition_of_one_table(mantissa: Recording):
    s3 = mantissa.one(FIREHOSE, "lake").inputs["extendedS3Configuration"]
    tables = type_tables(mantissa)
    assert tables.keys() == {"application", "cloudtrail"}
    chance = random.Random(mantissa.stack)
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    looked: dict[str, set[str]] = {}
    for _ in range(1000):
        arrived = begin + timedelta(seconds=chance.randrange(500 * 86_400))
        kind = chance.choice(sorted(tables))
        folder = folder_of(s3["prefix"], {"type": kind}, arrived, s3["customTimeZone"])
        place = f"s3://mantissa-log-{mantissa.stack}-logs/{folder}"
        day = f"{arrived:%Y-%m-%d}"
        for name, table in tables.items():
            if f"{name} {day}" not in looked:
                found = list(partitions(table.inputs["parameters"], "day", arrived))
                assert len(set(found)) == len(found)
                looked[f"{name} {day}"] = set(found)
        assert [name for name in tables if place in looked[f"{name} {day}"]] == [kind]


def test_tables_and_views_are_read_as_they_are_registered(mantissa: Recording):
    """A Parquet file in the delivery's schema, through each registered table and view."""
    lake = duckdb.connect()
    for name, table in type_tables(mantissa).items():
        fields = {**columns(table), **{key["name"]: key["type"] for key in keys_of(table)}}
        text = ", ".join(f'"{field}" {DUCKDB[type_]}' for field, type_ in fields.items())
        lake.execute(f"CREATE TABLE {name} ({text})")
    lake.execute("INSERT INTO cloudtrail (event_time, \"user\", event_name, outcome, source_ip, "
                 "day) VALUES ('2028-02-29 12:00', 'eve', 'ConsoleLogin', 'Failure', "
                 "'203.0.113.7', '2028/02/29')")  # fmt: skip
    (view,) = [
        resource for resource in mantissa.of_type(TABLE) if resource.inputs.get("viewOriginalText")
    ]
    document = json.loads(base64.b64decode(view.inputs["viewOriginalText"].split()[3]))
    answer = lake.execute(document["originalSql"])
    selected = [element[0] for element in answer.description or ()]
    # Athena takes a view's columns by their place.
    assert selected == [column["name"] for column in document["columns"]] == list(columns(view))
    (row,) = answer.fetchall()
    assert dict(zip(selected, row, strict=True))["subject"] == "eve"
    for rule in RULES.glob("*.json"):
        sql = json.loads(rule.read_text())["sql"]
        lake.execute(sql.replace("{since}", "2028/02/28").replace("{until}", "2028/02/29"))


def test_crawlers_are_a_setting_and_change_no_declared_table(mantissa: Recording):
    assert not mantissa.of_type(CRAWLER)
    with_one = record(
        ROOT / MANTISSA,
        mantissa.stack,
        "deployed",
        changes={("catalogs", "lake", "crawlers"): {"failed": {"prefix": "logs-failed/"}}},
    )
    (crawler,) = with_one.of_type(CRAWLER)
    assert crawler.inputs["s3Targets"] == [
        {"path": f"s3://mantissa-log-{mantissa.stack}-logs/logs-failed/"}
    ]
    assert crawler.inputs["schemaChangePolicy"]["updateBehavior"] == "LOG"
    assert [table.inputs for table in with_one.of_type(TABLE)] == [
        table.inputs for table in mantissa.of_type(TABLE)
    ]


def test_what_the_catalog_holds_is_encrypted_once_an_account(mantissa: Recording):
    found = mantissa.of_type("aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings")
    assert len(found) == (mantissa.stack == "prod")
    for resource in found:
        encryption = resource.inputs["dataCatalogEncryptionSettings"]
        at_rest = encryption["encryptionAtRest"]
        assert at_rest["catalogEncryptionMode"] == "SSE-KMS-WITH-SERVICE-ROLE"
        assert at_rest["sseAwsKmsKeyId"] == data_key(mantissa)
        assert (
            encryption["connectionPasswordEncryption"]["returnConnectionPasswordEncrypted"] is True
        )
        role = mantissa.one("aws:iam/role:Role", "baseline-catalog")
        assert at_rest["catalogEncryptionServiceRole"] == role.outputs["arn"]
        (database,) = mantissa.of_type("aws:glue/catalogDatabase:CatalogDatabase")
        assert resource.urn in database.dependencies


def keys_of(table: Recorded) -> list[dict[str, str]]:
    return table.inputs["partitionKeys"]


# query


def test_answers_are_enforced_encrypted_bounded_and_measured(mantissa: Recording):
    group = mantissa.one("aws:athena/workgroup:Workgroup", "main").inputs
    configuration = group["configuration"]
    assert configuration["enforceWorkgroupConfiguration"] is True
    assert configuration["publishCloudwatchMetricsEnabled"] is True
    assert configuration["bytesScannedCutoffPerQuery"] == 10 * 2**30
    results = configuration["resultConfiguration"]
    assert results["outputLocation"].startswith(
        f"s3://mantissa-log-{mantissa.stack}-query-results/"
    )
    assert results["encryptionConfiguration"] == {
        "encryptionOption": "SSE_KMS",
        "kmsKeyArn": data_key(mantissa),
    }
