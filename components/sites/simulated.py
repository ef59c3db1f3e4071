"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.parts.simulation import CREATED, UUID, AutoName, Shape

CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone of every distribution ("CloudFront endpoints and quotas", 2026-11)."""


_CDN = "arn:{partition}:cloudfront::{account}:"


_ETAG = {"etag": "E{upper:13}"}


_TRUSTED: list[dict[str, Any]] = [{"enabled": False, "items": []}]


def cdn_policy(kind: str, **computed: Any) -> Shape:
    return Shape(
        id=UUID,
        computed={"arn": f"{_CDN}{kind}/{{id}}", **_ETAG, **computed},
        named=AutoName(limit=128),
        regional=False,
        tagged=False,
    )


_ARN = "arn:{partition}:logs:{region}:{account}:"


SHAPES: Mapping[str, Shape] = {
    "aws:cloudfront/distribution:Distribution": Shape(
        id="E{upper:13}",
        defaults={
            "httpVersion": "http2",
            "isIpv6Enabled": False,
            "priceClass": "PriceClass_All",
            "retainOnDelete": False,
            "staging": False,
            "waitForDeployment": True,
        },
        computed={
            "arn": _CDN + "distribution/{id}",
            "callerReference": "terraform-{digits:26}",
            "continuousDeploymentPolicyId": "",
            "domainName": "d{lower:13}.cloudfront.net",
            **_ETAG,
            "hostedZoneId": CLOUDFRONT_ZONE,
            "inProgressValidationBatches": 0,
            "lastModifiedTime": CREATED,
            "loggingV1Enabled": False,
            "status": "Deployed",
            "trustedKeyGroups": _TRUSTED,
            "trustedSigners": _TRUSTED,
        },
        regional=False,
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": Shape(
        id="E{upper:13}",
        defaults={"description": "Managed by Pulumi"},
        computed={"arn": _CDN + "origin-access-control/{id}", **_ETAG},
        named=AutoName(limit=64),
        regional=False,
        tagged=False,
    ),
    "aws:cloudfront/function:Function": Shape(
        id="{name}",
        defaults={"publish": True},
        computed={
            "arn": _CDN + "function/{name}",
            **_ETAG,
            "liveStageEtag": "E{upper:13}",
            "status": "UNASSOCIATED",
        },
        named=AutoName(limit=64),
        regional=False,
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": cdn_policy(
        "response-headers-policy"
    ),
    "aws:cloudfront/vpcOrigin:VpcOrigin": Shape(
        id="vo_{lower:22}",
        computed={"arn": f"{_CDN}vpcorigin/{{id}}", **_ETAG},
        regional=False,
    ),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": Shape(
        id="{name}",
        computed={"arn": _ARN + "delivery-source:{name}", "service": "cloudfront"},
        named=AutoName(limit=60),
    ),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": Shape(
        id="{name}",
        computed={"arn": _ARN + "delivery-destination:{name}"},
        named=AutoName(limit=60),
    ),
    "aws:cloudwatch/logDelivery:LogDelivery": Shape(
        id="{lower:16}",
        computed={"arn": _ARN + "delivery:{id}"},
    ),
}
"""By Pulumi type token."""
