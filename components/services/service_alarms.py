"""Alarms of a service, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.contracts import AlarmSpec, MetricQuery, Severity
from components.services.routing.target_group import TargetNames

ECS, INSIGHTS, BALANCER = "AWS/ECS", "ECS/ContainerInsights", "AWS/ApplicationELB"

CPU_PERCENT, MEMORY_PERCENT = 80, 85
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
    scheduled: bool
    """Whether a schedule takes it below `least`."""
    insights: bool
    """Whether Container Insights counts the running tasks."""
    targets: Mapping[str, TargetNames]
    """CloudWatch's names of load balancers and target groups, by the load balancer's key."""
    log_group: str
    """Where the tasks write."""

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
    if watched.insights and watched.scheduled:
        alarms.append(_fewer_than_wanted(watched))
    elif watched.insights and watched.least > 0:
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
        metrics=(ecs_metric(watched, "usage", metric, period=300),),
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
        metrics=(insight_metric(watched, "running", "RunningTaskCount"),),
        threshold=watched.least,
        comparison="LessThanThreshold",
        evaluation_periods=10,
        datapoints_to_alarm=10,
        missing_data="breaching",
        parent=watched.parent,
    )


def _fewer_than_wanted(watched: Watched) -> AlarmSpec:
    """For a service that a schedule takes below `min`: no number is too few at all hours."""
    running = insight_metric(watched, "running", "RunningTaskCount", returns=False)
    desired = insight_metric(watched, "desired", "DesiredTaskCount", returns=False)
    missing = MetricQuery(
        id="missing", expression="desired - running", label="Tasks that are wanted and don't run"
    )
    return AlarmSpec(
        name=f"{watched.key}-tasks",
        title=f"{watched.key}: fewer tasks than wanted",
        meaning="Fewer tasks ran for ten minutes than scaling and its schedules want: they fail "
        "to start or there is no capacity (Fargate Spot may have none).",
        action="Read the service's events in ECS. Without Spot capacity, raise "
        "`capacity.onDemand` until it is back.",
        severity=Severity.NOTIFY,
        metrics=(running, desired, missing),
        threshold=0,
        comparison="GreaterThanThreshold",
        evaluation_periods=10,
        datapoints_to_alarm=10,
        # Of a service without tasks Container Insights may say nothing.
        missing_data="notBreaching",
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
        metrics=target_metric(watched, balancer, "unhealthy", "UnHealthyHostCount", "Maximum"),
        threshold=0,
        comparison="GreaterThanThreshold",
        evaluation_periods=2,
        datapoints_to_alarm=2,
        missing_data="notBreaching",
        parent=watched.parent,
    )


def _errors(watched: Watched, balancer: str) -> AlarmSpec:
    errors = target_metric(
        watched, balancer, "errors", "HTTPCode_Target_5XX_Count", "Sum", period=300
    )
    return AlarmSpec(
        name=f"{watched.key}-{balancer}-errors",
        title=f"{watched.key}: more than {ERRORS} errors in 5 minutes",
        meaning=f"{watched.key} answered more than {ERRORS} requests with 5xx in five minutes.",
        action="Find the errors in its log; roll back if they began with a deployment.",
        severity=Severity.PAGE,
        metrics=errors,
        threshold=ERRORS,
        comparison="GreaterThanThreshold",
        evaluation_periods=1,
        datapoints_to_alarm=1,
        missing_data="notBreaching",
        parent=watched.parent,
    )


def _error_share(watched: Watched, balancer: str) -> AlarmSpec:
    return AlarmSpec(
        name=f"{watched.key}-{balancer}-error-share",
        title=f"{watched.key}: more than {ERROR_SHARE} % errors",
        meaning=f"More than {ERROR_SHARE} % of the requests to {watched.key} were answered with "
        "5xx for three minutes.",
        action="Find the errors in its log; roll back if they began with a deployment.",
        severity=Severity.PAGE,
        metrics=error_share(watched, balancer),
        threshold=ERROR_SHARE,
        comparison="GreaterThanThreshold",
        evaluation_periods=3,
        datapoints_to_alarm=3,
        missing_data="notBreaching",
        parent=watched.parent,
    )


def error_share(watched: Watched, balancer: str) -> tuple[MetricQuery, ...]:
    """Percent of a minute's requests answered with 5xx, where there are enough to say so."""
    errors = target_metric(
        watched, balancer, "errors", "HTTPCode_Target_5XX_Count", "Sum", returns=False
    )
    requests = target_metric(watched, balancer, "requests", "RequestCount", "Sum", returns=False)
    share = MetricQuery(
        id="share",
        expression=f"IF(requests >= {LEAST_REQUESTS}, 100 * FILL(errors, 0) / requests, 0)",
        label="Percent of requests answered with 5xx",
    )
    return (*errors, *requests, share)


def ecs_metric(
    watched: Watched, id_: str, metric: str, period: int = 60, label: str | None = None
) -> MetricQuery:
    """Of ECS, which measures every service."""
    return MetricQuery(
        id=id_,
        namespace=ECS,
        name=metric,
        dimensions={"ClusterName": watched.cluster, "ServiceName": watched.service},
        statistic="Average",
        period=period,
        label=label,
    )


def insight_metric(watched: Watched, id_: str, metric: str, *, returns: bool = True) -> MetricQuery:
    """Of Container Insights, where the cluster has them."""
    return MetricQuery(
        id=id_,
        namespace=INSIGHTS,
        name=metric,
        dimensions={"ClusterName": watched.cluster, "ServiceName": watched.service},
        statistic="Average",
        period=60,
        label=id_,
        returns=returns,
    )


def target_metric(
    watched: Watched,
    balancer: str,
    id_: str,
    metric: str,
    statistic: str,
    *,
    period: int = 60,
    returns: bool = True,
    label: str | None = None,
) -> tuple[MetricQuery, ...]:
    """Of a load balancer, for the service's tasks; where versions swap, of both target groups.

    Either group may have the traffic, so what looked at one of them alone would be blind after
    every second deployment.
    """
    names = watched.targets[balancer]
    several = len(names.groups) > 1
    queries = tuple(
        MetricQuery(
            id=f"{id_}{number}" if several else id_,
            namespace=BALANCER,
            name=metric,
            dimensions={"LoadBalancer": names.balancer, "TargetGroup": group},
            statistic=statistic,
            period=period,
            label=label or id_,
            returns=returns and not several,
        )
        for number, group in enumerate(names.groups, start=1)
    )
    if not several:
        return queries
    filled = [f"FILL({query.id}, 0)" for query in queries]
    both = " + ".join(filled) if statistic == "Sum" else f"MAX([{', '.join(filled)}])"
    return (*queries, MetricQuery(id=id_, expression=both, label=label or id_, returns=returns))
