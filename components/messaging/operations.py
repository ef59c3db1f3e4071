"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:sns/topic:Topic": call(
        "sns",
        "CreateTopic",
        "displayName",
        "kmsMasterKeyId",
        "signatureVersion",
        "policy",
        "contentBasedDeduplication",
        "fifoTopic",
        "tracingConfig",
    ),
    "aws:sns/topicPolicy:TopicPolicy": call(
        "sns", "SetTopicAttributes", arn="TopicArn", policy="AttributeValue"
    ),
    "aws:sns/topicSubscription:TopicSubscription": call(
        "sns",
        "Subscribe",
        "endpointAutoConfirms",
        "rawMessageDelivery",
        "filterPolicy",
        "redrivePolicy",
        "filterPolicyScope",
        topic="TopicArn",
    ),
    "aws:sqs/queue:Queue": call(
        "sqs",
        "CreateQueue",
        "messageRetentionSeconds",
        "sqsManagedSseEnabled",
        "delaySeconds",
        "fifoQueue",
        "contentBasedDeduplication",
        "kmsMasterKeyId",
        "kmsDataKeyReusePeriodSeconds",
        "maxMessageSize",
        "receiveWaitTimeSeconds",
        "redrivePolicy",
        "visibilityTimeoutSeconds",
        "deduplicationScope",
        "fifoThroughputLimit",
        name="QueueName",
    ),
    "aws:sqs/queuePolicy:QueuePolicy": call("sqs", "SetQueueAttributes", "policy"),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": call(
        "sqs", "SetQueueAttributes", "redriveAllowPolicy"
    ),
}
"""By Pulumi type token."""
