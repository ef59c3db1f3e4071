"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:route53/healthCheck:HealthCheck": Call(
        "route53",
        "CreateHealthCheck",
        {"fqdn": "HealthCheckConfig.FullyQualifiedDomainName"}
        | {
            key: f"HealthCheckConfig.{key}"
            for key in (
                "type",
                "port",
                "resourcePath",
                "failureThreshold",
                "requestInterval",
                "measureLatency",
                "regions",
                "enableSni",
            )
        },
    ),
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": call("cloudwatch", "PutAlarmMuteRule"),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": call("cloudwatch", "PutCompositeAlarm"),
    "aws:cloudwatch/dashboard:Dashboard": call("cloudwatch", "PutDashboard"),
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": call(
        "logs", "PutDataProtectionPolicy", logGroupName="logGroupIdentifier"
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": call(
        "logs",
        "PutMetricFilter",
        name="filterName",
        pattern="filterPattern",
        metricTransformation="metricTransformations",
    ),
    "aws:cloudwatch/queryDefinition:QueryDefinition": call("logs", "PutQueryDefinition"),
    # The provider reads the file and sends its bytes, and starts a canary by another operation.
    "aws:synthetics/canary:Canary": call(
        "synthetics",
        "CreateCanary",
        "zipFile",
        "startCanary",
        handler="Code.Handler",
        successRetentionPeriod="SuccessRetentionPeriodInDays",
        failureRetentionPeriod="FailureRetentionPeriodInDays",
        deleteLambda="DeleteCanary:DeleteLambda",
    ),
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": call(
        "chatbot", "CreateSlackChannelConfiguration"
    ),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": call(
        "chatbot", "CreateMicrosoftTeamsChannelConfiguration"
    ),
}
"""By Pulumi type token."""
