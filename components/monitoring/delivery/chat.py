"""Alarms in Slack and Microsoft Teams, by Amazon Q Developer in chat applications."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant
from components.monitoring.delivery.settings import SlackSettings, TeamsSettings
from components.monitoring.names import CHAT_NAME
from components.naming import Kind, Naming
from components.parts.role import service_role
from components.tags import name_tag

GUARDRAIL = "CloudWatchReadOnlyAccess"
"""AWS managed policy that bounds what anybody in the channel can ask for; without one it would be
AdministratorAccess ("SlackChannelConfiguration": GuardrailPolicies, 2026-11)."""


def chat_channel(
    key: str,
    settings: SlackSettings | TeamsSettings,
    topics: Sequence[Arn],
    *,
    naming: Naming,
    where: AccountRegion,
    opts: pulumi.ResourceOptions,
) -> None:
    """Make the channel's configuration; it subscribes to the topics itself."""
    physical_name = naming.of(CHAT_NAME, key)
    role = service_role(
        key,
        physical_name=naming.of(Kind.ROLE, key, "chat"),
        description="Shows alarms and their graphs in a chat channel",
        service="chatbot.amazonaws.com",
        grants=[
            Grant(
                "ShowAlarms",
                ("cloudwatch:DescribeAlarms",),
                (where.arn("cloudwatch", "alarm:*"),),
            ),
            # Reading metrics knows no resource ("Actions defined by Amazon CloudWatch", 2026-11).
            Grant("ShowGraphs", ("cloudwatch:GetMetricData",), ("*",)),
        ],
        conditions={"StringEquals": {"aws:SourceAccount": where.account}},
        opts=opts,
    )
    guardrails = [f"arn:{where.partition}:iam::aws:policy/{GUARDRAIL}"]
    if isinstance(settings, SlackSettings):
        aws.chatbot.SlackChannelConfiguration(
            key,
            configuration_name=physical_name,
            iam_role_arn=role.arn,
            slack_team_id=settings.workspace,
            slack_channel_id=settings.channel,
            sns_topic_arns=[*topics],
            guardrail_policy_arns=guardrails,
            logging_level="ERROR",
            tags=name_tag(physical_name),
            opts=opts,
        )
        return
    aws.chatbot.TeamsChannelConfiguration(
        key,
        configuration_name=physical_name,
        iam_role_arn=role.arn,
        tenant_id=settings.tenant,
        team_id=settings.team,
        channel_id=settings.channel,
        sns_topic_arns=[*topics],
        guardrail_policy_arns=guardrails,
        logging_level="ERROR",
        tags=name_tag(physical_name),
        opts=opts,
    )
