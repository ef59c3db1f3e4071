"""What this package's resources cost.

Sources: "Amazon CloudFront Pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from components.parts.asked import Asked, Rule, known
from components.parts.charges import Charge, Free, NotPriced, Pricing, Reason, Row
from components.parts.prices import FREE_LOGS


def distribution(asked: Asked) -> Iterator[Pricing]:
    """What browsers get, requests, and functions on them."""
    region = asked.plan.region
    area = "northAmerica" if region.startswith(("us-", "ca-")) else "europe"
    area_name = {"northAmerica": "North America", "europe": "Europe"}[area]
    where = Reason(
        f"all from {area_name}, after the stack's region; other areas have no price here"
    )
    gb, why = asked.used("sites", "gb")
    requests, reason = asked.used("sites", "requests")
    prefix = f"AmazonCloudFront/{area}"
    yield Charge(f"{prefix}/internetOut/gb", "sent to browsers", gb, (why, where), everywhere=True)
    yield Charge(
        f"{prefix}/https/request", "HTTPS requests", requests, (reason, where), everywhere=True
    )
    behaviors: list[Mapping[str, Any]] = [
        known(asked.resource.inputs.get("defaultCacheBehavior"), {}),
        *(asked.get("orderedCacheBehaviors") or ()),
    ]
    functions = max(
        (len(known(behavior.get("functionAssociations"), ())) for behavior in behaviors), default=0
    )
    if functions:
        yield Charge(
            "AmazonCloudFront/functions/invocation", "functions at the edge",
            requests * functions, (reason,), everywhere=True,
        )  # fmt: skip
    if any(known(behavior.get("lambdaFunctionAssociations")) for behavior in behaviors):
        yield NotPriced("Lambda@Edge", "its duration at the edge is not stated anywhere")


RULES: Mapping[str, Rule] = {
    "aws:cloudfront/distribution:Distribution": distribution,
}

FREE_CDN = Free("a setting of a distribution that is priced", "Amazon CloudFront Pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:cloudfront/function:Function": Free(
        "its invocations are priced with the distribution", "Amazon CloudFront Pricing, 2026-11"
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": FREE_CDN,
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": FREE_CDN,
    "aws:cloudfront/vpcOrigin:VpcOrigin": FREE_CDN,
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": FREE_LOGS,
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": FREE_LOGS,
    "aws:cloudwatch/logDelivery:LogDelivery": Free(
        "CloudFront's access logs to a bucket cost only what the bucket does",
        "Amazon CloudWatch Pricing, vended logs, 2026-11",
    ),
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("sites", "gb"): ((0, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("sites", "requests"): ((1e4, 5e5, 5e6), (1e5, 5e6, 5e7), (1e6, 5e7, 5e8)),
}  # fmt: skip
