"""Failed deployments: a rule that hears of them, tells the alerts topic, and is counted."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.contracts import Arn, WidgetSpec
from components.monitoring.alarms.failures import failure_rule, failures_widget
from components.naming import Kind, Naming

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
    description = "A deployment of a service failed and was rolled back"
    failure_rule(RULE, name, description, pattern, topic, opts)


def failed_deployments_widget(naming: Naming) -> WidgetSpec:
    """How many failed."""
    rules = {naming.of(Kind.EVENT_RULE, RULE): None}
    return failures_widget("Failed deployments", "Services", rules)
