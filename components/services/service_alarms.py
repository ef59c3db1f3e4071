"""Alarms and widgets of a service, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.contracts import AlarmSpec, MetricQuery, Severity, WidgetSpec

ECS, INSIGHTS, BALANCER = "AWS/ECS", "ECS/ContainerInsights", "AWS/ApplicationELB"

CPU_PERCENT, MEMORY_PERCENT = 80, 85
LATENCY_GOAL_SECONDS = 0.5
"""Drawn on the latency chart."""
ERRORS, ERROR_SHARE, LEAST_REQUESTS = 10, 5, 20
"""Responses 5xx in five minutes; percent of requests; requests a minute that a share is made of."""


@dataclass(frozen=True)
class Watched:
    """What alarms need to know of a service."""

    key: str
    cluster: str
    service: str
    """Physical names."""
    least: int
    """Tasks that should always run."""
    insights: bool
    """Whether Container Insights counts the running tasks."""
    targets: Mapping[str, tuple[pulumi.Input[str], pulumi.Input[str]]]
    """CloudWatch's names of load balancer and target group, by the load balancer's key."""

    @property
    def parent(self) -> str:
        """Groups its alarms."""
        return f"service-{self.key}"


def service_alarms(watched: Watched) -> tuple[AlarmSpec, ...]:
    """CPU, memory and count of tasks; behind a load balancer also health and errors."""
    alarms = [
        _utilisation(watched, "cpu", "CPUUtilization", CPU_PERCENT),
        _utilisation(watched, "memory", "MemoryUtilization", MEMORY_PERCENT),
    ]
    if watched.insights and watched.least > 0:
        alarms.append(_too_few(watched))
    for balancer in watched.targets:
        alarms += [
            _unhealthy(watched, balancer),
            _errors(watched, balancer),
            _error_share(watched, balancer),
        ]
    return tuple(alarms)


def _utilisation(watched: Watched, what: str, metric: str, percent: int) -> AlarmSpec:
    return AlarmSpec(
        name=f"{watched.key}-{what}",
        title=f"{watched.key}: {what} above {percent} %",
        meaning=f"The tasks of {watched.key} used more than {percent} % of their {what} for five "
        "minutes: scaling did not catch up, or has reached its limit.",
        action="Compare running tasks with scaling.max; raise it, or give a task more.",
        severity=Severity.NOTIFY,
        metrics=(_ecs(watched, "usage", metric, period=300),),
        threshold=percent,
        comparison="GreaterThanThreshold",
        evaluation_periods=1,
        datapoints_to_alarm=1,
        missing_data="notBreaching",
        parent=watched.parent,
    )


def _too_few(watched: Watched) -> AlarmSpec:
    return AlarmSpec(
        name=f"{watched.key}-tasks",
        title=f"{watched.key}: fewer tasks than {watched.least}",
        meaning=f"Fewer than {watched.least} tasks ran for ten minutes: they fail to start or "
        "there is no capacity (Fargate Spot may have none).",
        action="Read the service's events in ECS. Without Spot capacity, raise "
        "`capacity.onDemand` until it is back.",
        severity=Severity.NOTIFY,
        metrics=(_insight(watched, "running", "RunningTaskCount"),),
        threshold=watched.least,
        comparison="LessThanThreshold",
        evaluation_periods=10,
        datapoints_to_alarm=10,
        missing_data="breaching",
        parent=watched.parent,
    )


def _unhealthy(watched: Watched, balancer: str) -> AlarmSpec:
    return AlarmSpec(
        name=f"{watched.key}-{balancer}-unhealthy",
        title=f"{watched.key}: unhealthy targets",
        meaning=f"The load balancer has had a task of {watched.key} that fails its health check "
        "for two minutes.",
        action="Read the task's log and its stopped reason; ECS replaces it by itself unless all "
        "of them fail.",
        severity=Severity.PAGE,
        metrics=(_target(watched, balancer, "unhealthy", "UnHealthyHostCount", "Maximum"),),
        threshold=0,
        comparison="GreaterThanThreshold",
        evaluation_periods=2,
        datapoints_to_alarm=2,
        missing_data="notBreaching",
        parent=watched.parent,
    )


def _errors(watched: Watched, balancer: str) -> AlarmSpec:
    metric = _target(watched, balancer, "errors", "HTTPCode_Target_5XX_Count", "Sum", period=300)
    return AlarmSpec(
        name=f"{watched.key}-{balancer}-errors",
        title=f"{watched.key}: more than {ERRORS} errors in 5 minutes",
        meaning=f"{watched.key} answered more than {ERRORS} requests with 5xx in five minutes.",
        action="Find the errors in its log; roll back if they began with a deployment.",
        severity=Severity.PAGE,
        metrics=(metric,),
        threshold=ERRORS,
        comparison="GreaterThanThreshold",
        evaluation_periods=1,
        datapoints_to_alarm=1,
        missing_data="notBreaching",
        parent=watched.parent,
    )


def _error_share(watched: Watched, balancer: str) -> AlarmSpec:
    errors = _target(watched, balancer, "errors", "HTTPCode_Target_5XX_Count", "Sum", returns=False)
    requests = _target(watched, balancer, "requests", "RequestCount", "Sum", returns=False)
    share = MetricQuery(
        id="share",
        expression=f"IF(requests >= {LEAST_REQUESTS}, 100 * FILL(errors, 0) / requests, 0)",
        label="Percent of requests answered with 5xx",
    )
    return AlarmSpec(
        name=f"{watched.key}-{balancer}-error-share",
        title=f"{watched.key}: more than {ERROR_SHARE} % errors",
        meaning=f"More than {ERROR_SHARE} % of the requests to {watched.key} were answered with "
        "5xx for three minutes.",
        action="Find the errors in its log; roll back if they began with a deployment.",
        severity=Severity.PAGE,
        metrics=(errors, requests, share),
        threshold=ERROR_SHARE,
        comparison="GreaterThanThreshold",
        evaluation_periods=3,
        datapoints_to_alarm=3,
        missing_data="notBreaching",
        parent=watched.parent,
    )


def service_widgets(watched: Watched) -> tuple[WidgetSpec, ...]:
    """Tasks, CPU, memory; requests, health, latency and status codes."""
    section, key = "Services", watched.key
    widgets = [
        WidgetSpec(
            f"{key}: CPU",
            section,
            (_ecs(watched, "cpu", "CPUUtilization"),),
            "Percent",
            CPU_PERCENT,
        ),
        WidgetSpec(
            f"{key}: memory",
            section,
            (_ecs(watched, "memory", "MemoryUtilization"),),
            "Percent",
            MEMORY_PERCENT,
        ),
    ]
    if watched.insights:
        tasks = tuple(
            _insight(watched, id_, metric)
            for id_, metric in (("running", "RunningTaskCount"), ("desired", "DesiredTaskCount"))
        )
        widgets.append(WidgetSpec(f"{key}: running and desired tasks", section, tasks))
    for balancer in watched.targets:
        widgets += _balancer_widgets(watched, balancer)
    return tuple(widgets)


def _balancer_widgets(watched: Watched, balancer: str) -> list[WidgetSpec]:
    section, key = "Load balancers", watched.key

    def metrics(statistic: str, *named: tuple[str, str]) -> tuple[MetricQuery, ...]:
        return tuple(_target(watched, balancer, id_, metric, statistic) for id_, metric in named)

    codes = tuple((f"c{n}xx", f"HTTPCode_Target_{n}XX_Count") for n in range(2, 6))
    latency = tuple(
        _target(watched, balancer, p, "TargetResponseTime", p) for p in ("p50", "p95", "p99")
    )
    return [
        WidgetSpec(f"{key}: requests", section, metrics("Sum", ("requests", "RequestCount"))),
        WidgetSpec(
            f"{key}: healthy and unhealthy targets",
            section,
            metrics(
                "Maximum", ("healthy", "HealthyHostCount"), ("unhealthy", "UnHealthyHostCount")
            ),
        ),
        WidgetSpec(f"{key}: latency", section, latency, "Seconds", LATENCY_GOAL_SECONDS),
        WidgetSpec(f"{key}: status codes", section, metrics("Sum", *codes), stacked=True),
    ]


def _ecs(watched: Watched, id_: str, metric: str, period: int = 60) -> MetricQuery:
    return MetricQuery(
        id=id_,
        namespace=ECS,
        name=metric,
        dimensions={"ClusterName": watched.cluster, "ServiceName": watched.service},
        statistic="Average",
        period=period,
    )


def _insight(watched: Watched, id_: str, metric: str) -> MetricQuery:
    return MetricQuery(
        id=id_,
        namespace=INSIGHTS,
        name=metric,
        dimensions={"ClusterName": watched.cluster, "ServiceName": watched.service},
        statistic="Average",
        period=60,
        label=id_,
    )


def _target(
    watched: Watched,
    balancer: str,
    id_: str,
    metric: str,
    statistic: str,
    *,
    period: int = 60,
    returns: bool = True,
) -> MetricQuery:
    balancer_name, group_name = watched.targets[balancer]
    return MetricQuery(
        id=id_,
        namespace=BALANCER,
        name=metric,
        dimensions={"LoadBalancer": balancer_name, "TargetGroup": group_name},
        statistic=statistic,
        period=period,
        label=id_,
        returns=returns,
    )
