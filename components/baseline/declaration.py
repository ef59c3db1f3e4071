"""How the account's baseline is declared."""

from __future__ import annotations

from components.baseline.settings import BaselineSettings
from components.parts.changes import Change, Quota, Unique
from components.parts.declaration import ACCESS, CONFIGURATION, WATCHING, Resource, Tier
from components.parts.shown import Shown

TIERS = (
    Tier(
        field="baseline",
        settings=BaselineSettings,
        components={
            "trellis:baseline:Baseline": Shown("baseline", hidden=True),
        },
        resources={
            "aws:accessanalyzer/analyzer:Analyzer": Resource(WATCHING),
            "aws:apigateway/account:Account": Resource(CONFIGURATION, unique=Unique("region")),
            "aws:cfg/deliveryChannel:DeliveryChannel": Resource(WATCHING, unique=Unique("region")),
            "aws:cfg/recorder:Recorder": Resource(WATCHING, unique=Unique("region")),
            "aws:cfg/recorderStatus:RecorderStatus": Resource(WATCHING),
            "aws:cloudtrail/trail:Trail": Resource(
                WATCHING,
                unique=Unique("region", ("name",)),
                quota=Quota(
                    5,
                    "trails",
                    "it can't be raised (Quotas in AWS CloudTrail, User Guide, 2026-11)",
                ),
            ),
            "aws:ebs/encryptionByDefault:EncryptionByDefault": Resource(
                CONFIGURATION, unique=Unique("region")
            ),
            "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": Resource(
                CONFIGURATION, unique=Unique("region")
            ),
            "aws:guardduty/detector:Detector": Resource(WATCHING, unique=Unique("region")),
            "aws:guardduty/detectorFeature:DetectorFeature": Resource(CONFIGURATION),
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Resource(
                ACCESS, unique=Unique("account", ("url",))
            ),
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Resource(
                ACCESS, change=Change(same=("role", "policyArn"))
            ),
            "aws:iam/serviceLinkedRole:ServiceLinkedRole": Resource(
                ACCESS, unique=Unique("account", ("awsServiceName", "customSuffix"))
            ),
            "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": Resource(
                CONFIGURATION, unique=Unique("account")
            ),
        },
        keys=frozenset(),
    ),
)
"""What this package adds to a stack file."""
