"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import CREATED, AutoName, Shape

_COGNITO = "arn:{partition}:cognito-idp:{region}:{account}:"


SHAPES: Mapping[str, Shape] = {
    "aws:cognito/userPool:UserPool": Shape(
        id="{region}_{lower:9}",
        defaults={"mfaConfiguration": "OFF"},
        computed={
            "arn": _COGNITO + "userpool/{id}",
            "creationDate": CREATED,
            "customDomain": "",
            "domain": "",
            "endpoint": "cognito-idp.{region}.{suffix}/{id}",
            "estimatedNumberOfUsers": 0,
            "lastModifiedDate": CREATED,
            "userPoolTier": "ESSENTIALS",
        },
        named=AutoName(limit=128),
    ),
    "aws:cognito/userPoolClient:UserPoolClient": Shape(
        id="{lower:26}",
        computed={
            "accessTokenValidity": 0,
            "authSessionValidity": 3,
            "clientSecret": "{lower:51}",
            "enableTokenRevocation": True,
            "idTokenValidity": 0,
            "refreshTokenValidity": 30,
        },
        named=AutoName(limit=128),
        tagged=False,
        secrets=frozenset({"clientSecret"}),
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": Shape(
        id="{domain}",
        computed={
            "awsAccountId": "{account}",
            "cloudfrontDistribution": "d{lower:13}.cloudfront.net",
            "cloudfrontDistributionArn": "{cloudfrontDistribution}",
            "cloudfrontDistributionZoneId": "Z2FDTNDATAQYW2",
            "managedLoginVersion": 1,
            "s3Bucket": "aws-cognito-prod-{region}-assets",
            "version": "{digits:14}",
        },
        tagged=False,
    ),
    "aws:cognito/userGroup:UserGroup": Shape(
        id="{userPoolId}/{name}", named=AutoName(limit=128), tagged=False
    ),
}
"""By Pulumi type token."""
