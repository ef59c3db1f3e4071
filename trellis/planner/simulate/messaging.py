"""Amazon SNS and SQS: what AWS answers (their API References, 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Scope, Shape


def _subscription(scope: Scope) -> str:
    return scope.text("{topic}:{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}")


_QUEUE_PART = Shape(id="{queueUrl}", tagged=False)

SHAPES = {
    "aws:sns/topic:Topic": Shape(
        id="arn:{partition}:sns:{region}:{account}:{name}",
        defaults={"contentBasedDeduplication": False, "fifoTopic": False},
        computed={
            "arn": "{id}",
            "beginningArchiveTime": "",
            "fifoThroughputScope": "",
            "maximumMessageSize": 262144,
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
        id=_subscription,
        defaults={
            "confirmationTimeoutInMinutes": 1,
            "endpointAutoConfirms": False,
            "rawMessageDelivery": False,
        },
        computed={
            "arn": "{id}",
            "confirmationWasAuthenticated": True,
            "filterPolicyScope": "MessageAttributes",
            "ownerId": "{account}",
            "pendingConfirmation": lambda s: s.given("protocol") in {"email", "https"},
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
            "sqsManagedSseEnabled": lambda s: s.given("kmsMasterKeyId") is None,
            "url": "{id}",
        },
        named=AutoName(limit=80, fifo="fifoQueue"),
    ),
    "aws:sqs/queuePolicy:QueuePolicy": _QUEUE_PART,
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": _QUEUE_PART,
}
