"""The access log of a bucket's copy: a bucket beside it, since S3 logs within a region alone
("Logging requests with server access logging", Amazon S3 User Guide, 2026-11).

Promises: it is private, encrypted and TLS-only, S3's logging of the copy is all that writes there,
and what it holds ends.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.bucket import companions
from components.bucket.settings import BucketSettings, LifecycleSettings
from components.bucket.trusts import access_logs, tls_only
from components.contracts import AccountRegion
from components.parts.policy_document import resource_document
from components.tags import name_tag


def copy_log_name(physical_name: str, region: str) -> str:
    """Name of the bucket, known from the settings alone: S3 takes 63 characters."""
    return f"{physical_name[: 63 - len('--logs') - len(region)]}-{region}-logs"


def log_copy(
    name: str,
    settings: BucketSettings,
    copy: aws.s3.Bucket,
    region: str,
    *,
    where: AccountRegion,
    physical_name: str,
    copy_name: str,
    days: int,
    protect: bool,
    opts: pulumi.ResourceOptions,
) -> None:
    """Log who reads and writes the copy.

    Args:
        name: the original's key.
        physical_name: of the original.
        days: how long the log is kept.
    """
    label, log_name = f"{name}-copy-logs", copy_log_name(physical_name, region)
    bucket = aws.s3.Bucket(
        label,
        bucket=log_name,
        force_destroy=settings.empty_on_delete,
        region=region,
        tags=name_tag(log_name, settings.tags),
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(protect=protect, retain_on_delete=protect)
        ),
    )
    block = companions.guard(label, bucket, region, opts)
    companions.encryption(label, bucket, None, region, opts)
    kept = LifecycleSettings(after_days=days, expire=True)
    of_logs = BucketSettings(purpose="logs", lifecycle=(kept,))
    companions.lifecycle(label, bucket, of_logs, region, opts)
    arn = f"arn:{where.partition}:s3:::"
    policy = aws.s3.BucketPolicy(
        label,
        bucket=bucket.id,
        policy=resource_document(
            f"{arn}{log_name}", [tls_only(), access_logs([f"{arn}{copy_name}"], where)]
        ),
        region=region,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[block])),
    )
    companions.logging(
        f"{name}-copy",
        copy,
        bucket.bucket,
        copy_name,
        region,
        # S3 refuses a bucket that does not let its logging in.
        pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[policy])),
    )
