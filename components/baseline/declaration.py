"""How the account's baseline is declared."""

from __future__ import annotations

from components.baseline.settings import BaselineSettings
from components.parts.declaration import ACCESS, CONFIGURATION, WATCHING, Resource, Tier

TIERS = (
    Tier(
        field="baseline",
        settings=BaselineSettings,
        components=("trellis:baseline:Baseline",),
        resources={
            "aws:accessanalyzer/analyzer:Analyzer": Resource(WATCHING),
            "aws:apigateway/account:Account": Resource(CONFIGURATION),
            "aws:cfg/deliveryChannel:DeliveryChannel": Resource(WATCHING),
            "aws:cfg/recorder:Recorder": Resource(WATCHING),
            "aws:cfg/recorderStatus:RecorderStatus": Resource(WATCHING),
            "aws:cloudtrail/trail:Trail": Resource(WATCHING),
            "aws:ebs/encryptionByDefault:EncryptionByDefault": Resource(CONFIGURATION),
            "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": Resource(
                CONFIGURATION
            ),
            "aws:guardduty/detector:Detector": Resource(WATCHING),
            "aws:guardduty/detectorFeature:DetectorFeature": Resource(CONFIGURATION),
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Resource(ACCESS),
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Resource(ACCESS),
            "aws:iam/serviceLinkedRole:ServiceLinkedRole": Resource(ACCESS),
            "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": Resource(CONFIGURATION),
        },
    ),
)
"""What this package adds to a stack file."""
