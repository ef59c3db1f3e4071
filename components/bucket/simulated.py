"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Shape

_HOSTED_ZONES = {
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "ca-central-1": "Z1QDHH18159H29",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG",
    "eu-north-1": "Z3BAZG2TWCNX0D",
    "ap-northeast-1": "Z2M4EHUR26P7ZW",
    "ap-south-1": "Z11RGJOFQNVJUP",
    "ap-southeast-1": "Z3O0J2DXBE1FTB",
    "ap-southeast-2": "Z1WCIGYICN2BYD",
    "sa-east-1": "Z7KQH4QJS55SO",
}
"""By region ("Amazon S3 endpoints and quotas": website endpoints, 2026-11)."""


def companion(id_: str = "{bucket}") -> Shape:
    """A part of a bucket's configuration that AWS adds nothing to."""
    return Shape(id=id_, tagged=False)


SHAPES: Mapping[str, Shape] = {
    "aws:s3/bucket:Bucket": Shape(
        id="{bucket}",
        defaults={"forceDestroy": False},
        computed={
            "accelerationStatus": "",
            "acl": "private",
            "arn": "arn:{partition}:s3:::{bucket}",
            "bucketDomainName": "{bucket}.s3.{suffix}",
            "bucketPrefix": "",
            "bucketRegion": "{region}",
            "bucketRegionalDomainName": "{bucket}.s3.{region}.{suffix}",
            "hostedZoneId": lambda s: _HOSTED_ZONES.get(s.region, s.text("Z{upper:13}")),
            "objectLockEnabled": False,
            "requestPayer": "BucketOwner",
            "websiteDomain": "",
            "websiteEndpoint": "",
        },
        named=AutoName("bucket", limit=63),
    ),
    "aws:s3/bucketVersioning:BucketVersioning": companion(),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        companion()
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Shape(
        id="{bucket}",
        defaults={
            "blockPublicAcls": False,
            "blockPublicPolicy": False,
            "ignorePublicAcls": False,
            "restrictPublicBuckets": False,
        },
        tagged=False,
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": companion(),
    "aws:s3/bucketPolicy:BucketPolicy": companion(),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Shape(
        id="{bucket}",
        defaults={"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
        computed={"expectedBucketOwner": ""},
        tagged=False,
    ),
    "aws:s3/bucketLogging:BucketLogging": companion(),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": companion(),
    "aws:s3/bucketNotification:BucketNotification": companion(),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": companion(),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": companion(),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": Shape(
        id="{bucket}:{name}", defaults={"status": "Enabled"}, named=AutoName(), tagged=False
    ),
    "aws:s3/bucketMetric:BucketMetric": Shape(
        id="{bucket}:{name}", named=AutoName(limit=64), tagged=False
    ),
}
"""By Pulumi type token."""
