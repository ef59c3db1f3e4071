"""What undoes a deployment, and the role that moves traffic in blue/green deployments."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Grant
from components.naming import Kind, Naming
from components.services.settings import RollbackSettings
from components.services.task_roles import GrantedRole, granted_role
from components.tags import name_tag

ECS = "ecs.amazonaws.com"

Targets = tuple[str, pulumi.Input[str], pulumi.Input[str]]
"""Key of the load balancer, and CloudWatch's names of it and of the target group."""


def rollback_alarms(
    key: str,
    physical_name: str,
    settings: RollbackSettings,
    targets: Sequence[Targets],
    *,
    opts: pulumi.ResourceOptions,
) -> list[aws.cloudwatch.MetricAlarm]:
    """Make the alarms that roll a deployment back; a service without routes has none.

    They belong to the service, not to monitoring: ECS looks at them only while it deploys, and
    nobody is woken by them.
    """
    alarms: list[aws.cloudwatch.MetricAlarm] = []
    for balancer, balancer_name, group_name in targets:
        dimensions = {"LoadBalancer": balancer_name, "TargetGroup": group_name}
        label = f"{balancer}-rollback"
        if settings.errors is not None:
            alarms.append(
                aws.cloudwatch.MetricAlarm(
                    f"{key}-{label}-errors",
                    name=f"{physical_name}-{label}-errors",
                    alarm_description=f"{key} answers with errors: a running deployment is undone",
                    namespace="AWS/ApplicationELB",
                    metric_name="HTTPCode_Target_5XX_Count",
                    dimensions=dimensions,
                    statistic="Sum",
                    period=60,
                    comparison_operator="GreaterThanOrEqualToThreshold",
                    threshold=settings.errors,
                    evaluation_periods=2,
                    datapoints_to_alarm=2,
                    # Without requests there are no errors.
                    treat_missing_data="notBreaching",
                    tags=name_tag(f"{physical_name}-{label}-errors"),
                    opts=opts,
                )
            )
        if settings.latency_seconds is not None:
            alarms.append(
                aws.cloudwatch.MetricAlarm(
                    f"{key}-{label}-latency",
                    name=f"{physical_name}-{label}-latency",
                    alarm_description=f"{key} answers slowly: a running deployment is undone",
                    namespace="AWS/ApplicationELB",
                    metric_name="TargetResponseTime",
                    dimensions=dimensions,
                    extended_statistic="p99",
                    # A percentile of a handful of requests says nothing.
                    evaluate_low_sample_count_percentiles="ignore",
                    period=60,
                    comparison_operator="GreaterThanThreshold",
                    threshold=settings.latency_seconds,
                    evaluation_periods=3,
                    datapoints_to_alarm=3,
                    treat_missing_data="notBreaching",
                    tags=name_tag(f"{physical_name}-{label}-latency"),
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
