"""What an account has once, as AWS would get it; and nothing of what it has already."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.baseline.settings import PARTS, BaselineSettings
from tests.components.small_systems import ACCOUNT, document, small_system, statement
from trellis.planner.record import Recording

TRAIL = "aws:cloudtrail/trail:Trail"
RECORDER, CHANNEL = "aws:cfg/recorder:Recorder", "aws:cfg/deliveryChannel:DeliveryChannel"
STATUS = "aws:cfg/recorderStatus:RecorderStatus"
DETECTOR, FEATURE = (
    "aws:guardduty/detector:Detector",
    "aws:guardduty/detectorFeature:DetectorFeature",
)
ANALYZER = "aws:accessanalyzer/analyzer:Analyzer"
DISKS = "aws:ebs/encryptionByDefault:EncryptionByDefault"
BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
LINKED_ROLE = "aws:iam/serviceLinkedRole:ServiceLinkedRole"
SIGN_IN = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
BUCKET, BUCKET_POLICY, KEY = (
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:kms/key:Key",
)

MADE = {
    "trail": TRAIL,
    "configuration": RECORDER,
    "threatDetection": DETECTOR,
    "accessAnalyzer": ANALYZER,
    "diskEncryption": DISKS,
    "publicAccessBlock": BLOCK,
    "pipelineSignIn": SIGN_IN,
}
"""What each part makes, that an account or a region of it has once."""

SITES: dict[str, Any] = {
    "zones": {"main": {"domain": "example.org"}},
    "sites": {
        key: {
            "domain": f"{key}.example.org",
            "content": {"external": {"repository": f"shop/{key}"}},
        }
        for key in ("app", "docs")
    },
}
"""Two sites that pipelines bring the content of."""

TRAIL_ARN = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/shop-dev-trail"
TRAIL_BUCKET = "arn:aws:s3:::shop-dev-audit-trail"
HISTORY_BUCKET = "arn:aws:s3:::shop-dev-audit-configuration"


@pytest.fixture(scope="module")
def shop() -> Recording:
    return small_system(
        buckets={"receipts": {}},
        tables={"orders": {"partitionKey": {"name": "id"}}},
        baseline={"trail": {"buckets": ["receipts"], "tables": ["orders"], "keepDays": 400}},
    )


def test_the_trail_covers_every_region_and_its_files_can_be_proven_complete(shop: Recording):
    inputs = shop.one(TRAIL, "baseline-trail").inputs
    assert inputs["name"] == "shop-dev-trail"
    assert inputs["isMultiRegionTrail"] is inputs["includeGlobalServiceEvents"] is True
    assert inputs["enableLogFileValidation"] is inputs["enableLogging"] is True
    assert inputs["kmsKeyId"] == shop.one(KEY, "keys-logs").outputs["arn"]
    assert (inputs["s3BucketName"], inputs["s3KeyPrefix"]) == ("shop-dev-audit-trail", "trail")


def test_the_trail_records_management_events_and_who_touches_what_it_is_told(shop: Recording):
    def selector(name: str, begins: str | None, **fields: str) -> dict[str, Any]:
        found = [{"field": f.replace("_", "."), "equals": [v]} for f, v in fields.items()]
        if begins is not None:
            found.append({"field": "resources.ARN", "startsWiths": [begins]})
        return {"name": name, "fieldSelectors": found}

    table = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/shop-dev-orders"
    objects, items = "AWS::S3::Object", "AWS::DynamoDB::Table"
    assert shop.one(TRAIL, "baseline-trail").inputs["advancedEventSelectors"] == [
        selector("Management events", None, eventCategory="Management"),
        selector(
            f"Data events of {objects}",
            "arn:aws:s3:::shop-dev-receipts/",
            eventCategory="Data",
            resources_type=objects,
        ),
        selector(f"Data events of {items}", table, eventCategory="Data", resources_type=items),
    ]


def test_the_logs_key_lets_exactly_this_trail_in(shop: Recording):
    assert statement(shop.one(KEY, "keys-logs"), "Trail") == {
        "Sid": "Trail",
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": TRAIL_ARN}},
    }


def test_the_trails_bucket_is_written_by_exactly_this_trail(shop: Recording):
    source = {"aws:SourceArn": TRAIL_ARN}
    assert document(shop.one(BUCKET_POLICY, "audit-trail"))[1:] == [
        {
            "Sid": "TrailWrites",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"{TRAIL_BUCKET}/trail/AWSLogs/*",
            "Condition": {"StringEquals": {**source, "s3:x-amz-acl": "bucket-owner-full-control"}},
        },
        {
            "Sid": "TrailChecks",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "s3:GetBucketAcl",
            "Resource": TRAIL_BUCKET,
            "Condition": {"StringEquals": source},
        },
    ]


def test_the_historys_bucket_is_written_by_this_accounts_recorder(shop: Recording):
    account = {"aws:SourceAccount": ACCOUNT}
    assert document(shop.one(BUCKET_POLICY, "audit-configuration"))[1:] == [
        {
            "Sid": "ConfigurationWrites",
            "Effect": "Allow",
            "Principal": {"Service": "config.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"{HISTORY_BUCKET}/configuration/AWSLogs/*",
            "Condition": {"StringEquals": {**account, "s3:x-amz-acl": "bucket-owner-full-control"}},
        },
        {
            "Sid": "ConfigurationChecks",
            "Effect": "Allow",
            "Principal": {"Service": "config.amazonaws.com"},
            "Action": ["s3:GetBucketAcl", "s3:ListBucket"],
            "Resource": HISTORY_BUCKET,
            "Condition": {"StringEquals": account},
        },
    ]
    assert statement(shop.one(KEY, "keys-data"), "ConfigurationHistory")["Condition"] == {
        "StringEquals": account
    }


def test_nobody_deletes_a_trails_file_in_its_first_months(shop: Recording):
    lock = shop.one(
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "audit-trail"
    )
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": 90}}
    rules = shop.one(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "audit-trail"
    ).inputs["rules"]
    assert [e["expiration"]["days"] for e in rules if (e.get("expiration") or {}).get("days")] == [
        400
    ]


def test_the_trail_begins_once_its_bucket_lets_it_write(shop: Recording):
    trail = shop.one(TRAIL, "baseline-trail")
    assert shop.one(BUCKET_POLICY, "audit-trail").urn in trail.dependencies


def test_the_recorder_starts_after_it_knows_where_to_deliver(shop: Recording):
    name = "baseline-configuration"
    recorder, channel = shop.one(RECORDER, name), shop.one(CHANNEL, name)
    status = shop.one(STATUS, name)
    assert shop.one(LINKED_ROLE, name).urn in recorder.dependencies
    assert recorder.urn in channel.dependencies
    assert shop.one(BUCKET_POLICY, "audit-configuration").urn in channel.dependencies
    assert channel.urn in status.dependencies
    assert status.inputs["isEnabled"] is True


def test_the_recorder_keeps_every_resource_of_the_region_and_the_global_ones(shop: Recording):
    inputs = shop.one(RECORDER, "baseline-configuration").inputs
    assert inputs["recordingGroup"] == {"allSupported": True, "includeGlobalResourceTypes": True}
    assert inputs["recordingMode"] == {"recordingFrequency": "CONTINUOUS"}
    assert inputs["roleArn"] == (
        f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    )
    channel = shop.one(CHANNEL, "baseline-configuration").inputs
    assert (channel["s3BucketName"], channel["s3KeyPrefix"]) == (
        "shop-dev-audit-configuration",
        "configuration",
    )


def test_a_service_linked_role_that_is_there_is_not_made_a_second_time():
    shop = small_system(baseline={"configuration": {"serviceRole": "exists"}})
    assert shop.of_type(LINKED_ROLE) == ()
    assert shop.one(RECORDER, "baseline-configuration")


def test_threats_are_looked_for_and_told_every_quarter_of_an_hour(shop: Recording):
    detector = shop.one(DETECTOR, "baseline-threats")
    assert detector.inputs["enable"] is True
    assert detector.inputs["findingPublishingFrequency"] == "FIFTEEN_MINUTES"
    features = {
        resource.inputs["name"]: resource.inputs["status"] for resource in shop.of_type(FEATURE)
    }
    assert features == {
        "S3_DATA_EVENTS": "ENABLED",
        "LAMBDA_NETWORK_LOGS": "ENABLED",
        "RUNTIME_MONITORING": "DISABLED",
    }
    assert {resource.inputs["detectorId"] for resource in shop.of_type(FEATURE)} == {detector.id}


def test_the_analyzer_looks_at_the_account_and_disks_and_buckets_are_closed(shop: Recording):
    assert shop.one(ANALYZER, "baseline-access").inputs["type"] == "ACCOUNT"
    assert shop.one(DISKS, "baseline-disks").inputs["enabled"] is True
    block = shop.one(BLOCK, "baseline-buckets").inputs
    closed = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert [block[element] for element in closed] == [True] * 4


def test_pipelines_of_several_sites_sign_in_by_one_provider_that_is_there_before_their_roles():
    recording = small_system(baseline={}, **SITES)
    (provider,) = recording.of_type(SIGN_IN)
    assert provider.inputs["url"] == "https://token.actions.githubusercontent.com"
    assert provider.inputs["clientIdLists"] == ["sts.amazonaws.com"]
    for site in ("app", "docs"):
        role = recording.one("aws:iam/role:Role", f"{site}-publisher")
        assert provider.urn in role.dependencies
        (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        assert trust["Principal"] == {"Federated": provider.outputs["arn"]}


def test_without_pipelines_the_account_believes_nobody_s_tokens(shop: Recording):
    assert not shop.of_type(SIGN_IN)


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_what_the_account_has_already_is_not_made_and_everything_else_is(part: str):
    shop = small_system(baseline={"elsewhere": [part]}, **SITES)
    made = {name for name, type_ in MADE.items() if shop.of_type(type_)}
    assert made == MADE.keys() - {part}
    buckets = {resource.name for resource in shop.of_type(BUCKET)}
    assert ("audit-trail" in buckets) is (part != "trail")
    assert ("audit-configuration" in buckets) is (part != "configuration")


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"trail": {"enabled": False}}, "trail"),
        ({"configuration": {"enabled": False}}, "configuration"),
        ({"threatDetection": {"enabled": False}}, "threatDetection"),
        ({"accessAnalyzer": False}, "accessAnalyzer"),
        ({"diskEncryption": False}, "diskEncryption"),
        ({"publicAccessBlock": False}, "publicAccessBlock"),
        ({"pipelineSignIn": False}, "pipelineSignIn"),
    ],
)
def test_each_part_can_be_switched_off(given: dict[str, Any], part: str):
    settings = BaselineSettings.model_validate(given, strict=False)
    assert [element for element in PARTS if not settings.makes(element)] == [part]


def test_a_second_copy_of_management_events_is_not_paid_for_where_another_trail_has_them():
    shop = small_system(
        buckets={"receipts": {}},
        baseline={"trail": {"buckets": ["receipts"], "managementEvents": False}},
    )
    (only,) = shop.one(TRAIL, "baseline-trail").inputs["advancedEventSelectors"]
    assert only["name"] == "Data events of AWS::S3::Object"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"trail": {}, "elsewhere": ["trail"]}, "`trail` here or in `elsewhere`"),
        ({"accessAnalyzer": True, "elsewhere": ["accessAnalyzer"]}, "an account has it once"),
        ({"elsewhere": ["trail", "trail"]}, "each part once"),
        ({"elsewhere": ["trails"]}, "trail"),
        ({"trail": {"keepDays": 30}}, "greater than or equal to 90"),
        ({"configuration": {"recording": "hourly"}}, "daily"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        BaselineSettings.model_validate(given, strict=False)
