"""AWS services that use a key in their own name: what each may do, and on whose behalf.

Every statement is bound to this account: by the encryption context that the service must send, or
by `aws:SourceAccount` and `aws:SourceArn` where the service sends those. All of them are known
before the key exists, so a key is made with its whole policy.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.contracts import AccountRegion, Conditions, Trust

_USE = ("kms:Decrypt", "kms:GenerateDataKey*")
"""What a service needs to write to an encrypted topic or queue ("Key management", Amazon SNS and
Amazon SQS Developer Guides, 2026-11)."""


def log_groups(where: AccountRegion) -> Trust:
    """CloudWatch Logs, for this account's log groups.

    CloudWatch refuses a log group whose key does not say this already ("Encrypt log data in
    CloudWatch Logs using AWS KMS", 2026-11).
    """
    return Trust(
        sid="LogGroups",
        principals={"Service": (f"logs.{where.region}.{_suffix(where)}",)},
        actions=(
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey*",
            "kms:ReEncrypt*",
        ),
        conditions={
            "ArnLike": {"kms:EncryptionContext:aws:logs:arn": where.arn("logs", "log-group:*")}
        },
    )


def trail(trail_arn: pulumi.Input[str], where: AccountRegion) -> Trust:
    """CloudTrail, for exactly this trail ("Configure AWS KMS key policies for CloudTrail")."""
    return Trust(
        sid="Trail",
        principals={"Service": ("cloudtrail.amazonaws.com",)},
        actions=("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"),
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account, "aws:SourceArn": trail_arn},
        },
    )


def configuration(where: AccountRegion) -> Trust:
    """AWS Config, to its delivery bucket ("Permissions for the KMS Key for the AWS Config Delivery
    Channel", 2026-11)."""
    return Trust(
        sid="ConfigurationHistory",
        principals={"Service": ("config.amazonaws.com",)},
        actions=("kms:Decrypt", "kms:GenerateDataKey*"),
        conditions={"StringEquals": {"aws:SourceAccount": where.account}},
    )


def alarms(where: AccountRegion) -> Trust:
    """CloudWatch alarms, to this account's topics."""
    return Trust(
        sid="AlarmsToTopics",
        principals={"Service": ("cloudwatch.amazonaws.com",)},
        actions=_USE,
        conditions={
            **_to_topics(where),
            "StringEquals": {"aws:SourceAccount": where.account},
        },
    )


def event_rules(where: AccountRegion) -> tuple[Trust, Trust]:
    """EventBridge rules, to this account's topics and queues.

    Bound by the encryption context alone: a key policy that names `aws:SourceAccount` or
    `aws:SourceArn` silently stops EventBridge from delivering ("Key management", Amazon SNS
    Developer Guide, 2026-11). Which rules may publish is said by the topic's and queue's policy.
    """
    principals = ("events.amazonaws.com",)
    return (
        Trust("RulesToTopics", {"Service": principals}, _USE, _to_topics(where)),
        Trust("RulesToQueues", {"Service": principals}, _USE, _to_queues(where)),
    )


def topics_to_queues(where: AccountRegion) -> Trust:
    """Amazon SNS, from this account's topics to its queues."""
    return _publisher("TopicsToQueues", "sns", where, where.arn("sns", "*"))


def bucket_notifications(where: AccountRegion) -> Trust:
    """Amazon S3, from this account's buckets to its topics and queues."""
    return _publisher("BucketNotifications", "s3", where, f"arn:{where.partition}:s3:::*")


def mail_events(where: AccountRegion) -> Trust:
    """Amazon SES, from this account's configuration sets to its topics."""
    return _publisher("MailEvents", "ses", where, where.arn("ses", "configuration-set/*"))


def budgets(where: AccountRegion) -> Trust:
    """AWS Budgets, from this account's budgets to its topics."""
    return _publisher("Budgets", "budgets", where, where.arn("budgets", "*", regional=False))


def cost_anomalies(where: AccountRegion) -> Trust:
    """AWS Cost Anomaly Detection, from this account's subscriptions to its topics."""
    source = where.arn("ce", "anomalysubscription/*", regional=False)
    return _publisher("CostAnomalies", "costalerts", where, source)


def database_events(where: AccountRegion) -> Trust:
    """Amazon RDS, from this account's event subscriptions to its topics."""
    return _publisher("DatabaseEvents", "events.rds", where, where.arn("rds", "*"))


def backup_events(where: AccountRegion) -> Trust:
    """AWS Backup, from this account's vaults to its topics."""
    return _publisher("BackupEvents", "backup", where, where.arn("backup", "backup-vault:*"))


def distributions(where: AccountRegion, buckets: Sequence[str]) -> Trust:
    """CloudFront, for objects of exactly these buckets.

    A distribution's ARN is known only after the bucket that uses the key, so it can't stand here;
    the bucket's policy names it exactly. This side is bound to the account's distributions and, by
    the encryption context, to the buckets (S3 sends the bucket's ARN with a bucket key, else the
    object's).
    """
    arns = [f"arn:{where.partition}:s3:::{bucket}" for bucket in sorted(buckets)]
    return Trust(
        sid="DistributionsReadBuckets",
        principals={"Service": ("cloudfront.amazonaws.com",)},
        actions=("kms:Decrypt",),
        conditions={
            "ArnLike": {
                "aws:SourceArn": where.arn("cloudfront", "distribution/*", regional=False),
                "kms:EncryptionContext:aws:s3:arn": [
                    resource for arn in arns for resource in (arn, f"{arn}/*")
                ],
            }
        },
    )


def _publisher(sid: str, service: str, where: AccountRegion, source: pulumi.Input[str]) -> Trust:
    return Trust(
        sid=sid,
        principals={"Service": (f"{service}.amazonaws.com",)},
        actions=_USE,
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": source},
        },
    )


def _to_topics(where: AccountRegion) -> Conditions:
    return {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": where.arn("sns", "*")}}


def _to_queues(where: AccountRegion) -> Conditions:
    return {"ArnLike": {"kms:EncryptionContext:aws:sqs:arn": where.arn("sqs", "*")}}


def _suffix(where: AccountRegion) -> str:
    return "amazonaws.com.cn" if where.partition == "aws-cn" else "amazonaws.com"
