"""What AWS can change in place never changes a Pulumi name or a property that replaces.

Each pair is recorded before and after one change of a stack file. The properties are those that
the AWS provider marks as forcing a new resource (provider reference, 2026-11).
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.small_systems import CACHE, DATABASE, NETWORK, small_system
from trellis.planner.record import Recording

REPLACING: dict[str, tuple[str, ...]] = {
    "aws:kms/key:Key": ("customerMasterKeySpec", "keyUsage", "multiRegion", "region"),
    "aws:kms/alias:Alias": ("name", "namePrefix", "region"),
    "aws:s3/bucket:Bucket": ("bucket", "bucketPrefix", "objectLockEnabled", "region"),
    "aws:s3/bucketVersioning:BucketVersioning": ("bucket",),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ("bucket",),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": (
        "bucket",
        "name",
    ),
    "aws:s3/bucketPolicy:BucketPolicy": ("bucket",),
    "aws:s3/bucketNotification:BucketNotification": ("bucket",),
    "aws:sns/topic:Topic": ("name", "namePrefix", "fifoTopic"),
    "aws:sns/topicSubscription:TopicSubscription": ("endpoint", "protocol", "topic"),
    "aws:sqs/queue:Queue": ("name", "namePrefix", "fifoQueue"),
    "aws:sesv2/emailIdentity:EmailIdentity": ("emailIdentity",),
    "aws:sesv2/configurationSet:ConfigurationSet": ("configurationSetName",),
    "aws:secretsmanager/secret:Secret": ("name", "namePrefix"),
    "aws:secretsmanager/secretRotation:SecretRotation": ("secretId",),
    "aws:lambda/function:Function": ("name", "packageType"),
    "aws:lambda/invocation:Invocation": ("functionName", "input", "qualifier", "triggers"),
    "aws:lambda/permission:Permission": ("action", "function", "principal", "sourceArn"),
    "aws:cloudwatch/logGroup:LogGroup": ("name", "namePrefix"),
    "aws:iam/role:Role": ("name", "namePrefix", "path"),
    "aws:iam/rolePolicy:RolePolicy": ("name", "role"),
    "aws:ec2/securityGroup:SecurityGroup": ("description", "name", "namePrefix", "vpcId"),
}

GLACIER = [{"afterDays": 30, "to": "glacier"}]
LOGS = {"logs": {"purpose": "logs"}}
SERVER = {"network": NETWORK, "databases": {"main": DATABASE}}
USERS = {**SERVER, "caches": {"main": CACHE}}
LOGIN = {"kind": "credentials", "database": "main"}


def bucket(**given: Any) -> dict[str, Any]:
    return {"buckets": {"receipts": given, **LOGS}}


def queue(**given: Any) -> dict[str, Any]:
    return {"queues": {"jobs": given}}


def topic(**given: Any) -> dict[str, Any]:
    return {"topics": {"news": given}}


def mail(**given: Any) -> dict[str, Any]:
    return {"mail": {"main": {"domain": "desh.co", **given}}}


def secrets(**given: Any) -> dict[str, Any]:
    needs_cache = any("cache" in element for element in given.values())
    needs_server = any("database" in element for element in given.values())
    return {"secrets": given, **(USERS if needs_cache else SERVER if needs_server else {})}


PAIRS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "rotation of keys": ({**queue(), "keys": {}}, {**queue(), "keys": {"rotationDays": 90}}),
    "another domain": (queue(), {**queue(), **bucket()}),
    "a lifecycle": (bucket(), bucket(lifecycle=GLACIER)),
    "versions off": (bucket(), bucket(versioning=False)),
    "versions on": (bucket(versioning=False), bucket()),
    "another encryption": (bucket(encryption="s3"), bucket()),
    "an object lock": (bucket(), bucket(objectLock={"days": 30})),
    "a copy abroad": (bucket(), bucket(replication={"region": "us-west-2"})),
    "tiers": (bucket(), bucket(intelligentTiering={"archiveAfterDays": 90})),
    "events": (bucket(), bucket(events=True)),
    "emptying": (bucket(), bucket(emptyOnDelete=True)),
    "tags of a bucket": (bucket(), bucket(tags={"Team": "shop"})),
    "another bucket": (bucket(), {"buckets": {**bucket()["buckets"], "photos": {}}}),
    "visibility": (queue(), queue(visibilitySeconds=600)),
    "retention": (queue(), queue(retentionDays=10)),
    "size": (queue(), queue(maxMessageKib=1024)),
    "no dead letters": (queue(), queue(deadLetters="none")),
    "senders": (queue(), queue(publishers=["rules"])),
    "a name shown": (topic(), topic(displayName="News")),
    "publishers": (topic(), topic(publishers=["alarms", "budgets"])),
    "a subscriber": (
        topic(),
        topic(subscriptions={"team": {"protocol": "email", "to": "team@example.com"}}),
    ),
    "a return path": (mail(), mail(mailFrom="mail")),
    "a longer key": (mail(keyBits=1024), mail()),
    "suppression": (mail(), mail(suppress=["BOUNCE"])),
    "a description": (secrets(a={}), secrets(a={"description": "Stripe"})),
    "recovery": (secrets(a={}), secrets(a={"recoveryDays": 7})),
    "a schedule": (
        secrets(a=LOGIN),
        secrets(a={**LOGIN, "rotation": {"schedule": "cron(0 3 ? * SUN *)", "windowHours": 1}}),
    ),
    "rotation off": (
        secrets(a={"kind": "generated", "rotation": {"everyDays": 90}}),
        secrets(a={"kind": "generated"}),
    ),
    "another random value": (
        secrets(a={"kind": "generated"}),
        secrets(a={"kind": "generated"}, b={"kind": "generated"}),
    ),
    "another user": (secrets(a=LOGIN), secrets(a=LOGIN, b={**LOGIN, "user": "reports"})),
    "another server": (
        {**secrets(a=LOGIN), **USERS},
        secrets(a=LOGIN, b={"kind": "credentials", "cache": "main"}),
    ),
}


def replaced(before: Recording, after: Recording) -> list[str]:
    """Resources of both that the change would make anew."""
    was = {resource.urn: resource for resource in before}
    return [
        f"{resource.urn}: {key}"
        for resource in after
        if resource.urn in was
        for key in REPLACING.get(resource.type, ())
        if resource.inputs.get(key) != was[resource.urn].inputs.get(key)
    ]


GONE = {
    "versions off": {"aws:s3/bucketVersioning:BucketVersioning"},
    "no dead letters": {
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:sqs/queue:Queue",
        "aws:sqs/queuePolicy:QueuePolicy",
        "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
    },
    "rotation off": {
        "aws:lambda/permission:Permission",
        "aws:secretsmanager/secretRotation:SecretRotation",
    },
}
"""Types of which a change takes one away, because that is what it is for."""


@pytest.mark.long
@pytest.mark.parametrize("change", PAIRS)
def test_a_change_that_aws_makes_in_place_replaces_nothing(change: str):
    given_before, given_after = PAIRS[change]
    before, after = small_system(**given_before), small_system(**given_after)
    assert replaced(before, after) == []
    kept = {resource.urn for resource in after}
    gone = {resource.type for resource in before if resource.urn not in kept}
    assert gone == GONE.get(change, set())
    assert (
        any(
            resource.urn not in {every.urn for every in before}
            or resource.inputs != next(e for e in before if e.urn == resource.urn).inputs
            for resource in after
        )
        or gone
    ), "the change is seen at all"


def test_another_name_is_seen_to_replace():
    before = small_system(buckets={"receipts": {}})
    after = small_system(buckets={"receipts": {"bucketName": "shop-receipts-2"}})
    assert any(element.endswith("Bucket::receipts: bucket") for element in replaced(before, after))
