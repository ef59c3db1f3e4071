"""Amazon S3: what AWS answers ("Amazon Simple Storage Service API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.bucket.simulated import companion
from components.parts.simulation import AutoName, Scope, Shape

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


SHAPES: Mapping[str, Shape] = {
    "aws:s3/bucketAcl:BucketAcl": companion(),
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": Shape(
        id="{bucket}",
        computed={
            "routingRules": [],
            "websiteDomain": _website_domain,
            "websiteEndpoint": "{bucket}.{websiteDomain}",
        },
        tagged=False,
    ),
    "aws:s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration": companion(),
    "aws:s3/bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration": companion(),
    "aws:s3/bucketObject:BucketObject": Shape(
        id="{key}",
        defaults={"acl": "private", "forceDestroy": False},
        computed=_OBJECT,
        named=AutoName("key", limit=1024),
    ),
    "aws:s3/inventory:Inventory": Shape(
        id="{bucket}:{name}", defaults={"enabled": True}, named=AutoName(limit=64), tagged=False
    ),
}
"""By Pulumi type token."""
