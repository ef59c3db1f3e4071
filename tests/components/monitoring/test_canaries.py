"""Canaries as AWS gets them: what runs, what it may do, and when it tells."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from components.monitoring.probes.canary import _log_of  # pyright: ignore[reportPrivateUsage]
from components.monitoring.probes.canary_package import SCRIPT, canary_package
from components.monitoring.probes.canary_settings import CanarySettings
from tests.components.monitoring.evaluation import history
from tests.components.small_systems import ACCOUNT, document, small_system
from trellis.planner.record import Recording

CANARY = "aws:synthetics/canary:Canary"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
LAKE = "arn:aws:s3:::shop-dev-lake"


@pytest.fixture(scope="module")
def shop() -> Recording:
    return small_system(
        buckets={"lake": {}},
        monitoring={
            "canaries": {
                "www": {"host": "www.example.com", "artifacts": "lake", "contains": "hello"},
                "login": {
                    "host": "id.example.com",
                    "path": "/login",
                    "status": 302,
                    "minutes": 1,
                    "seconds": 5,
                    "artifacts": "lake",
                    "severity": "notify",
                },
            }
        },
    )


def test_it_opens_the_address_as_often_as_said_and_knows_what_counts(shop: Recording):
    www, login = (shop.one(CANARY, name).inputs for name in ("www", "login"))
    assert www["schedule"] == {"expression": "rate(5 minutes)"}
    assert www["runConfig"]["environmentVariables"] == {
        "URL": "https://www.example.com/",
        "STATUS": "200",
        "SECONDS": "10",
        "CONTAINS": "hello",
    }
    assert login["schedule"] == {"expression": "rate(1 minute)"}
    assert login["runConfig"]["environmentVariables"] == {
        "URL": "https://id.example.com/login",
        "STATUS": "302",
        "SECONDS": "5",
    }
    for element in (www, login):
        assert element["startCanary"] is True
        # Otherwise the function that Synthetics made stays when the canary goes.
        assert element["deleteLambda"] is True
        assert element["handler"] == "heartbeat.handler"


def test_a_run_ends_before_the_next_begins_and_after_the_longest_wait(shop: Recording):
    for name, longest in (("www", 75), ("login", 60)):
        assert shop.one(CANARY, name).inputs["runConfig"]["timeoutInSeconds"] == longest


def test_it_keeps_artifacts_under_its_own_prefix_and_may_do_nothing_else(shop: Recording):
    assert shop.one(CANARY, "www").inputs["artifactS3Location"] == "s3://shop-dev-lake/canaries/www"
    (trust,) = document(shop.one("aws:iam/role:Role", "www"), "assumeRolePolicy")
    assert trust == {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    key = shop.one("aws:kms/key:Key", "keys-data").outputs["arn"]
    assert document(shop.one("aws:iam/rolePolicy:RolePolicy", "www")) == [
        {
            "Sid": "PutObjects",
            "Effect": "Allow",
            "Action": "s3:PutObject",
            "Resource": f"{LAKE}/canaries/www/*",
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
            "Action": "s3:GetBucketLocation",
            "Resource": LAKE,
        },
        {
            "Sid": "PutMetrics",
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
            "Condition": {"StringEquals": {"cloudwatch:namespace": "CloudWatchSynthetics"}},
        },
        {
            "Sid": "WriteLog",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/lambda/"
            "cwsyn-shop-dev-www-*",
        },
    ]


def test_its_functions_log_is_kept_as_long_as_said_under_the_logs_key(shop: Recording):
    group = shop.one("aws:cloudwatch/logGroup:LogGroup", "www").inputs
    assert group["name"].startswith("/aws/lambda/cwsyn-shop-dev-www-")
    assert ":" not in group["name"]
    assert group["retentionInDays"] == 365
    assert group["kmsKeyId"] == shop.one("aws:kms/key:Key", "keys-logs").outputs["arn"]


@pytest.mark.parametrize(
    ("engine", "group"),
    [
        ("arn:aws:lambda:us-east-1:123456789012:function:cwsyn-www-1a2b:3", "cwsyn-www-1a2b"),
        ("arn:aws-cn:lambda:cn-north-1:123456789012:function:cwsyn-www", "cwsyn-www"),
        # What an engine's test provider makes up must not end in a traceback.
        ("engineArn-placeholder", "engineArn-placeholder"),
        ("arn:aws:synthetics:eu-west-1:123456789012:www", "www"),
        ("", ""),
    ],
)
def test_the_log_group_is_that_of_the_function_whatever_the_arns_form(engine: str, group: str):
    assert _log_of(engine) == f"/aws/lambda/{group}"


def test_two_failed_runs_or_none_at_all_are_told(shop: Recording):
    alarm = shop.one(ALARM, "www-canary").inputs
    assert (alarm["namespace"], alarm["metricName"]) == ("CloudWatchSynthetics", "SuccessPercent")
    assert alarm["dimensions"] == {"CanaryName": shop.one(CANARY, "www").inputs["name"]}
    assert (alarm["statistic"], alarm["threshold"], alarm["period"]) == ("Average", 100, 300)
    assert alarm["comparisonOperator"] == "LessThanThreshold"
    assert alarm["alarmActions"] == [f"arn:aws:sns:us-east-1:{ACCOUNT}:shop-dev-pages"]
    rule = {
        "threshold": 100,
        "comparison": "LessThanThreshold",
        "periods": alarm["evaluationPeriods"],
        "datapoints": alarm["datapointsToAlarm"],
        "missing": alarm["treatMissingData"],
    }
    assert history([100.0] * 9 + [0.0, 100.0] * 3, **rule)[-1] == "OK"
    assert history([100.0] * 9 + [0.0] * 2, **rule)[-2:] == ["OK", "ALARM"]
    assert history([100.0] * 9 + [None] * 9, **rule)[-1] == "ALARM"


def test_a_canary_that_can_wait_notifies_and_is_judged_run_by_run(shop: Recording):
    alarm = shop.one(ALARM, "login-canary").inputs
    assert alarm["alarmActions"] == [f"arn:aws:sns:us-east-1:{ACCOUNT}:shop-dev-alerts"]
    assert alarm["period"] == 60


def test_the_package_is_the_script_where_synthetics_looks_for_it(tmp_path: Path):
    package = Path(canary_package(tmp_path / "new"))
    with zipfile.ZipFile(package) as archive:
        (entry,) = archive.infolist()
        assert entry.filename == "nodejs/node_modules/heartbeat.js"
        assert archive.read(entry) == SCRIPT.read_bytes()
        # Lambda's user must be able to read it.
        assert entry.external_attr >> 16 & 0o444 == 0o444


def test_the_same_script_is_the_same_package_wherever_it_is_built(tmp_path: Path):
    one, other = (Path(canary_package(tmp_path / name)) for name in ("one", "other"))
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()
    assert [path.name for path in (tmp_path / "one").iterdir()] == [one.name]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"host": "https://www.example.com"}, "pattern"),
        ({"path": "login"}, "pattern"),
        ({"status": 600}, "less than or equal to 599"),
        ({"minutes": 0}, "greater than or equal to 1"),
        ({"minutes": 61}, "less than or equal to 60"),
        ({"seconds": 61}, "less than or equal to 60"),
        ({"runtime": "syn-nodejs-puppeteer-6.2"}, "pattern"),
        ({"runtime": "syn-python-selenium-4.1"}, "pattern"),
        ({"artifacts": None}, "valid string"),
    ],
)
def test_what_synthetics_would_not_run_is_refused(given: dict[str, Any], message: str):
    whole = {"host": "www.example.com", "artifacts": "lake", **given}
    with pytest.raises(ValidationError, match=message):
        CanarySettings.model_validate(whole, strict=False)
