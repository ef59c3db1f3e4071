"""Buckets: every companion, whole policies, log delivery, copies and notifications."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import botocore.session
import pytest
from pydantic import ValidationError

from components.bucket.settings import BucketSettings
from components.parts.object_events import EVENTS
from policies.guardrails.control import Outcome
from policies.guardrails.run import analyse
from tests.components.small_systems import ACCOUNT, document, small_system, statement
from trellis.planner.evidence import evidence
from trellis.stackfile.problems import StackFileError

S3 = "aws:s3/bucket"
BUCKET = f"{S3}:Bucket"
POLICY = f"{S3}Policy:BucketPolicy"
LOGS = {"logs": {"purpose": "logs", "receives": ["exports", "loadBalancers", "deliveries"]}}


def test_a_bucket_is_private_encrypted_versioned_and_logged_without_being_asked():
    recording = small_system(buckets={"receipts": {}, **LOGS})
    one = recording.one
    assert one(BUCKET, "receipts").inputs["bucket"] == "shop-dev-receipts"
    assert one(BUCKET, "receipts").inputs["forceDestroy"] is False
    assert one(BUCKET, "receipts").protect
    block = one(f"{S3}PublicAccessBlock:BucketPublicAccessBlock", "receipts").inputs
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert all(block[flag] is True for flag in flags)
    ownership = one(f"{S3}OwnershipControls:BucketOwnershipControls", "receipts").inputs
    assert ownership["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    encryption = f"{S3}ServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    (rule,) = one(encryption, "receipts").inputs["rules"]
    assert rule["bucketKeyEnabled"] is True
    assert rule["applyServerSideEncryptionByDefault"] == {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": one("aws:kms/key:Key", "keys-data").outputs["arn"],
    }
    versioning = one(f"{S3}Versioning:BucketVersioning", "receipts").inputs
    assert versioning["versioningConfiguration"] == {"status": "Enabled"}
    logging = one(f"{S3}Logging:BucketLogging", "receipts").inputs
    assert logging["targetBucket"] == "shop-dev-logs"
    assert logging["targetPrefix"] == "buckets/shop-dev-receipts/"
    assert document(one(POLICY, "receipts")) == [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::shop-dev-receipts", "arn:aws:s3:::shop-dev-receipts/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]


def test_a_log_bucket_is_one_that_log_delivery_can_write_to():
    recording = small_system(buckets={"receipts": {}, "photos": {}, **LOGS})
    names = {resource.name for resource in recording.of_type(f"{S3}Versioning:BucketVersioning")}
    assert names == {"receipts", "photos"}
    encryption = f"{S3}ServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    (rule,) = recording.one(encryption, "logs").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    assert not [e for e in recording.of_type(f"{S3}Logging:BucketLogging") if e.name == "logs"]

    policy = recording.one(POLICY, "logs")
    access = statement(policy, "AccessLogsOfBuckets")
    assert access["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert access["Resource"] == "arn:aws:s3:::shop-dev-logs/buckets/*"
    assert access["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {
            "aws:SourceArn": ["arn:aws:s3:::shop-dev-receipts", "arn:aws:s3:::shop-dev-photos"]
        },
    }
    balancers = statement(policy, "LoadBalancerLogs")
    assert balancers["Resource"] == "arn:aws:s3:::shop-dev-logs/load-balancers/AWSLogs/*"
    assert balancers["Condition"] == {
        "ArnLike": {
            "aws:SourceArn": f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:loadbalancer/*"
        }
    }
    for element in document(policy):
        if "Service" in element["Principal"]:
            assert ACCOUNT in json.dumps(element["Condition"]), element["Sid"]


def test_a_copy_in_another_region_is_as_guarded_and_encrypted_there():
    recording = small_system(
        buckets={"lake": {"replication": {"region": "us-west-2"}, "accessLogs": "none"}}
    )
    there = [resource for resource in recording if resource.inputs.get("region") == "us-west-2"]
    kinds = {entry.type.split(":")[-1] for entry in there}
    assert {
        "Bucket", "BucketPublicAccessBlock", "BucketOwnershipControls", "BucketVersioning",
        "BucketServerSideEncryptionConfiguration", "BucketLifecycleConfiguration",
        "BucketPolicy", "Key", "Alias",
    } == kinds  # fmt: skip
    key = recording.one("aws:kms/key:Key", "keys-data-us-west-2")
    through = statement(key, "AccountUsesThroughServices")["Condition"]["StringEquals"]
    assert "s3.us-west-2.amazonaws.com" in through["kms:ViaService"]

    (rule,) = recording.one(f"{S3}ReplicationConfig:BucketReplicationConfig", "lake").inputs[
        "rules"
    ]
    assert rule["destination"] == {
        "bucket": "arn:aws:s3:::shop-dev-lake-us-west-2",
        "storageClass": "STANDARD",
        "encryptionConfiguration": {"replicaKmsKeyId": key.outputs["arn"]},
    }
    assert rule["sourceSelectionCriteria"] == {"sseKmsEncryptedObjects": {"status": "Enabled"}}
    role = recording.one("aws:iam/rolePolicy:RolePolicy", "lake-replication")
    assert statement(role, "WriteReplicas")["Resource"] == "arn:aws:s3:::shop-dev-lake-us-west-2/*"


def test_the_copys_requests_are_logged_beside_it():
    replicated = {"lake": {"replication": {"region": "us-west-2"}}}
    recording = small_system(buckets=replicated)
    copy, logs = recording.one(BUCKET, "lake-copy"), recording.one(BUCKET, "lake-copy-logs")
    assert logs.inputs["bucket"] == "shop-dev-lake-us-west-2-logs"
    assert logs.inputs["region"] == "us-west-2"
    assert logs.protect
    logging = recording.one(f"{S3}Logging:BucketLogging", "lake-copy")
    assert logging.inputs["bucket"] == copy.id
    assert logging.inputs["targetBucket"] == logs.inputs["bucket"]
    assert logging.inputs["targetPrefix"] == "buckets/shop-dev-lake-us-west-2/"
    assert logging.inputs["region"] == "us-west-2"
    policy = recording.one(POLICY, "lake-copy-logs")
    assert policy.urn in logging.dependencies
    let_in = statement(policy, "AccessLogsOfBuckets")
    assert let_in["Resource"] == "arn:aws:s3:::shop-dev-lake-us-west-2-logs/buckets/*"
    sources = let_in["Condition"]["ArnLike"]["aws:SourceArn"]
    assert sources == ["arn:aws:s3:::shop-dev-lake-us-west-2"]
    (encryption,) = recording.one(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "lake-copy-logs",
    ).inputs["rules"]
    assert encryption["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    lifecycle = f"{S3}LifecycleConfiguration:BucketLifecycleConfiguration"
    rules = recording.one(lifecycle, "lake-copy-logs").inputs["rules"]
    assert [rule["expiration"] for rule in rules if "expiration" in rule] == [{"days": 365}]
    report = analyse(evidence(recording), today=dt.date(2026, 11, 30))
    failed = report.with_outcome(Outcome.FAIL)
    assert not [one for one in failed if one.control.id.startswith("S3.")]


def test_receivers_let_the_bucket_in_before_s3_tries_them():
    recording = small_system(
        buckets={
            "lake": {
                "accessLogs": "none",
                "events": True,
                "notifications": {
                    "new": {"to": "queue", "name": "jobs", "prefix": "in/"},
                    "gone": {"to": "topic", "name": "news", "events": ["s3:ObjectRemoved:*"]},
                },
            }
        },
        queues={"jobs": {}},
        topics={"news": {}},
    )
    notification = recording.one(f"{S3}Notification:BucketNotification", "lake")
    assert notification.inputs["eventbridge"] is True
    (queue,) = notification.inputs["queues"]
    assert queue["id"] == "new"
    assert queue["queueArn"] == f"arn:aws:sqs:us-east-1:{ACCOUNT}:shop-dev-jobs"
    assert queue["filterPrefix"] == "in/"
    for type_, name in (
        ("aws:sqs/queuePolicy:QueuePolicy", "jobs"),
        ("aws:sns/topicPolicy:TopicPolicy", "news"),
    ):
        policy = recording.one(type_, name)
        assert policy.urn in notification.dependencies
        (trust,) = [element for element in document(policy) if element["Effect"] == "Allow"]
        assert trust["Sid"] == "FromBucketLake"
        assert trust["Principal"] == {"Service": "s3.amazonaws.com"}
        assert trust["Condition"] == {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnEquals": {"aws:SourceArn": "arn:aws:s3:::shop-dev-lake"},
        }


def test_only_a_locked_buckets_copier_reads_locks_and_each_key_is_for_its_bucket():
    def role(**more: Any) -> Any:
        copied = {"replication": {"region": "us-west-2"}, "accessLogs": "none", **more}
        recording = small_system(buckets={"lake": copied})
        return recording.one("aws:iam/rolePolicy:RolePolicy", "lake-replication")

    here, there = "arn:aws:s3:::shop-dev-lake", "arn:aws:s3:::shop-dev-lake-us-west-2"
    locked = role(objectLock={"days": 7})
    assert statement(locked, "ReadLocks")["Action"] == [
        "s3:GetObjectLegalHold",
        "s3:GetObjectRetention",
    ]
    assert statement(locked, "ReadLocks")["Resource"] == f"{here}/*"
    assert "ReadLocks" not in {element["Sid"] for element in document(role())}
    for sid, actions, bucket, region in (
        ("KeyHere", "kms:Decrypt", here, "us-east-1"),
        ("KeyThere", ["kms:Encrypt", "kms:GenerateDataKey"], there, "us-west-2"),
    ):
        found = statement(locked, sid)
        assert found["Action"] == actions
        assert found["Condition"] == {
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/*"]},
            "StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"},
        }


def test_locks_tiers_and_cors_are_made_as_asked():
    recording = small_system(
        buckets={
            "audit": {
                "accessLogs": "none",
                "objectLock": {"mode": "compliance", "days": 400},
                "intelligentTiering": {"archiveAfterDays": 90, "deepArchiveAfterDays": 180},
                "cors": [{"origins": ["https://app.example.com"]}],
            }
        }
    )
    assert "objectLockEnabled" not in recording.one(BUCKET, "audit").inputs
    lock = recording.one(f"{S3}ObjectLockConfiguration:BucketObjectLockConfiguration", "audit")
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": "COMPLIANCE", "days": 400}}
    assert recording.one(f"{S3}Versioning:BucketVersioning", "audit").urn in lock.dependencies
    tiering = f"{S3}IntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"
    assert recording.one(tiering, "audit").inputs["tierings"] == [
        {"accessTier": "ARCHIVE_ACCESS", "days": 90},
        {"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 180},
    ]
    (cors,) = recording.one(f"{S3}CorsConfiguration:BucketCorsConfiguration", "audit").inputs[
        "corsRules"
    ]
    assert cors["allowedOrigins"] == ["https://app.example.com"]
    assert cors["allowedMethods"] == ["GET", "HEAD"]


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({"versioning": False, "replication": {"region": "us-west-2"}}, "versioning: true"),
        ({"versioning": False, "objectLock": {"days": 1}}, "versioning: true"),
        ({"purpose": "logs", "encryption": "customerKey"}, "no `encryption`"),
        ({"purpose": "logs", "encryption": "s3"}, "no `encryption`"),
        ({"purpose": "logs", "versioning": True, "objectLock": {"days": 1}}, "no `objectLock`"),
        ({"receives": ["exports"]}, "purpose: logs"),
        ({"intelligentTiering": {}}, "archiveAfterDays"),
        ({"intelligentTiering": {"archiveAfterDays": 200, "deepArchiveAfterDays": 200}}, "200"),
        ({"bucketName": "Not_A_Bucket"}, "pattern"),
        ({"publicRead": True}, "Extra inputs"),
        ({"cors": [{"origins": ["app.example.com"]}]}, "pattern"),
        ({"cors": [{"origins": ["https://*.*.example.com"]}]}, "pattern"),
        ({"cors": [{"origins": ["https://app.example.com/path"]}]}, "pattern"),
        ({"notifications": {"n": {"to": "queue", "name": "q", "events": ["s3:Foo:*"]}}}, "one of"),
        ({"notifications": {"n": {"to": "function", "name": "f"}}}, "'topic' or 'queue'"),
        (
            {
                "notifications": {
                    "new": {"to": "queue", "name": "q", "prefix": "in/"},
                    "big": {
                        "to": "topic",
                        "name": "t",
                        "prefix": "in/big/",
                        "events": ["s3:ObjectCreated:Put"],
                    },
                }
            },
            "`notifications` new and big that share no s3:ObjectCreated:Put of one object",
        ),
    ],
)
def test_what_s3_or_safety_refuses_is_refused_first(given: dict[str, Any], allowed: str):
    with pytest.raises(ValidationError, match=allowed):
        BucketSettings.model_validate_json(json.dumps(given))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"prefix": "in/"}, {"prefix": "out/"}),
        ({"suffix": ".jpg"}, {"suffix": ".png"}),
        ({"prefix": "in/", "suffix": ".jpg"}, {"prefix": "in/", "suffix": ".png"}),
        ({}, {"events": ["s3:ObjectRemoved:*"]}),
        ({"events": ["s3:ObjectCreated:Put"]}, {"events": ["s3:ObjectCreated:Copy"]}),
    ],
)
def test_receivers_that_share_no_event_of_one_object_stand_side_by_side(
    one: dict[str, Any], other: dict[str, Any]
):
    receiver = {"to": "queue", "name": "q"}
    notifications = {"one": {**receiver, **one}, "other": {**receiver, **other}}
    settings = BucketSettings.model_validate_json(json.dumps({"notifications": notifications}))
    assert len(settings.notifications) == 2


def test_the_events_are_those_that_the_api_knows():
    model = botocore.session.get_session().get_service_model("s3")
    event: Any = model.shape_for("Event")
    assert sorted(EVENTS) == sorted(event.enum)


@pytest.mark.parametrize(
    ("tiers", "message"),
    [
        ({"buckets": {"a": {"accessLogs": "lgs"}, **LOGS}}, "did you mean `logs`"),
        ({"buckets": {"a": {}, **LOGS, "more-logs": {"purpose": "logs"}}}, "one of logs"),
        ({"buckets": {"a": {"bucketName": "shop-dev-b"}, "b": {}}}, "another: a has it"),
        ({"buckets": {"a": {"replication": {"region": "us-east-1"}}}}, "another region"),
        ({"buckets": {"a": {"tags": {"aws:x": "y"}}}}, "does not begin with aws:"),
        ({"buckets": {"a": {"tags": {"Name": "y"}}}}, "Trellis sets it itself"),
        (
            {
                "buckets": {"a": {"notifications": {"n": {"to": "queue", "name": "jbs"}}}},
                "queues": {"jobs": {}},
            },
            "did you mean `jobs`",
        ),
        (
            {
                "buckets": {"a": {"notifications": {"n": {"to": "topic", "name": "t"}}}},
                "topics": {"t": {"fifo": True}},
            },
            "which is fifo",
        ),
    ],
)
def test_what_only_the_whole_can_tell_is_told_before_anything_is_made(
    tiers: dict[str, Any], message: str
):
    with pytest.raises(StackFileError, match=message):
        small_system(**tiers)
