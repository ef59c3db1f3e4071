"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:cloudfront/distribution:Distribution": Call(
        "cloudfront",
        "CreateDistribution",
        {
            key: f"DistributionConfig.{key}"
            for key in (
                "aliases",
                "comment",
                "customErrorResponses",
                "defaultCacheBehavior",
                "defaultRootObject",
                "enabled",
                "httpVersion",
                "isIpv6Enabled",
                "origins",
                "priceClass",
                "restrictions",
                "viewerCertificate",
                "webAclId",
            )
        },
        frozenset(
            {"loggingConfig", "orderedCacheBehaviors", "retainOnDelete", "waitForDeployment"}
        ),
    ),
    "aws:cloudfront/function:Function": call(
        "cloudfront",
        "CreateFunction",
        "code",
        "publish",
        comment="FunctionConfig.Comment",
        runtime="FunctionConfig.Runtime",
        keyValueStoreAssociations="FunctionConfig.KeyValueStoreAssociations",
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": Call(
        "cloudfront",
        "CreateOriginAccessControl",
        {
            key: f"OriginAccessControlConfig.{key}"
            for key in (
                "name",
                "description",
                "originAccessControlOriginType",
                "signingBehavior",
                "signingProtocol",
            )
        },
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": Call(
        "cloudfront",
        "CreateResponseHeadersPolicy",
        {
            key: f"ResponseHeadersPolicyConfig.{key}"
            for key in (
                "name",
                "comment",
                "corsConfig",
                "customHeadersConfig",
                "removeHeadersConfig",
                "securityHeadersConfig",
                "serverTimingHeadersConfig",
            )
        },
    ),
    "aws:cloudfront/vpcOrigin:VpcOrigin": call("cloudfront", "CreateVpcOrigin"),
    "aws:cloudwatch/logDelivery:LogDelivery": call(
        "logs", "CreateDelivery", s3DeliveryConfigurations="s3DeliveryConfiguration"
    ),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": call(
        "logs", "PutDeliveryDestination"
    ),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": call("logs", "PutDeliverySource"),
}
"""By Pulumi type token."""
