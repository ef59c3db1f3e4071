"""What undoes a deployment, and the role that moves traffic where two versions take turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Grant
from components.naming import Kind, Naming
from components.services.deployment.settings import DeploymentSettings
from components.services.routing.target_group import TargetNames
from components.services.task.roles import GrantedRole, granted_role
from components.tags import name_tag

ECS = "ecs.amazonaws.com"

BALANCER, ERRORS = "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"

ERROR_MINUTES, LATENCY_MINUTES = 2, 3
"""Above the limit before a deployment is undone."""

SHARE_MINUTES, LEAST_REQUESTS = 3, 5
"""Minutes of which `ERROR_MINUTES` are above the limit, and requests a minute that a share is made
of: few, as a canary has few."""


def rollback_alarms(
    key: str,
    physical_name: str,
    settings: DeploymentSettings,
    targets: Mapping[str, TargetNames],
    *,
    opts: pulumi.ResourceOptions,
) -> list[aws.cloudwatch.MetricAlarm]:
    """Make the alarms that roll a deployment back; a service without routes has none.

    They belong to the service, not to monitoring: ECS looks at them only while it deploys, and
    nobody is woken by them. Where versions swap, each of the two target groups has its own.

    Args:
        targets: by key of the load balancer.
    """
    return [
        alarm
        for balancer, names in targets.items()
        for colour, group in zip(("", "-green"), names.groups, strict=False)
        for alarm in _alarms_of_group(
            _Watched(
                key,
                physical_name,
                f"{balancer}-rollback",
                colour,
                {"LoadBalancer": names.balancer, "TargetGroup": group},
            ),
            settings,
            opts,
        )
    ]


@dataclass(frozen=True)
class _Watched:
    """One target group of a service, and what its alarms are called."""

    key: str
    physical_name: str
    label: str
    colour: str
    dimensions: Mapping[str, pulumi.Input[str]]

    def name(self, what: str) -> str:
        return f"{self.label}-{what}{self.colour}"


def _alarms_of_group(
    watched: _Watched, settings: DeploymentSettings, opts: pulumi.ResourceOptions
) -> list[aws.cloudwatch.MetricAlarm]:
    alarms: list[aws.cloudwatch.MetricAlarm] = []
    if settings.rollback.errors != "none":
        alarms.append(_errors(watched, settings.rollback.errors, opts))
    if settings.error_percent is not None:
        alarms.append(_error_share(watched, settings.error_percent, opts))
    if settings.rollback.latency_seconds is not None:
        alarms.append(_latency(watched, settings.rollback.latency_seconds, opts))
    return alarms


@dataclass(frozen=True)
class _Measure:
    """What an alarm looks at: one metric by a statistic or a percentile, or several by queries."""

    metric: str | None = None
    statistic: str | None = None
    percentile: str | None = None
    queries: tuple[Any, ...] = ()


def _alarm(
    watched: _Watched,
    what: str,
    happens: str,
    measure: _Measure,
    *,
    limit: float,
    reaches: bool = False,
    minutes: tuple[int, int],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.MetricAlarm:
    """One alarm of a target group.

    Args:
        what: the end of its name.
        happens: as in `answers slowly`.
        reaches: whether the limit itself is too much.
        minutes: so many of the last so many.
    """
    name = watched.name(what)
    single = not measure.queries
    return aws.cloudwatch.MetricAlarm(
        f"{watched.key}-{name}",
        name=f"{watched.physical_name}-{name}",
        alarm_description=f"{watched.key} {happens}: a running deployment is undone",
        namespace=BALANCER if single else None,
        metric_name=measure.metric,
        dimensions=watched.dimensions if single else None,
        statistic=measure.statistic,
        extended_statistic=measure.percentile,
        # A percentile of a handful of requests says nothing.
        evaluate_low_sample_count_percentiles="ignore" if measure.percentile else None,
        period=60 if single else None,
        metric_queries=list(measure.queries) or None,
        comparison_operator=f"GreaterThan{'OrEqualTo' if reaches else ''}Threshold",
        threshold=limit,
        datapoints_to_alarm=minutes[0],
        evaluation_periods=minutes[1],
        # Without requests there are no errors.
        treat_missing_data="notBreaching",
        tags=name_tag(f"{watched.physical_name}-{name}"),
        opts=opts,
    )


def _errors(
    watched: _Watched, most: int, opts: pulumi.ResourceOptions
) -> aws.cloudwatch.MetricAlarm:
    return _alarm(
        watched,
        "errors",
        "answers with errors",
        _Measure(ERRORS, statistic="Sum"),
        limit=most,
        reaches=True,
        minutes=(ERROR_MINUTES, ERROR_MINUTES),
        opts=opts,
    )


def _error_share(
    watched: _Watched, percent: float, opts: pulumi.ResourceOptions
) -> aws.cloudwatch.MetricAlarm:
    """Of one target group's own requests: a canary's errors don't drown in the old version's
    answers."""
    counts: list[Any] = [
        {
            "id": id_,
            "metric": {
                "namespace": BALANCER,
                "metric_name": metric,
                "dimensions": watched.dimensions,
                "stat": "Sum",
                "period": 60,
            },
        }
        for id_, metric in (("errors", ERRORS), ("requests", "RequestCount"))
    ]
    share: Any = {
        "id": "share",
        "expression": f"IF(requests >= {LEAST_REQUESTS}, 100 * FILL(errors, 0) / requests, 0)",
        "label": "Percent of requests answered with 5xx",
        "return_data": True,
    }
    return _alarm(
        watched,
        "error-share",
        f"answers more than {percent:g} % of its requests with errors",
        _Measure(queries=(*counts, share)),
        limit=percent,
        minutes=(ERROR_MINUTES, SHARE_MINUTES),
        opts=opts,
    )


def _latency(
    watched: _Watched, seconds: float, opts: pulumi.ResourceOptions
) -> aws.cloudwatch.MetricAlarm:
    return _alarm(
        watched,
        "latency",
        "answers slowly",
        _Measure("TargetResponseTime", percentile="p99"),
        limit=seconds,
        minutes=(LATENCY_MINUTES, LATENCY_MINUTES),
        opts=opts,
    )


def mover_role(
    key: str,
    *,
    naming: Naming,
    where: AccountRegion,
    rules: Sequence[pulumi.Input[str]],
    groups: Sequence[pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> GrantedRole:
    """Make the role with which ECS swaps the two target groups of one service.

    As in "Amazon ECS infrastructure IAM role for load balancers" (2026-11), but for exactly these
    rules and groups; what describes load balancers knows no resource.
    """
    return granted_role(
        f"{key}-deployment",
        physical_name=naming.of(Kind.ROLE, key, "deployment"),
        description=f"ECS moves traffic between versions of {key}",
        where=where,
        service=ECS,
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": where.arn("ecs", "*")},
        },
        grants=(
            Grant("MoveTraffic", ("elasticloadbalancing:ModifyRule",), tuple(rules)),
            Grant(
                "RegisterTasks",
                (
                    "elasticloadbalancing:DeregisterTargets",
                    "elasticloadbalancing:RegisterTargets",
                ),
                tuple(groups),
            ),
            Grant(
                "SeeLoadBalancers",
                (
                    "elasticloadbalancing:DescribeListeners",
                    "elasticloadbalancing:DescribeRules",
                    "elasticloadbalancing:DescribeTargetGroups",
                    "elasticloadbalancing:DescribeTargetHealth",
                ),
                ("*",),
            ),
        ),
        opts=opts,
    )
