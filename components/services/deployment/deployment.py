"""What undoes a deployment, and the role that moves traffic in blue/green deployments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Grant
from components.naming import Kind, Naming
from components.services.routing.target_group import TargetNames
from components.services.settings import RollbackSettings
from components.services.task.roles import GrantedRole, granted_role
from components.tags import name_tag

ECS = "ecs.amazonaws.com"

ERROR_MINUTES, LATENCY_MINUTES = 2, 3
"""In a row above the limit before a deployment is undone."""


def rollback_alarms(
    key: str,
    physical_name: str,
    settings: RollbackSettings,
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
    watched: _Watched, settings: RollbackSettings, opts: pulumi.ResourceOptions
) -> list[aws.cloudwatch.MetricAlarm]:
    alarms: list[aws.cloudwatch.MetricAlarm] = []
    key, physical_name = watched.key, watched.physical_name
    if settings.errors is not None:
        name = watched.name("errors")
        alarms.append(
            aws.cloudwatch.MetricAlarm(
                f"{key}-{name}",
                name=f"{physical_name}-{name}",
                alarm_description=f"{key} answers with errors: a running deployment is undone",
                namespace="AWS/ApplicationELB",
                metric_name="HTTPCode_Target_5XX_Count",
                dimensions=watched.dimensions,
                statistic="Sum",
                period=60,
                comparison_operator="GreaterThanOrEqualToThreshold",
                threshold=settings.errors,
                evaluation_periods=ERROR_MINUTES,
                datapoints_to_alarm=ERROR_MINUTES,
                # Without requests there are no errors.
                treat_missing_data="notBreaching",
                tags=name_tag(f"{physical_name}-{name}"),
                opts=opts,
            )
        )
    if settings.latency_seconds is not None:
        name = watched.name("latency")
        alarms.append(
            aws.cloudwatch.MetricAlarm(
                f"{key}-{name}",
                name=f"{physical_name}-{name}",
                alarm_description=f"{key} answers slowly: a running deployment is undone",
                namespace="AWS/ApplicationELB",
                metric_name="TargetResponseTime",
                dimensions=watched.dimensions,
                extended_statistic="p99",
                # A percentile of a handful of requests says nothing.
                evaluate_low_sample_count_percentiles="ignore",
                period=60,
                comparison_operator="GreaterThanThreshold",
                threshold=settings.latency_seconds,
                evaluation_periods=LATENCY_MINUTES,
                datapoints_to_alarm=LATENCY_MINUTES,
                treat_missing_data="notBreaching",
                tags=name_tag(f"{physical_name}-{name}"),
                opts=opts,
            )
        )
    return alarms


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
