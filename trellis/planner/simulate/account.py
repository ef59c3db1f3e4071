"""What an account has once: trail, detector, recorder, budgets (API References, 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Shape

_UUID = "{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}"

SHAPES = {
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
    "aws:cfg/rule:Rule": Shape(
        id="{name}",
        computed={
            "ruleId": "config-rule-{lower:6}",
            "arn": "arn:{partition}:config:{region}:{account}:config-rule/{ruleId}",
        },
        named=AutoName(limit=128),
    ),
    "aws:securityhub/account:Account": Shape(
        id="{account}",
        defaults={"autoEnableControls": True, "enableDefaultStandards": True},
        computed={
            "arn": "arn:{partition}:securityhub:{region}:{account}:hub/default",
            "controlFindingGenerator": "SECURITY_CONTROL",
        },
        tagged=False,
    ),
    "aws:accessanalyzer/analyzer:Analyzer": Shape(
        id="{analyzerName}",
        defaults={"type": "ACCOUNT"},
        computed={
            "arn": "arn:{partition}:access-analyzer:{region}:{account}:analyzer/{analyzerName}"
        },
    ),
    "aws:budgets/budget:Budget": Shape(
        id="{account}:{name}",
        computed={
            "accountId": "{account}",
            "arn": "arn:{partition}:budgets::{account}:budget/{name}",
            "limitAmount": "0.0",
            "limitUnit": "USD",
            "namePrefix": "",
            "timePeriodStart": "2026-11-01_00:00",
        },
        named=AutoName(limit=100),
        regional=False,
    ),
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": Shape(
        id="arn:{partition}:ce::{account}:anomalymonitor/" + _UUID,
        computed={"arn": "{id}"},
        named=AutoName(limit=1024),
        regional=False,
    ),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": Shape(
        id="arn:{partition}:ce::{account}:anomalysubscription/" + _UUID,
        computed={"accountId": "{account}", "arn": "{id}"},
        named=AutoName(limit=1024),
        regional=False,
    ),
    "aws:ssm/parameter:Parameter": Shape(
        id="{name}",
        computed={
            "arn": lambda s: (
                s.text("arn:{partition}:ssm:{region}:{account}:parameter/")
                + str(s["name"]).removeprefix("/")
            ),
            "dataType": "text",
            "hasValueWo": lambda s: s.given("valueWo") is not None,
            "insecureValue": "",
            "keyId": "",
            "tier": "Standard",
            "version": 1,
        },
        named=AutoName(limit=2048),
    ),
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": Shape(
        id="arn:{partition}:chatbot::{account}:chat-configuration/slack-channel/"
        "{configurationName}",
        computed={
            "chatConfigurationArn": "{id}",
            "guardrailPolicyArns": [],
            "loggingLevel": "NONE",
            "slackChannelName": "alerts",
            "slackTeamName": "team",
            "snsTopicArns": [],
            "userAuthorizationRequired": False,
        },
    ),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": Shape(
        id="{channelId}",
        computed={
            "chatConfigurationArn": "arn:{partition}:chatbot::{account}:chat-configuration/"
            "microsoft-teams-channel/{configurationName}",
            "channelName": "alerts",
            "guardrailPolicyArns": [],
            "loggingLevel": "NONE",
            "snsTopicArns": [],
            "teamName": "team",
            "userAuthorizationRequired": False,
        },
    ),
    "aws:xray/samplingRule:SamplingRule": Shape(
        id="{ruleName}",
        computed={"arn": "arn:{partition}:xray:{region}:{account}:sampling-rule/{ruleName}"},
    ),
    "aws:xray/encryptionConfig:EncryptionConfig": Shape(id="{region}", tagged=False),
    "aws:codedeploy/application:Application": Shape(
        id="{hex:8}-{hex:4}:{name}",
        defaults={"computePlatform": "Server"},
        computed={
            "applicationId": _UUID,
            "arn": "arn:{partition}:codedeploy:{region}:{account}:application:{name}",
            "githubAccountName": "",
            "linkedToGithub": False,
        },
        named=AutoName(limit=100),
    ),
    "aws:resourcegroups/group:Group": Shape(
        id="{name}",
        computed={"arn": "arn:{partition}:resource-groups:{region}:{account}:group/{name}"},
        named=AutoName(limit=300),
    ),
}
"""By Pulumi type token."""
