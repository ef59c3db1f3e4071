"""Widgets of a service, as data: its golden signals first, then all there is to see."""

from __future__ import annotations

from components.contracts import MetricQuery, WidgetSpec
from components.services.service_alarms import (
    Watched,
    ecs_metric,
    error_share,
    insight_metric,
    target_metric,
)

GOLDEN, SERVICES, BALANCERS = "Golden signals", "Services", "Load balancers"

LATENCY_GOAL_SECONDS = 0.5
"""Drawn on the charts of latency."""


def service_widgets(watched: Watched) -> tuple[WidgetSpec, ...]:
    """Golden signals; tasks, CPU, memory; requests, health, latency and status codes."""
    details = [widget for balancer in watched.targets for widget in _requests(watched, balancer)]
    return (*_golden(watched), *_tasks(watched), *details)


def _golden(watched: Watched) -> list[WidgetSpec]:
    """Traffic, errors, latency and saturation; tasks instead where nobody calls the service."""
    key, logs = watched.key, (watched.log_group,)
    signals: list[WidgetSpec] = []
    for balancer in watched.targets:
        name = key if len(watched.targets) == 1 else f"{key} by {balancer}"
        share = error_share(watched, balancer)
        signals += [
            WidgetSpec(f"{name}: traffic", GOLDEN, _counted(watched, balancer), "requests/min"),
            WidgetSpec(f"{name}: errors", GOLDEN, share, "%"),
            WidgetSpec(
                f"{name}: latency", GOLDEN, _latency(watched, balancer), "s", LATENCY_GOAL_SECONDS
            ),
        ]
    if not signals and watched.insights:
        signals.append(WidgetSpec(f"{key}: running and desired tasks", GOLDEN, _count(watched)))
    saturation = (
        ecs_metric(watched, "cpu", "CPUUtilization", label="CPU"),
        ecs_metric(watched, "memory", "MemoryUtilization", label="memory"),
    )
    signals.append(WidgetSpec(f"{key}: saturation", GOLDEN, saturation, "%", log_groups=logs))
    return signals


def _tasks(watched: Watched) -> list[WidgetSpec]:
    key, logs = watched.key, (watched.log_group,)
    cpu, memory = (
        ecs_metric(watched, id_, metric)
        for id_, metric in (("cpu", "CPUUtilization"), ("memory", "MemoryUtilization"))
    )
    widgets = [
        WidgetSpec(f"{key}: CPU", SERVICES, (cpu,), "%", log_groups=logs),
        WidgetSpec(f"{key}: memory", SERVICES, (memory,), "%"),
    ]
    if watched.insights:
        widgets.append(WidgetSpec(f"{key}: running and desired tasks", SERVICES, _count(watched)))
    return widgets


def _requests(watched: Watched, balancer: str) -> list[WidgetSpec]:
    key = watched.key

    def metrics(statistic: str, *named: tuple[str, str, str]) -> tuple[MetricQuery, ...]:
        return tuple(
            query
            for id_, metric, label in named
            for query in target_metric(watched, balancer, id_, metric, statistic, label=label)
        )

    codes = tuple((f"c{n}xx", f"HTTPCode_Target_{n}XX_Count", f"{n}xx") for n in range(2, 6))
    health = metrics(
        "Maximum",
        ("healthy", "HealthyHostCount", "healthy"),
        ("unhealthy", "UnHealthyHostCount", "unhealthy"),
    )
    latency = _latency(watched, balancer)
    return [
        WidgetSpec(f"{key}: requests", BALANCERS, _counted(watched, balancer), "1/min"),
        WidgetSpec(f"{key}: healthy and unhealthy targets", BALANCERS, health),
        WidgetSpec(f"{key}: latency", BALANCERS, latency, "s", LATENCY_GOAL_SECONDS),
        WidgetSpec(f"{key}: status codes", BALANCERS, metrics("Sum", *codes), stacked=True),
    ]


def _counted(watched: Watched, balancer: str) -> tuple[MetricQuery, ...]:
    return target_metric(watched, balancer, "requests", "RequestCount", "Sum")


def _latency(watched: Watched, balancer: str) -> tuple[MetricQuery, ...]:
    return tuple(
        query
        for p in ("p50", "p95", "p99")
        for query in target_metric(watched, balancer, p, "TargetResponseTime", p)
    )


def _count(watched: Watched) -> tuple[MetricQuery, ...]:
    return tuple(
        insight_metric(watched, id_, metric)
        for id_, metric in (("running", "RunningTaskCount"), ("desired", "DesiredTaskCount"))
    )
