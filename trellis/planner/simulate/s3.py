"""Amazon S3: what AWS answers ("Amazon Simple Storage Service API Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Scope, Shape

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

_DASHED_WEBSITES = {
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "eu-west-1",
    "sa-east-1",
}
"""Regions whose website endpoints are `s3-website-REGION`, the others' `s3-website.REGION`."""


def _website_domain(scope: Scope) -> str:
    joint = "-" if scope.region in _DASHED_WEBSITES else "."
    return scope.text(f"s3-website{joint}{{region}}.{{suffix}}")


def _companion(id_: str = "{bucket}") -> Shape:
    """A part of a bucket's configuration that AWS adds nothing to."""
    return Shape(id=id_, tagged=False)


_OBJECT = {
    "arn": "arn:{partition}:s3:::{bucket}/{key}",
    "bucketKeyEnabled": False,
    "contentType": "application/octet-stream",
    "etag": "{hex:32}",
    "kmsKeyId": "",
    "serverSideEncryption": "AES256",
    "storageClass": "STANDARD",
    "versionId": "{lower:32}",
}

SHAPES = {
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
    "aws:s3/bucketVersioning:BucketVersioning": _companion(),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        _companion()
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
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _companion(),
    "aws:s3/bucketPolicy:BucketPolicy": _companion(),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Shape(
        id="{bucket}",
        defaults={"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
        computed={"expectedBucketOwner": ""},
        tagged=False,
    ),
    "aws:s3/bucketLogging:BucketLogging": _companion(),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": _companion(),
    "aws:s3/bucketNotification:BucketNotification": _companion(),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": _companion(),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _companion(),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": Shape(
        id="{bucket}:{name}", defaults={"status": "Enabled"}, named=AutoName(), tagged=False
    ),
    "aws:s3/bucketMetric:BucketMetric": Shape(
        id="{bucket}:{name}", named=AutoName(limit=64), tagged=False
    ),
    "aws:s3/bucketAcl:BucketAcl": _companion(),
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": Shape(
        id="{bucket}",
        computed={
            "routingRules": [],
            "websiteDomain": _website_domain,
            "websiteEndpoint": "{bucket}.{websiteDomain}",
        },
        tagged=False,
    ),
    "aws:s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration": _companion(),
    "aws:s3/bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration": _companion(),
    "aws:s3/bucketObjectv2:BucketObjectv2": Shape(
        id="{bucket}/{key}",
        defaults={"forceDestroy": False},
        computed={
            **_OBJECT,
            "checksumCrc32": "",
            "checksumCrc32c": "",
            "checksumCrc64nvme": "",
            "checksumSha1": "",
            "checksumSha256": "",
        },
        named=AutoName("key", limit=1024),
    ),
    "aws:s3/bucketObject:BucketObject": Shape(
        id="{key}",
        defaults={"acl": "private", "forceDestroy": False},
        computed=_OBJECT,
        named=AutoName("key", limit=1024),
    ),
    "aws:s3/inventory:Inventory": Shape(
        id="{bucket}:{name}", defaults={"enabled": True}, named=AutoName(limit=64), tagged=False
    ),
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": Shape(
        id="{account}",
        defaults={
            "blockPublicAcls": False,
            "blockPublicPolicy": False,
            "ignorePublicAcls": False,
            "restrictPublicBuckets": False,
        },
        computed={"accountId": "{account}"},
        regional=False,
        tagged=False,
    ),
}
"""By Pulumi type token."""
