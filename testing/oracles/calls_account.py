"""The operations behind what an account has once: trails, recorders, detectors, costs, chat."""

from __future__ import annotations

from collections.abc import Mapping

from testing.oracles.operation import Call, call

CALLS: Mapping[str, Call] = {
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
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": call(
        "chatbot", "CreateSlackChannelConfiguration"
    ),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": call(
        "chatbot", "CreateMicrosoftTeamsChannelConfiguration"
    ),
    # Logging is started and stopped by operations of their own.
    "aws:cloudtrail/trail:Trail": call(
        "cloudtrail",
        "CreateTrail",
        "enableLogging",
        advancedEventSelectors="PutEventSelectors:AdvancedEventSelectors",
    ),
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": call(
        "ce",
        "CreateAnomalyMonitor",
        name="AnomalyMonitor.MonitorName",
        monitorType="AnomalyMonitor.MonitorType",
        monitorDimension="AnomalyMonitor.MonitorDimension",
        monitorSpecification="AnomalyMonitor.MonitorSpecification",
    ),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": call(
        "ce",
        "CreateAnomalySubscription",
        name="AnomalySubscription.SubscriptionName",
        frequency="AnomalySubscription.Frequency",
        monitorArnLists="AnomalySubscription.MonitorArnList",
        subscribers="AnomalySubscription.Subscribers",
        thresholdExpression="AnomalySubscription.ThresholdExpression",
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
