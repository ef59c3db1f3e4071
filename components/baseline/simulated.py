"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import CREATED, AutoName, Scope, Shape

_ARN = "arn:{partition}:iam::{account}:"


def _oidc_arn(scope: Scope) -> str:
    host = str(scope["url"]).removeprefix("https://")
    return scope.text("arn:{partition}:iam::{account}:oidc-provider/") + host


def _linked_role(scope: Scope) -> str:
    """`AWSServiceRoleFor` and the service's name, as most services spell it."""
    service = str(scope["awsServiceName"]).split(".")[0]
    return "AWSServiceRoleFor" + "".join(part.capitalize() for part in service.split("-"))


SHAPES: Mapping[str, Shape] = {
    "aws:cloudtrail/trail:Trail": Shape(
        id="arn:{partition}:cloudtrail:{region}:{account}:trail/{name}",
        defaults={
            "enableLogFileValidation": False,
            "enableLogging": True,
            "includeGlobalServiceEvents": True,
            "isMultiRegionTrail": False,
            "isOrganizationTrail": False,
        },
        computed={
            "arn": "{id}",
            "homeRegion": "{region}",
            "snsTopicArn": "",
        },
        named=AutoName(limit=128),
    ),
    "aws:guardduty/detector:Detector": Shape(
        id="{hex:32}",
        defaults={"enable": True},
        computed={
            "accountId": "{account}",
            "arn": "arn:{partition}:guardduty:{region}:{account}:detector/{id}",
            "findingPublishingFrequency": "SIX_HOURS",
        },
    ),
    "aws:guardduty/detectorFeature:DetectorFeature": Shape(
        id="{detectorId}/{name}", named=AutoName(), tagged=False
    ),
    "aws:cfg/recorder:Recorder": Shape(id="{name}", named=AutoName(limit=256), tagged=False),
    "aws:cfg/recorderStatus:RecorderStatus": Shape(id="{name}", named=AutoName(), tagged=False),
    "aws:cfg/deliveryChannel:DeliveryChannel": Shape(
        id="{name}", named=AutoName(limit=256), tagged=False
    ),
    "aws:accessanalyzer/analyzer:Analyzer": Shape(
        id="{analyzerName}",
        defaults={"type": "ACCOUNT"},
        computed={
            "arn": "arn:{partition}:access-analyzer:{region}:{account}:analyzer/{analyzerName}"
        },
    ),
    "aws:apigateway/account:Account": Shape(
        id="api-gateway-account",
        computed={
            "apiKeyVersion": "4",
            "cloudwatchRoleArn": "",
            "features": ["UsagePlans"],
            "throttleSettings": [{"burstLimit": 5000, "rateLimit": 10000}],
        },
        tagged=False,
    ),
    "aws:ebs/encryptionByDefault:EncryptionByDefault": Shape(
        id="terraform-{digits:26}", defaults={"enabled": True}, tagged=False
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Shape(
        id="{role}/{policyArn}", regional=False, tagged=False
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Shape(
        id=_oidc_arn,
        computed={"arn": "{id}", "thumbprintLists": lambda s: [s.text("{hex:40}")]},
        regional=False,
    ),
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": Shape(
        id=_ARN + "role/aws-service-role/{awsServiceName}/{digits:8}",
        computed={
            "name": _linked_role,
            "arn": _ARN + "role/aws-service-role/{awsServiceName}/{name}",
            "createDate": CREATED,
            "path": "/aws-service-role/{awsServiceName}/",
            "uniqueId": "AROA{upper:17}",
        },
        regional=False,
    ),
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": Shape(
        id="{account}", computed={"catalogId": "{account}"}, tagged=False
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
