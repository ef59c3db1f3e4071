"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    # A stream is made with a day of retention and unencrypted; operations of their own follow.
    "aws:kinesis/stream:Stream": call(
        "kinesis",
        "CreateStream",
        name="StreamName",
        retentionPeriod="IncreaseStreamRetentionPeriod:RetentionPeriodHours",
        encryptionType="StartStreamEncryption:EncryptionType",
        kmsKeyId="StartStreamEncryption:KeyId",
        shardLevelMetrics="EnableEnhancedMonitoring:ShardLevelMetrics",
        enforceConsumerDeletion="DeleteStream:EnforceConsumerDeletion",
    ),
    "aws:kinesis/resourcePolicy:ResourcePolicy": call(
        "kinesis", "PutResourcePolicy", resourceArn="ResourceARN"
    ),
    "aws:kinesis/streamConsumer:StreamConsumer": call(
        "kinesis", "RegisterStreamConsumer", name="ConsumerName"
    ),
}
"""By Pulumi type token."""
