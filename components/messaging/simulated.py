"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Scope, Shape


def _confirmed(scope: Scope) -> bool:
    """Whether a subscription works without somebody's confirming it."""
    return scope.given("protocol") not in {"email", "email-json", "http", "https"}


SHAPES: Mapping[str, Shape] = {
    "aws:sns/topic:Topic": Shape(
        id="arn:{partition}:sns:{region}:{account}:{name}",
        defaults={"contentBasedDeduplication": False, "fifoTopic": False},
        computed={
            "arn": "{id}",
            "beginningArchiveTime": "",
            "fifoThroughputScope": "",
            "namePrefix": "",
            "owner": "{account}",
            "policy": "",
            "signatureVersion": 1,
            "tracingConfig": "PassThrough",
        },
        named=AutoName(limit=256, fifo="fifoTopic"),
    ),
    "aws:sns/topicPolicy:TopicPolicy": Shape(
        id="{arn}", computed={"owner": "{account}"}, tagged=False
    ),
    "aws:sns/topicSubscription:TopicSubscription": Shape(
        id="{topic}:{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}",
        defaults={
            "confirmationTimeoutInMinutes": 1,
            "endpointAutoConfirms": False,
            "rawMessageDelivery": False,
        },
        computed={
            "arn": "{id}",
            "confirmationWasAuthenticated": _confirmed,
            "filterPolicyScope": "",
            "ownerId": "{account}",
            "pendingConfirmation": lambda s: not _confirmed(s),
        },
        tagged=False,
    ),
    "aws:sqs/queue:Queue": Shape(
        id="https://sqs.{region}.{suffix}/{account}/{name}",
        defaults={
            "contentBasedDeduplication": False,
            "delaySeconds": 0,
            "fifoQueue": False,
            "maxMessageSize": 262144,
            "messageRetentionSeconds": 345600,
            "receiveWaitTimeSeconds": 0,
            "visibilityTimeoutSeconds": 30,
        },
        computed={
            "arn": "arn:{partition}:sqs:{region}:{account}:{name}",
            "deduplicationScope": "",
            "fifoThroughputLimit": "",
            "kmsDataKeyReusePeriodSeconds": 300,
            "namePrefix": "",
            "policy": "",
            "redriveAllowPolicy": "",
            "redrivePolicy": "",
            "sqsManagedSseEnabled": lambda s: not s.given("kmsMasterKeyId"),
            "url": "{id}",
        },
        named=AutoName(limit=80, fifo="fifoQueue"),
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Shape(id="{queueUrl}", tagged=False),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": Shape(id="{queueUrl}", tagged=False),
}
"""By Pulumi type token."""
