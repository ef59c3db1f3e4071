"""Alarms and widgets of a service's tasks behind network load balancers, as data."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.contracts import AlarmSpec, Severity, WidgetSpec
from components.parts.alarm import AlarmText, Limit, alarm, measured
from components.services.routing.network_balancer_alarms import NAMESPACE
from components.services.routing.target_group import TargetNames

MINUTE = 60
"""Seconds."""


def listening_alarms(key: str, targets: Mapping[str, TargetNames]) -> tuple[AlarmSpec, ...]:
    """Tasks that fail their health check.

    Args:
        key: the service's.
        targets: by load balancer and port.
    """
    return tuple(
        alarm(
            f"{key}-{label}-unhealthy",
            AlarmText(
                f"{key}: unhealthy targets",
                f"The network load balancer has had a task of {key} that fails the health check "
                f"of {label} for two minutes.",
                "Read the task's log and its stopped reason; ECS replaces it by itself unless all "
                "of them fail.",
            ),
            measured(NAMESPACE, "UnHealthyHostCount", _of(names), "Maximum", MINUTE),
            Limit(0, periods=2),
            parent=f"service-{key}",
            severity=Severity.PAGE,
        )
        for label, names in targets.items()
    )


def listening_widgets(key: str, targets: Mapping[str, TargetNames]) -> tuple[WidgetSpec, ...]:
    """Healthy and unhealthy tasks, and connections that tasks broke off."""
    found: list[WidgetSpec] = []
    for label, names in targets.items():
        health = tuple(
            measured(NAMESPACE, metric, _of(names), "Maximum", MINUTE, id_=id_)
            for id_, metric in (
                ("healthy", "HealthyHostCount"),
                ("unhealthy", "UnHealthyHostCount"),
            )
        )
        resets = measured(
            NAMESPACE, "TCP_Target_Reset_Count", _of(names), "Sum", MINUTE, id_="resets"
        )
        found += [
            WidgetSpec(f"{key} by {label}: targets", "Load balancers", health),
            WidgetSpec(f"{key} by {label}: broken off", "Load balancers", (resets,)),
        ]
    return tuple(found)


def _of(names: TargetNames) -> Mapping[str, pulumi.Input[str]]:
    return {"LoadBalancer": names.balancer, "TargetGroup": names.groups[0]}
