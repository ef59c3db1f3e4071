"""What roles that AWS's own services work with really allow, decided by iam-simulate, not by us.

Replication, streams, proxies and log delivery: each allowed request and its near misses, over the
policies of one recorded system; and who may publish to its topics and send to its queues, over the
resources' own policies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from testing.service_cases import service
from tests.components.small_systems import ACCOUNT, DATABASE, NETWORK, REGION, small_system
from tests.components.test_link_decisions import renamed
from tests.node.programs import iam_allows
from trellis.planner.record import Recording

pytestmark = pytest.mark.node

THERE = "us-west-2"
STRANGER = "210987654321"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
HERE_BUCKET, THERE_BUCKET = "arn:aws:s3:::shop-dev-lake", f"arn:aws:s3:::shop-dev-lake-{THERE}"
OBJECT, REPLICA = f"{HERE_BUCKET}/in/1.pdf", f"{THERE_BUCKET}/in/1.pdf"
CONTEXT = "kms:EncryptionContext:aws:s3:arn"
FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
PUBLISHERS = (
    "alarms", "backups", "budgets", "costAnomalies", "databases", "mail", "rules",
)  # fmt: skip


@pytest.fixture(scope="module")
def shop() -> Recording:
    """A system in which AWS's services do work for each other."""
    return small_system(
        network=NETWORK,
        buckets={
            "lake": {
                "replication": {"region": THERE},
                "objectLock": {"days": 7},
                "accessLogs": "none",
                "notifications": {
                    "new": {"to": "queue", "name": "jobs"},
                    "gone": {"to": "topic", "name": "news", "events": ["s3:ObjectRemoved:*"]},
                },
            },
            "archive": {"accessLogs": "none"},
        },
        queues={"jobs": {}, "orders": {}, "ruled": {"fifo": True, "publishers": ["rules"]}},
        topics={
            "news": {
                "publishers": list(PUBLISHERS),
                "subscriptions": {"work": {"protocol": "queue", "to": "orders"}},
            },
            "quiet": {},
        },
        tables={
            "changes": {"partitionKey": {"name": "id"}, "stream": "both"},
            "other": {"partitionKey": {"name": "id"}, "stream": "both"},
        },
        databases={
            "main": {**DATABASE, "proxy": {}},
            "tokens": {
                **DATABASE,
                "proxy": {},
                "iamAuthentication": True,
                "iamUsers": ["robot"],
            },
        },
        secrets={
            "rds": {"kind": "credentials", "database": "main"},
            "jwt": {"kind": "generated"},
        },
        services={
            "api": service(uses=[{"table": "changes", "access": "stream"}, {"database": "tokens"}])
        },
        monitoring={"archive": {"bucket": "archive"}},
    )


def policy_of(recording: Recording, type_: str, name: str) -> dict[str, Any]:
    return json.loads(recording.one(type_, name).inputs["policy"])


def output(recording: Recording, type_: str, name: str, key: str = "arn") -> str:
    return recording.one(type_, name).outputs[key]


Ask = tuple[str, str, Mapping[str, str], bool]
"""Action, resource, context, and whether it must be allowed."""


def wrong_of_role(document: dict[str, Any], asks: Sequence[Ask], keys: Any = None) -> list[Ask]:
    """Requests of a role that iam-simulate decides otherwise.

    Args:
        keys: the policy of every key that is asked for, by the key's ARN.
    """
    cases: list[dict[str, Any]] = [
        {
            "account": ACCOUNT,
            "action": action,
            "resource": resource,
            "context": renamed(context),
            "identity": [renamed(document)],
            "resourcePolicy": (keys or {}).get(resource),
        }
        for action, resource, context, _ in asks
    ]
    verdicts = iam_allows(cases)
    return [ask for ask, allowed in zip(asks, verdicts, strict=True) if ask[3] != allowed]


