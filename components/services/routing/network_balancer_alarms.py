"""Alarms and widgets of a network load balancer itself, as data.

Metrics: "CloudWatch metrics for your Network Load Balancer" (2026-11).
"""

from __future__ import annotations

import pulumi

from components.contracts import AlarmSpec, Severity, WidgetSpec
from components.parts.alarm import ANY_AT_ALL, AlarmText, alarm, measured

NAMESPACE = "AWS/NetworkELB"
FIVE_MINUTES = 300
"""Seconds."""


def network_balancer_alarms(key: str, arn_suffix: pulumi.Input[str]) -> tuple[AlarmSpec, ...]:
    """Connections it had no port or no capacity for; unhealthy targets are their services'.

    Args:
        arn_suffix: what CloudWatch calls it.
    """
    label = f"network-load-balancer-{key}"
    own = {"LoadBalancer": arn_suffix}
    return (
        alarm(
            f"{label}-ports",
            AlarmText(
                f"Network load balancer {key}: no port was left for a connection",
                "It had no port of its own left towards a task, so connections failed.",
                "Run more tasks, or let more zones have an address: each target takes about "
                "55,000 connections of a load balancer's address.",
            ),
            measured(NAMESPACE, "PortAllocationErrorCount", own, "Sum", FIVE_MINUTES),
            ANY_AT_ALL,
            parent=label,
            severity=Severity.PAGE,
        ),
        alarm(
            f"{label}-rejected",
            AlarmText(
                f"Network load balancer {key}: connections refused",
                "It refused connections: it had more than it can, or no healthy task for them.",
                "See whether its services have healthy tasks; if they have, see whether the "
                "traffic is wanted, and ask AWS for reserved capacity.",
            ),
            measured(NAMESPACE, "RejectedFlowCount", own, "Sum", FIVE_MINUTES),
            ANY_AT_ALL,
            parent=label,
        ),
    )


def network_balancer_widgets(key: str, arn_suffix: pulumi.Input[str]) -> tuple[WidgetSpec, ...]:
    """Connections, bytes, and what was refused or broken off."""
    own = {"LoadBalancer": arn_suffix}

    def chart(title: str, statistic: str, **metrics: str) -> WidgetSpec:
        lines = tuple(
            measured(NAMESPACE, metric, own, statistic, FIVE_MINUTES, id_=id_)
            for id_, metric in metrics.items()
        )
        return WidgetSpec(f"{key}: {title}", "Load balancers", lines)

    return (
        chart("connections", "Average", active="ActiveFlowCount"),
        chart("new connections", "Sum", begun="NewFlowCount", bytes="ProcessedBytes"),
        chart(
            "refused and broken off",
            "Sum",
            rejected="RejectedFlowCount",
            ports="PortAllocationErrorCount",
            handshakes="ClientTLSNegotiationErrorCount",
            resets="TCP_ELB_Reset_Count",
        ),
    )
