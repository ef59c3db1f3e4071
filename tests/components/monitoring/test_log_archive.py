"""The log archive as AWS gets it: who may do what, what feeds it, and what tells when it fails."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from components.contracts import AlarmSpec
from components.monitoring.logs.archive_alarms import (
    METRICS_IN_ALARM,
    WatchedArchive,
    archive_alarms,
    archive_widgets,
)
from components.monitoring.logs.archive_settings import ArchiveSettings
from policies.guardrails.control import Outcome
from policies.guardrails.run import analyse
from tests.components.monitoring.evaluation import history
from tests.components.small_systems import ACCOUNT, NETWORK, document, small_system
from trellis.planner.evidence import evidence
from trellis.planner.record import Recording

STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
FILTER = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
NAME = "shop-dev-log-archive"
STREAM_ARN = f"arn:aws:firehose:us-east-1:{ACCOUNT}:deliverystream/{NAME}"
LAKE = "arn:aws:s3:::shop-dev-lake"
IMAGE = {"uri": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/web@sha256:{'0' * 64}"}


@pytest.fixture(scope="module")
def shop() -> Recording:
    return small_system(
        network=NETWORK,
        buckets={"lake": {}},
        services={"web": {"image": IMAGE}},
        jobs={"nightly": {"image": IMAGE, "schedule": "rate(1 day)"}},
        monitoring={
            "archive": {"bucket": "lake"},
            "logs": {"app": {"name": "/shop/app"}, "audit": {"name": "/shop/audit"}},
        },
    )


def test_an_object_is_one_gzip_of_lines_by_day_and_what_fails_stands_apart(shop: Recording):
    inputs = shop.one(STREAM, "log-archive").inputs
    target = inputs["extendedS3Configuration"]
    assert (inputs["name"], inputs["destination"]) == (NAME, "extended_s3")
    assert target["bucketArn"] == LAKE
    assert target["prefix"] == "log-groups/!{timestamp:yyyy/MM/dd}/"
    assert target["errorOutputPrefix"] == (
        "log-groups-failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/"
    )
    assert (target["compressionFormat"], target["fileExtension"]) == ("GZIP", ".jsonl.gz")
    assert (target["bufferingInterval"], target["bufferingSize"]) == (300, 16)
    unpack, end = target["processingConfiguration"]["processors"]
    assert target["processingConfiguration"]["enabled"] is True
    assert (unpack["type"], end["type"]) == ("Decompression", "AppendDelimiterToRecord")
    assert unpack["parameters"] == [
        {"parameterName": "CompressionFormat", "parameterValue": "GZIP"}
    ]


def test_what_waits_in_the_stream_and_what_went_wrong_are_under_the_logs_key(shop: Recording):
    key = shop.one("aws:kms/key:Key", "keys-logs").outputs["arn"]
    encryption = shop.one(STREAM, "log-archive").inputs["serverSideEncryption"]
    assert encryption == {"enabled": True, "keyType": "CUSTOMER_MANAGED_CMK", "keyArn": key}
    group = shop.one(GROUP, "log-archive").inputs
    assert group["name"] == f"/aws/kinesisfirehose/{NAME}"
    assert group["kmsKeyId"] == key
    destination = shop.one(STREAM, "log-archive").inputs["extendedS3Configuration"]
    assert destination["cloudwatchLoggingOptions"] == {
        "enabled": True,
        "logGroupName": group["name"],
        "logStreamName": "delivery",
    }


def test_firehose_puts_under_two_prefixes_by_the_buckets_key_and_reads_nothing(shop: Recording):
    (trust,) = document(shop.one(ROLE, "log-archive"), "assumeRolePolicy")
    assert trust == {
        "Effect": "Allow",
        "Principal": {"Service": "firehose.amazonaws.com"},
        "Action": "sts:AssumeRole",
        # Firehose's own way to say whose stream it is ("Grant Firehose access", 2026-11).
        "Condition": {"StringEquals": {"sts:ExternalId": ACCOUNT}},
    }
    key = shop.one("aws:kms/key:Key", "keys-data").outputs["arn"]
    assert document(shop.one(POLICY, "log-archive")) == [
        {
            "Sid": "PutObjects",
            "Effect": "Allow",
            "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
            "Resource": [f"{LAKE}/log-groups/*", f"{LAKE}/log-groups-failed/*"],
        },
        {
            "Sid": "KeyOfBucket",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": key,
            "Condition": {
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": [LAKE, f"{LAKE}/*"]},
                "StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"},
            },
        },
        {
            "Sid": "FindBucket",
            "Effect": "Allow",
            "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            "Resource": LAKE,
        },
        {
            "Sid": "TellErrors",
            "Effect": "Allow",
            "Action": "logs:PutLogEvents",
            "Resource": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/kinesisfirehose/{NAME}"
            ":log-stream:delivery",
        },
    ]


def test_cloudwatch_logs_of_this_account_puts_records_into_this_stream_only(shop: Recording):
    (trust,) = document(shop.one(ROLE, "log-archive-sender"), "assumeRolePolicy")
    assert trust == {
        "Effect": "Allow",
        "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:*"},
        },
    }
    assert document(shop.one(POLICY, "log-archive-sender")) == [
        {
            "Sid": "SendLines",
            "Effect": "Allow",
            "Action": ["firehose:PutRecord", "firehose:PutRecordBatch"],
            "Resource": STREAM_ARN,
        }
    ]


def test_services_jobs_and_the_applications_groups_send_every_line(shop: Recording):
    sender = shop.one(ROLE, "log-archive-sender")
    policy = shop.one(POLICY, "log-archive-sender")
    found = {resource.name: resource for resource in shop.of_type(FILTER)}
    assert {name: resource.inputs["logGroup"] for name, resource in found.items()} == {
        "log-archive-service-web": "/ecs/shop-dev-web",
        "log-archive-job-nightly": "/ecs/shop-dev-nightly",
        "log-archive-log-app": "/shop/app",
        "log-archive-log-audit": "/shop/audit",
    }
    for resource in found.values():
        assert resource.inputs["filterPattern"] == ""
        assert resource.inputs["destinationArn"] == STREAM_ARN
        assert resource.inputs["roleArn"] == sender.outputs["arn"]
        # CloudWatch tries the destination at once.
        assert policy.urn in resource.dependencies


def test_the_policy_pack_has_nothing_against_an_archive_and_a_canary():
    access = {"purpose": "logs", "lifecycle": [{"afterDays": 90, "expire": True}]}
    shop = small_system(
        buckets={"lake": {}, "access": access},
        budgets={"month": {"monthly": 100}},
        monitoring={
            "archive": {"bucket": "lake"},
            "logs": {"app": {"name": "/shop/app"}},
            "canaries": {"www": {"host": "www.example.com", "artifacts": "lake"}},
        },
    )
    report = analyse(evidence(shop), today=dt.date(2026, 11, 21))
    assert [finding.message() for finding in report.findings if finding.blocks] == []
    assert [finding.message() for finding in report.with_outcome(Outcome.UNKNOWN)] == []


def test_a_bucket_without_a_customer_key_needs_no_grant_on_one():
    logs = {"purpose": "logs", "lifecycle": [{"afterDays": 90, "expire": True}]}
    shop = small_system(
        buckets={"access": logs},
        monitoring={"archive": {"bucket": "access"}, "logs": {"app": {"name": "/shop/app"}}},
    )
    sids = [statement["Sid"] for statement in document(shop.one(POLICY, "log-archive"))]
    assert sids == ["PutObjects", "FindBucket", "TellErrors"]


def test_only_the_groups_that_are_named_go_there_and_no_tasks_where_none_should():
    shop = small_system(
        network=NETWORK,
        buckets={"lake": {}},
        services={"web": {"image": IMAGE}},
        monitoring={
            "archive": {"bucket": "lake", "logs": ["audit"], "tasks": False, "bufferSeconds": 900},
            "logs": {"app": {"name": "/shop/app"}, "audit": {"name": "/shop/audit"}},
        },
    )
    assert [resource.name for resource in shop.of_type(FILTER)] == ["log-archive-log-audit"]
    assert shop.one(ALARM, "log-archive-late").inputs["threshold"] == 2700


def row(alarm: AlarmSpec) -> tuple[Any, ...]:
    return (
        alarm.threshold,
        alarm.comparison,
        (alarm.datapoints_to_alarm, alarm.evaluation_periods),
        alarm.missing_data,
        [
            (metric.namespace, metric.name, metric.statistic, metric.period)
            for metric in alarm.metrics
        ],
    )


def watched(groups: int) -> WatchedArchive:
    names = {f"log-{number}": f"/shop/{number}" for number in range(groups)}
    return WatchedArchive("log-archive", NAME, f"/aws/kinesisfirehose/{NAME}", 300, names)


def test_lateness_failed_puts_and_lines_that_are_not_sent_are_told(shop: Recording):
    late, failing, unsent = archive_alarms(watched(1))
    firehose = "AWS/Firehose"
    assert row(late) == (
        900, "GreaterThanThreshold", (3, 3), "notBreaching",
        [(firehose, "DeliveryToS3.DataFreshness", "Maximum", 300)],
    )  # fmt: skip
    assert row(failing) == (
        1, "LessThanThreshold", (3, 3), "notBreaching",
        [(firehose, "DeliveryToS3.Success", "Average", 300)],
    )  # fmt: skip
    assert row(unsent) == (
        0, "GreaterThanThreshold", (3, 3), "notBreaching",
        [(None, None, None, None), ("AWS/Logs", "DeliveryErrors", "Sum", 300)],
    )  # fmt: skip
    assert unsent.metrics[0].expression == "SUM(METRICS())"
    for name in ("late", "failing", "not-sent"):
        alarm = shop.one(ALARM, f"log-archive-{name}").inputs
        assert alarm["alarmActions"] == [f"arn:aws:sns:us-east-1:{ACCOUNT}:shop-dev-alerts"]
    measured = shop.one(ALARM, "log-archive-not-sent").inputs["metricQueries"][1:]
    assert measured[0]["metric"]["dimensions"] == {
        "LogGroupName": "/ecs/shop-dev-web",
        "DestinationType": "Firehose",
        "FilterName": NAME,
    }


@pytest.mark.parametrize(("groups", "alarms"), [(1, 1), (10, 1), (11, 2), (25, 3)])
def test_no_alarm_looks_at_more_groups_than_cloudwatch_lets_it(groups: int, alarms: int):
    unsent = archive_alarms(watched(groups))[2:]
    assert len({element.name for element in unsent}) == len(unsent) == alarms
    assert all(len(alarm.metrics) - 1 <= METRICS_IN_ALARM for alarm in unsent)
    seen = [e.dimensions["LogGroupName"] for alarm in unsent for e in alarm.metrics[1:]]
    assert seen == [f"/shop/{number}" for number in range(groups)]


def test_where_no_line_comes_nothing_is_late_and_a_stall_is_told_in_the_third_period():
    late = archive_alarms(watched(1))[0]
    rule = {
        "threshold": late.threshold,
        "comparison": late.comparison,
        "periods": late.evaluation_periods,
        "datapoints": late.datapoints_to_alarm,
        "missing": late.missing_data,
    }
    assert set(history([None] * 20, **rule)) == {"OK"}
    assert history([60.0] * 9 + [1200.0] * 3, **rule)[-2:] == ["OK", "ALARM"]


def test_its_charts_link_to_what_went_wrong():
    received, waiting = archive_widgets(watched(1))
    assert received.section == waiting.section == "Logs"
    assert received.log_groups == (f"/aws/kinesisfirehose/{NAME}",)
    assert [metric.name for metric in (*received.metrics, *waiting.metrics)] == [
        "IncomingBytes",
        "DeliveryToS3.DataFreshness",
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "bucket"),
        ({"bucket": "lake", "bufferSeconds": 59}, "greater than or equal to 60"),
        ({"bucket": "lake", "bufferSeconds": 901}, "less than or equal to 900"),
        ({"bucket": "lake", "bufferMib": 129}, "less than or equal to 128"),
        ({"bucket": "lake", "stream": "mine"}, "Extra inputs"),
    ],
)
def test_what_firehose_would_not_take_is_refused(given: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        ArchiveSettings.model_validate(given, strict=False)