def test_replication_reads_the_original_writes_the_copy_and_does_nothing_else(shop: Recording):
    key = "aws:kms/key:Key"
    here, there = output(shop, key, "keys-data"), output(shop, key, f"keys-data-{THERE}")
    keys = {
        here: policy_of(shop, key, "keys-data"),
        there: policy_of(shop, key, f"keys-data-{THERE}"),
    }
    s3_here = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    s3_there = {"kms:ViaService": f"s3.{THERE}.amazonaws.com"}
    reads = (
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
        "s3:GetObjectRetention",
        "s3:GetObjectLegalHold",
    )
    writes = ("s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags")
    never = (
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:PutObjectRetention",
        "s3:PutObjectLegalHold",
        "s3:BypassGovernanceRetention",
        "s3:ObjectOwnerOverrideToBucketOwner",
    )
    asks: list[Ask] = [
        *((read, OBJECT, {}, True) for read in reads),
        *((read, REPLICA, {}, False) for read in reads),
        *((write, REPLICA, {}, True) for write in writes),
        *((write, OBJECT, {}, False) for write in writes),
        *((request, place, {}, False) for request in never for place in (OBJECT, REPLICA)),
        (reads[0], f"{HERE_BUCKET}-2/1.pdf", {}, False),
        (reads[0], "arn:aws:s3:::shop-dev-archive/1.pdf", {}, False),
        ("s3:ListBucket", HERE_BUCKET, {}, True),
        ("s3:GetReplicationConfiguration", HERE_BUCKET, {}, True),
        ("s3:PutReplicationConfiguration", HERE_BUCKET, {}, False),
        ("s3:ListBucket", THERE_BUCKET, {}, False),
        *(("kms:Decrypt", here, {**s3_here, CONTEXT: arn}, True) for arn in (HERE_BUCKET, OBJECT)),
        ("kms:Decrypt", here, {**s3_here, CONTEXT: "arn:aws:s3:::shop-dev-receipts"}, False),
        ("kms:Decrypt", here, {CONTEXT: HERE_BUCKET}, False),
        ("kms:Decrypt", here, {**s3_there, CONTEXT: HERE_BUCKET}, False),
        ("kms:Encrypt", here, {**s3_here, CONTEXT: HERE_BUCKET}, False),
        *(
            (name, there, {**s3_there, CONTEXT: arn}, True)
            for name in ("kms:Encrypt", "kms:GenerateDataKey")
            for arn in (THERE_BUCKET, REPLICA)
        ),
        ("kms:Decrypt", there, {**s3_there, CONTEXT: THERE_BUCKET}, False),
        ("kms:Encrypt", there, {**s3_there, CONTEXT: HERE_BUCKET}, False),
        ("kms:Encrypt", there, {CONTEXT: THERE_BUCKET}, False),
    ]  # fmt: skip
    assert wrong_of_role(policy_of(shop, ROLE_POLICY, "lake-replication"), asks, keys) == []


def test_only_s3_for_this_bucket_may_take_the_replication_role(shop: Recording):
    trust = json.loads(shop.one("aws:iam/role:Role", "lake-replication").inputs["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": HERE_BUCKET},
    }


def test_a_reader_of_a_stream_reads_that_stream_and_neither_its_table_nor_another(shop: Recording):
    table = "aws:dynamodb/table:Table"
    stream = output(shop, table, "changes", "streamArn")
    other = output(shop, table, "other", "streamArn")
    reading = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
    items = ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan", "dynamodb:UpdateTable")
    asks: list[Ask] = [
        *((request, stream, {}, True) for request in reading),
        *((request, other, {}, False) for request in reading),
        *((request, output(shop, table, "changes"), {}, False) for request in items),
    ]
    assert wrong_of_role(policy_of(shop, ROLE_POLICY, "api-task"), asks) == []


def test_a_token_opens_the_proxy_as_the_named_user_and_never_the_database_behind_it(
    shop: Recording,
):
    proxy = output(shop, "aws:rds/proxy:Proxy", "tokens-proxy").rpartition(":")[2]
    behind = output(shop, "aws:rds/instance:Instance", "tokens", "resourceId")
    users = f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser"
    connect = "rds-db:connect"
    service_asks: list[Ask] = [
        (connect, f"{users}:{proxy}/robot", {}, True),
        (connect, f"{users}:{proxy}/admin", {}, False),
        (connect, f"{users}:{behind}/robot", {}, False),
        (connect, f"{users}:prx-0123456789abcdef0/robot", {}, False),
        ("rds:ModifyDBProxy", output(shop, "aws:rds/proxy:Proxy", "tokens-proxy"), {}, False),
    ]
    assert wrong_of_role(policy_of(shop, ROLE_POLICY, "api-task"), service_asks) == []
    proxy_asks: list[Ask] = [
        (connect, f"{users}:{behind}/robot", {}, True),
        (connect, f"{users}:{behind}/admin", {}, False),
        (connect, f"{users}:{proxy}/robot", {}, False),
    ]
    assert wrong_of_role(policy_of(shop, ROLE_POLICY, "tokens-proxy"), proxy_asks) == []


