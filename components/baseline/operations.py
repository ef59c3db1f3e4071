"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": call(
        "iam", "CreateOpenIDConnectProvider"
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": call(
        "iam", "AttachRolePolicy", role="RoleName"
    ),
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings": call(
        "glue", "PutDataCatalogEncryptionSettings"
    ),
    "aws:apigateway/account:Account": call("apigateway", "UpdateAccount", "cloudwatchRoleArn"),
    "aws:accessanalyzer/analyzer:Analyzer": call("accessanalyzer", "CreateAnalyzer"),
    "aws:cfg/deliveryChannel:DeliveryChannel": call(
        "config",
        "PutDeliveryChannel",
        name="DeliveryChannel.name",
        s3BucketName="DeliveryChannel.s3BucketName",
        s3KeyPrefix="DeliveryChannel.s3KeyPrefix",
    ),
    "aws:cfg/recorder:Recorder": call(
        "config",
        "PutConfigurationRecorder",
        name="ConfigurationRecorder.name",
        roleArn="ConfigurationRecorder.roleARN",
        recordingGroup="ConfigurationRecorder.recordingGroup",
        recordingMode="ConfigurationRecorder.recordingMode",
    ),
    # Whether it records is the choice between starting and stopping, not a member of either.
    "aws:cfg/recorderStatus:RecorderStatus": call(
        "config",
        "StartConfigurationRecorder",
        "isEnabled",
        name="ConfigurationRecorderName",
    ),
    # Logging is started and stopped by operations of their own.
    "aws:cloudtrail/trail:Trail": call(
        "cloudtrail",
        "CreateTrail",
        "enableLogging",
        advancedEventSelectors="PutEventSelectors:AdvancedEventSelectors",
    ),
    # On and off are two operations without a member for which.
    "aws:ebs/encryptionByDefault:EncryptionByDefault": call(
        "ec2", "EnableEbsEncryptionByDefault", "enabled"
    ),
    "aws:guardduty/detector:Detector": call("guardduty", "CreateDetector"),
    "aws:guardduty/detectorFeature:DetectorFeature": call(
        "guardduty", "UpdateDetector", name="Features.Name", status="Features.Status"
    ),
    # The service names its role.
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": call("iam", "CreateServiceLinkedRole", "name"),
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": Call(
        "s3control",
        "PutPublicAccessBlock",
        {
            key: f"PublicAccessBlockConfiguration.{key}"
            for key in (
                "blockPublicAcls",
                "blockPublicPolicy",
                "ignorePublicAcls",
                "restrictPublicBuckets",
            )
        },
    ),
}
"""By Pulumi type token."""
