"""Alarms and widgets of a load balancer itself, as data: what it could not hand to any target."""

from __future__ import annotations

import pulumi

from components.contracts import AlarmSpec, Severity, WidgetSpec
from components.parts.alarm import ANY_AT_ALL, AlarmText, Limit, alarm, measured

NAMESPACE = "AWS/ApplicationELB"
FIVE_MINUTES = 300
"""Seconds."""

ERRORS = 10
"""In five minutes, as of targets."""


def balancer_alarms(key: str, arn_suffix: pulumi.Input[str]) -> tuple[AlarmSpec, ...]:
    """Errors of its own, and connections it refused; those of targets are their services'.

    Args:
        arn_suffix: what CloudWatch calls it.
    """
    label = f"load-balancer-{key}"
    own = {"LoadBalancer": arn_suffix}
    return (
        alarm(
            f"{label}-errors",
            AlarmText(
                f"Load balancer {key}: more than {ERRORS} errors of its own in 5 minutes",
                "It answered with 5xx by itself: no target was there, or none answered in time.",
                "See which services have no healthy tasks; if all are healthy, compare the idle "
                "timeout with how long they take.",
            ),
            measured(NAMESPACE, "HTTPCode_ELB_5XX_Count", own, "Sum", FIVE_MINUTES),
            Limit(ERRORS),
            parent=label,
            severity=Severity.PAGE,
        ),
        alarm(
            f"{label}-rejected",
            AlarmText(
                f"Load balancer {key}: connections refused",
                "It had as many connections as it can, and refused more.",
                "See whether the traffic is wanted: block it in the firewall, or ask AWS for "
                "reserved capacity.",
            ),
            measured(NAMESPACE, "RejectedConnectionCount", own, "Sum", FIVE_MINUTES),
            ANY_AT_ALL,
            parent=label,
        ),
    )


def balancer_widgets(key: str, arn_suffix: pulumi.Input[str]) -> tuple[WidgetSpec, ...]:
    """Errors of its own and refused connections; connections that are open and that begin."""
    own = {"LoadBalancer": arn_suffix}

    def chart(title: str, **metrics: str) -> WidgetSpec:
        lines = tuple(
            measured(NAMESPACE, metric, own, "Sum", FIVE_MINUTES, id_=id_)
            for id_, metric in metrics.items()
        )
        return WidgetSpec(f"{key}: {title}", "Load balancers", lines)

    return (
        chart(
            "errors of its own",
            errors="HTTPCode_ELB_5XX_Count",
            rejected="RejectedConnectionCount",
        ),
        chart("connections", active="ActiveConnectionCount", begun="NewConnectionCount"),
    )