def test_a_proxy_reads_the_secret_of_its_users_and_no_other(shop: Recording):
    kind = "aws:secretsmanager/secret:Secret"
    own, other = output(shop, kind, "rds"), output(shop, kind, "jwt")
    through = {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}
    key = output(shop, "aws:kms/key:Key", "keys-secrets")
    keys = {key: policy_of(shop, "aws:kms/key:Key", "keys-secrets")}
    asks: list[Ask] = [
        ("secretsmanager:GetSecretValue", own, {}, True),
        ("secretsmanager:GetSecretValue", other, {}, False),
        ("secretsmanager:PutSecretValue", own, {}, False),
        ("secretsmanager:UpdateSecretVersionStage", own, {}, False),
        ("kms:Decrypt", key, through, True),
        ("kms:Decrypt", key, {}, False),
        ("kms:GenerateDataKey", key, through, False),
        ("rds-db:connect", f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:db-AB/robot", {}, False),
    ]
    assert wrong_of_role(policy_of(shop, ROLE_POLICY, "main-proxy"), asks, keys) == []


def test_the_archive_puts_lines_under_its_prefixes_and_reads_nothing_back(shop: Recording):
    bucket = "arn:aws:s3:::shop-dev-archive"
    line, failed = f"{bucket}/log-groups/2026/11/21/a.gz", f"{bucket}/log-groups-failed/a.gz"
    key = output(shop, "aws:kms/key:Key", "keys-data")
    keys = {key: policy_of(shop, "aws:kms/key:Key", "keys-data")}
    through = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    asks: list[Ask] = [
        ("s3:PutObject", line, {}, True),
        ("s3:PutObject", failed, {}, True),
        ("s3:PutObject", f"{bucket}/elsewhere/a.gz", {}, False),
        ("s3:PutObject", "arn:aws:s3:::shop-dev-lake/log-groups/a.gz", {}, False),
        ("s3:GetObject", line, {}, False),
        ("s3:DeleteObject", line, {}, False),
        ("s3:PutBucketPolicy", bucket, {}, False),
        ("kms:GenerateDataKey", key, {**through, CONTEXT: bucket}, True),
        ("kms:GenerateDataKey", key, {**through, CONTEXT: HERE_BUCKET}, False),
        ("kms:GenerateDataKey", key, {CONTEXT: bucket}, False),
        ("firehose:PutRecord", shop.one(FIREHOSE, "log-archive").outputs["arn"], {}, False),
    ]
    assert wrong_of_role(policy_of(shop, ROLE_POLICY, "log-archive"), asks, keys) == []


Sent = tuple[str, str, str, bool]
"""Service, the ARN it acts for, that one's account, and whether it must be let in."""


def wrong_of_resource(
    document: dict[str, Any], action: str, resource: str, sent: Sequence[Sent], tls: str = "true"
) -> list[Sent]:
    """Requests of AWS services that iam-simulate decides otherwise, by the resource's policy."""
    cases: list[dict[str, Any]] = [
        {
            "account": ACCOUNT,
            "principal": f"{service_name}.amazonaws.com",
            "action": action,
            "resource": resource,
            "context": {
                "aws:SourceArn": source,
                "aws:SourceAccount": account,
                "aws:SecureTransport": tls,
            },
            "identity": [],
            "resourcePolicy": document,
        }
        for service_name, source, account, _ in sent
    ]
    verdicts = iam_allows(cases)
    return [
        request for request, allowed in zip(sent, verdicts, strict=True) if request[3] != allowed
    ]


def regional(service_name: str, rest: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service_name}:{REGION}:{account}:{rest}"


SOURCES = {
    "cloudwatch": regional("cloudwatch", "alarm:shop-dev-api-cpu"),
    "events": regional("events", "rule/shop-dev-rotated"),
    "ses": regional("ses", "configuration-set/shop-dev-main"),
    "budgets": f"arn:aws:budgets::{ACCOUNT}:budget/month",
    "costalerts": f"arn:aws:ce::{ACCOUNT}:anomalysubscription/1",
    "events.rds": regional("rds", "es:shop-dev-main"),
    "backup": regional("backup", "backup-vault:shop-dev-backups"),
    "s3": HERE_BUCKET,
}
"""What each service says it acts for, when it publishes for this system."""


def test_a_topic_hears_its_publishers_for_this_account_and_nobody_else(shop: Recording):
    topic = regional("sns", "shop-dev-news")
    policy = policy_of(shop, "aws:sns/topicPolicy:TopicPolicy", "news")
    sent: list[Sent] = [
        *((name, source, ACCOUNT, True) for name, source in SOURCES.items()),
        *((name, source, STRANGER, False) for name, source in SOURCES.items()),
        *(
            (name, source.replace(ACCOUNT, STRANGER), ACCOUNT, False)
            for name, source in SOURCES.items()
            if name != "s3"
        ),
        ("s3", "arn:aws:s3:::shop-dev-archive", ACCOUNT, False),
        ("s3", f"{HERE_BUCKET}-2", ACCOUNT, False),
        ("sns", topic, ACCOUNT, False),
        ("lambda", regional("lambda", "function:x"), ACCOUNT, False),
        ("events", regional("events", "event-bus/default"), ACCOUNT, False),
        ("cloudwatch", SOURCES["events"], ACCOUNT, False),
    ]
    assert wrong_of_resource(policy, "sns:Publish", topic, sent) == []
    in_clear = [(*request[:3], False) for request in sent]
    assert wrong_of_resource(policy, "sns:Publish", topic, in_clear, tls="false") == []
    for action in ("sns:Subscribe", "sns:SetTopicAttributes", "sns:AddPermission"):
        nothing = [(*request[:3], False) for request in sent]
        assert wrong_of_resource(policy, action, topic, nothing) == []


def test_a_topic_without_publishers_hears_no_service(shop: Recording):
    policy = policy_of(shop, "aws:sns/topicPolicy:TopicPolicy", "quiet")
    sent: list[Sent] = [(name, source, ACCOUNT, False) for name, source in SOURCES.items()]
    assert wrong_of_resource(policy, "sns:Publish", regional("sns", "shop-dev-quiet"), sent) == []


def test_queues_take_from_exactly_the_bucket_topic_and_rules_that_are_said(shop: Recording):
    topic, other = regional("sns", "shop-dev-news"), regional("sns", "shop-dev-quiet")
    rule = SOURCES["events"]
    nobody: list[Sent] = [
        ("s3", f"{HERE_BUCKET}-2", ACCOUNT, False),
        ("s3", HERE_BUCKET, STRANGER, False),
        ("sns", other, ACCOUNT, False),
        ("sns", topic, STRANGER, False),
        ("events", rule.replace(ACCOUNT, STRANGER), ACCOUNT, False),
        ("events", rule, STRANGER, False),
        ("lambda", regional("lambda", "function:x"), ACCOUNT, False),
    ]
    for name, taken in (("jobs", "s3"), ("orders", "sns"), ("ruled", "events")):
        queue = shop.one("aws:sqs/queue:Queue", name).outputs["arn"]
        policy = policy_of(shop, "aws:sqs/queuePolicy:QueuePolicy", name)
        sent: list[Sent] = [
            *nobody,
            ("s3", HERE_BUCKET, ACCOUNT, taken == "s3"),
            ("sns", topic, ACCOUNT, taken == "sns"),
            ("events", rule, ACCOUNT, taken == "events"),
        ]
        assert wrong_of_resource(policy, "sqs:SendMessage", queue, sent) == []
        in_clear = [(*request[:3], False) for request in sent]
        assert wrong_of_resource(policy, "sqs:SendMessage", queue, in_clear, tls="false") == []
        receiving = [(*request[:3], False) for request in sent]
        assert wrong_of_resource(policy, "sqs:ReceiveMessage", queue, receiving) == []
