"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:s3/bucket:Bucket": call(
        "s3", "CreateBucket", objectLockEnabled="ObjectLockEnabledForBucket"
    ),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": call(
        "s3", "PutBucketCors", corsRules="CORSConfiguration.CORSRules"
    ),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": call(
        "s3",
        "PutBucketIntelligentTieringConfiguration",
        name="Id",
        status="IntelligentTieringConfiguration.Status",
        filter="IntelligentTieringConfiguration.Filter",
        tierings="IntelligentTieringConfiguration.Tierings",
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": call(
        "s3", "PutBucketLifecycleConfiguration", rules="LifecycleConfiguration.Rules"
    ),
    "aws:s3/bucketLogging:BucketLogging": call(
        "s3",
        "PutBucketLogging",
        targetBucket="BucketLoggingStatus.LoggingEnabled.TargetBucket",
        targetPrefix="BucketLoggingStatus.LoggingEnabled.TargetPrefix",
        targetObjectKeyFormat="BucketLoggingStatus.LoggingEnabled.TargetObjectKeyFormat",
    ),
    "aws:s3/bucketMetric:BucketMetric": call(
        "s3",
        "PutBucketMetricsConfiguration",
        name="MetricsConfiguration.Id",
        filter="MetricsConfiguration.Filter",
    ),
    "aws:s3/bucketNotification:BucketNotification": call(
        "s3",
        "PutBucketNotificationConfiguration",
        eventbridge="NotificationConfiguration.EventBridgeConfiguration",
        lambdaFunctions="NotificationConfiguration.LambdaFunctionConfigurations",
        queues="NotificationConfiguration.QueueConfigurations",
        topics="NotificationConfiguration.TopicConfigurations",
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": call(
        "s3",
        "PutObjectLockConfiguration",
        rule="ObjectLockConfiguration.Rule",
        objectLockEnabled="ObjectLockConfiguration.ObjectLockEnabled",
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": call(
        "s3", "PutBucketOwnershipControls", rule="OwnershipControls.Rules"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": call("s3", "PutBucketPolicy"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Call(
        "s3",
        "PutPublicAccessBlock",
        {
            key: f"PublicAccessBlockConfiguration.{key}"
            for key in (
                "blockPublicAcls",
                "blockPublicPolicy",
                "ignorePublicAcls",
                "restrictPublicBuckets",
            )
        },
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": call(
        "s3",
        "PutBucketReplication",
        role="ReplicationConfiguration.Role",
        rules="ReplicationConfiguration.Rules",
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": call(
        "s3", "PutBucketEncryption", rules="ServerSideEncryptionConfiguration.Rules"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": call("s3", "PutBucketVersioning"),
}
"""By Pulumi type token."""
