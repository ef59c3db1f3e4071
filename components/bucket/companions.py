"""The resources that S3 keeps beside a bucket, made alike for a bucket and its copy abroad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bucket.settings import BucketSettings, LifecycleSettings
from components.bucket.storage_classes import RULES
from components.bucket.trusts import PREFIX
from components.contracts import Arn


def guard(
    name: str, bucket: aws.s3.Bucket, region: str | None, opts: pulumi.ResourceOptions
) -> aws.s3.BucketPublicAccessBlock:
    """Nothing public, and no access lists: the bucket owns every object."""
    aws.s3.BucketOwnershipControls(
        name,
        bucket=bucket.id,
        rule={"object_ownership": "BucketOwnerEnforced"},
        region=region,
        opts=opts,
    )
    return aws.s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        region=region,
        opts=opts,
    )


def encryption(
    name: str,
    bucket: aws.s3.Bucket,
    key_arn: Arn | None,
    region: str | None,
    opts: pulumi.ResourceOptions,
) -> aws.s3.BucketServerSideEncryptionConfiguration:
    """New objects under the customer key, by one data key a bucket; or under S3's own key."""
    default: Any = (
        {"sse_algorithm": "aws:kms", "kms_master_key_id": key_arn}
        if key_arn is not None
        else {"sse_algorithm": "AES256"}
    )
    return aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=bucket.id,
        rules=[
            {
                "apply_server_side_encryption_by_default": default,
                "bucket_key_enabled": key_arn is not None,
            }
        ],
        region=region,
        opts=opts,
    )


def versioning(
    name: str,
    bucket: aws.s3.Bucket,
    region: str | None,
    opts: pulumi.ResourceOptions,
) -> aws.s3.BucketVersioning:
    """Old versions are kept.

    A bucket without versions has no such resource: taking it away suspends versioning, the only
    way back that S3 knows.
    """
    return aws.s3.BucketVersioning(
        name,
        bucket=bucket.id,
        versioning_configuration={"status": "Enabled"},
        region=region,
        opts=opts,
    )


def logging(
    name: str,
    bucket: aws.s3.Bucket,
    receiving: pulumi.Input[str],
    physical_name: str,
    region: str | None,
    opts: pulumi.ResourceOptions,
) -> aws.s3.BucketLogging:
    """The log of its requests, into another bucket of its region, under its own name.

    Args:
        receiving: name of the other bucket, as AWS has it.
    """
    return aws.s3.BucketLogging(
        name,
        bucket=bucket.id,
        target_bucket=receiving,
        target_prefix=f"{PREFIX['buckets']}/{physical_name}/",
        target_object_key_format={"partitioned_prefix": {"partition_date_source": "EventTime"}},
        region=region,
        opts=opts,
    )


def lifecycle(
    name: str,
    bucket: aws.s3.Bucket,
    settings: BucketSettings,
    region: str | None,
    opts: pulumi.ResourceOptions,
) -> aws.s3.BucketLifecycleConfiguration:
    """One rule a prefix, and one that ends unfinished uploads everywhere."""
    return aws.s3.BucketLifecycleConfiguration(
        name, bucket=bucket.id, rules=lifecycle_rules(settings), region=region, opts=opts
    )


def lifecycle_rules(settings: BucketSettings) -> list[Any]:
    """The rules, as the provider takes them; their ids follow from prefixes, not positions."""
    rules: list[Any] = [
        {
            "id": "unfinished-uploads",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "abort_incomplete_multipart_upload": {
                "days_after_initiation": settings.abort_uploads_after_days
            },
        }
    ]
    steps = list(settings.lifecycle)
    if (
        settings.versioned
        and settings.expire_noncurrent_days != "never"
        and not any(step.versions == "noncurrent" for step in steps)
    ):
        steps.append(
            LifecycleSettings(
                after_days=settings.expire_noncurrent_days, expire=True, versions="noncurrent"
            )
        )
    for prefix in sorted({step.prefix or "" for step in steps}):
        own = sorted(
            (step for step in steps if (step.prefix or "") == prefix),
            key=lambda rule: rule.after_days,
        )
        rules.append(_rule(prefix, own))
    return rules


def _rule(prefix: str, steps: Sequence[LifecycleSettings]) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": f"objects-{prefix}" if prefix else "objects",
        "status": "Enabled",
        "filter": {"prefix": prefix},
    }
    moves = [
        {"days": step.after_days, "storage_class": RULES[step.to].api}
        for step in steps
        if step.to is not None and step.versions == "current"
    ]
    old_moves = [
        {"noncurrent_days": step.after_days, "storage_class": RULES[step.to].api}
        for step in steps
        if step.to is not None and step.versions == "noncurrent"
    ]
    if moves:
        rule["transitions"] = moves
    if old_moves:
        rule["noncurrent_version_transitions"] = old_moves
    for step in steps:
        if step.expire and step.versions == "current":
            rule["expiration"] = {"days": step.after_days}
        elif step.expire:
            rule["noncurrent_version_expiration"] = {"noncurrent_days": step.after_days}
    return rule
