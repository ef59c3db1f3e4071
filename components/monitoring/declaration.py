"""How monitoring is declared."""

from __future__ import annotations

from components.contracts import Domain
from components.monitoring import custom_metrics
from components.monitoring.logs import application_log
from components.monitoring.settings import MonitoringSettings
from components.parts.changes import Change, Unique
from components.parts.declaration import CONFIGURATION, WATCHING, Resource, Tier, Watched
from components.parts.shown import CLOCK, Shown

TIERS = (
    Tier(
        field="monitoring",
        settings=MonitoringSettings,
        components={
            "trellis:monitoring:Canary": Shown(
                "canary",
                glyph=CLOCK,
                icon=r"CloudWatch",
                part="canaries",
            ),
            "trellis:monitoring:LogArchive": Shown("log archive", hidden=True),
            "trellis:monitoring:Monitoring": Shown("monitoring", hidden=True),
        },
        resources={
            "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": Resource(
                WATCHING, unique=Unique("region", ("configurationName",))
            ),
            "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": Resource(
                WATCHING, unique=Unique("region", ("configurationName",))
            ),
            "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": Resource(WATCHING),
            "aws:cloudwatch/compositeAlarm:CompositeAlarm": Resource(
                WATCHING, unique=Unique("region", ("alarmName",))
            ),
            "aws:cloudwatch/dashboard:Dashboard": Resource(
                WATCHING, facts=("dashboardName",), unique=Unique("account", ("dashboardName",))
            ),
            "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": Resource(
                CONFIGURATION
            ),
            "aws:cloudwatch/logMetricFilter:LogMetricFilter": Resource(
                WATCHING, change=Change(same=("logGroupName", "name"))
            ),
            "aws:cloudwatch/queryDefinition:QueryDefinition": Resource(WATCHING),
            "aws:route53/healthCheck:HealthCheck": Resource(
                Watched(("HealthCheckStatus",), ("id",)), facts=("fqdn", "port", "resourcePath")
            ),
            "aws:synthetics/canary:Canary": Resource(
                Watched(("SuccessPercent",)),
                facts=("name", "schedule", "runtimeVersion"),
                unique=Unique("region", ("name",)),
            ),
        },
        keys=frozenset({Domain.MESSAGES}),
        offer=custom_metrics.OFFER,
        more_offers=(application_log.OFFER,),
    ),
)
"""What this package adds to a stack file."""
