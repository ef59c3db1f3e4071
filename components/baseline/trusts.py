"""Who may write into the audit buckets: CloudTrail and AWS Config, each for this account."""

from __future__ import annotations

from components.contracts import AccountRegion, Arn, Trust

CONFIGURATION_PREFIX = "configuration"
TRAIL_PREFIX = "trail"


def trail_writes(trail_arn: Arn) -> tuple[Trust, Trust]:
    """CloudTrail, for exactly this trail ("Amazon S3 bucket policy for CloudTrail", 2026-11)."""
    principal = ("cloudtrail.amazonaws.com",)
    source = {"aws:SourceArn": trail_arn}
    return (
        Trust(
            "TrailWrites",
            {"Service": principal},
            ("s3:PutObject",),
            {"StringEquals": {**source, "s3:x-amz-acl": "bucket-owner-full-control"}},
            (f"/{TRAIL_PREFIX}/AWSLogs/*",),
        ),
        Trust(
            "TrailChecks", {"Service": principal}, ("s3:GetBucketAcl",), {"StringEquals": source}
        ),
    )


def configuration_writes(where: AccountRegion) -> tuple[Trust, Trust]:
    """AWS Config, for this account ("Permissions for the Amazon S3 Bucket for the AWS Config
    Delivery Channel", 2026-11)."""
    principal = ("config.amazonaws.com",)
    account = {"aws:SourceAccount": where.account}
    return (
        Trust(
            "ConfigurationWrites",
            {"Service": principal},
            ("s3:PutObject",),
            {"StringEquals": {**account, "s3:x-amz-acl": "bucket-owner-full-control"}},
            (f"/{CONFIGURATION_PREFIX}/AWSLogs/*",),
        ),
        Trust(
            "ConfigurationChecks",
            {"Service": principal},
            ("s3:GetBucketAcl", "s3:ListBucket"),
            {"StringEquals": account},
        ),
    )
