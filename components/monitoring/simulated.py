"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import CREATED, UUID, AutoName, Scope, Shape

_ARN = "arn:{partition}:cloudwatch:{region}:{account}:"


def _health_check_arn(scope: Scope) -> str:
    return f"arn:{scope.world.partition}:route53:::healthcheck/{scope.id}"


_LOGS_ARN = "arn:{partition}:logs:{region}:{account}:"


SHAPES: Mapping[str, Shape] = {
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
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": Shape(
        id="{alarmName}",
        defaults={"actionsEnabled": True},
        computed={"arn": _ARN + "alarm:{alarmName}"},
    ),
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": Shape(
        id="{name}",
        computed={
            "arn": _ARN + "alarm-mute-rule:{name}",
            "lastUpdatedTimestamp": CREATED,
            "muteType": "RECURRING",
            "status": "ACTIVE",
        },
        named=AutoName(limit=255),
    ),
    "aws:cloudwatch/dashboard:Dashboard": Shape(
        id="{dashboardName}",
        computed={
            "dashboardArn": "arn:{partition}:cloudwatch::{account}:dashboard/{dashboardName}"
        },
        tagged=False,
    ),
    "aws:synthetics/canary:Canary": Shape(
        id="{name}",
        defaults={
            "deleteLambda": False,
            "failureRetentionPeriod": 31,
            "startCanary": False,
            "successRetentionPeriod": 31,
        },
        computed={
            "arn": "arn:{partition}:synthetics:{region}:{account}:canary:{name}",
            "engineArn": "arn:{partition}:lambda:{region}:{account}:function:"
            "cwsyn-{name}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}:1",
            "sourceLocationArn": "arn:{partition}:lambda:{region}:{account}:layer:"
            "cwsyn-{name}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}:1",
            "status": "RUNNING",
            "timelines": [{"created": CREATED, "lastModified": CREATED}],
        },
        named=AutoName(limit=255),
    ),
    "aws:route53/healthCheck:HealthCheck": Shape(
        id=UUID,
        defaults={"disabled": False, "requestInterval": 30},
        computed={
            "arn": _health_check_arn,
            "enableSni": True,
            "failureThreshold": 3,
            "triggers": {},
        },
        regional=False,
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Shape(
        id="{name}",
        defaults={"applyOnTransformedLogs": False},
        named=AutoName(limit=512),
        tagged=False,
    ),
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": Shape(
        id="{logGroupName}", tagged=False
    ),
    "aws:cloudwatch/queryDefinition:QueryDefinition": Shape(
        id="{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}",
        computed={
            "arn": _LOGS_ARN + "query-definition:{id}",
            "queryDefinitionId": "{id}",
        },
        named=AutoName(limit=255),
        tagged=False,
    ),
}
"""By Pulumi type token."""
