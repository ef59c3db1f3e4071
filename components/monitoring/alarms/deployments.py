"""Failed deployments: a rule that hears of them, tells the alerts topic, and is counted."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import Arn, MetricQuery, WidgetSpec
from components.naming import Kind, Naming
from components.tags import name_tag

RULE = "deployments-failed"


def failed_deployments(
    services: Sequence[Arn], topic: Arn, *, naming: Naming, opts: pulumi.ResourceOptions
) -> None:
    """Make the rule ("Amazon ECS deployment state change events", 2026-11).

    Args:
        services: ARNs of the ECS services.
        topic: who is told; its policy must let rules publish.
    """
    name = naming.of(Kind.EVENT_RULE, RULE)
    pattern = {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        "resources": list(services),
        "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
    }
    rule = aws.cloudwatch.EventRule(
        RULE,
        name=name,
        description="A deployment of a service failed and was rolled back",
        event_pattern=pulumi.Output.json_dumps(pattern)
        if any(isinstance(service, pulumi.Output) for service in services)
        else json.dumps(pattern),
        tags=name_tag(name),
        opts=opts,
    )
    aws.cloudwatch.EventTarget(RULE, rule=rule.name, target_id="alerts", arn=topic, opts=opts)


def failed_deployments_widget(naming: Naming) -> WidgetSpec:
    """How many failed."""
    return WidgetSpec(
        "Failed deployments",
        "Services",
        (
            MetricQuery(
                id="failed",
                namespace="AWS/Events",
                name="MatchedEvents",
                dimensions={"RuleName": naming.of(Kind.EVENT_RULE, RULE)},
                statistic="Sum",
                period=300,
            ),
        ),
    )
