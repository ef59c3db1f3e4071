"""How many tasks a service runs: limits, what moves it between them, and schedules.

The scalable target holds the limits; policies and schedules refer to it. So a changed limit touches
the target alone, and a deployment never touches the count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.services.routing.target_group import TargetNames
from components.services.scaling.settings import MetricSettings, ScalingSettings
from components.tags import name_tag

DIMENSION = "ecs:service:DesiredCount"
NAMESPACE = "ecs"

WAKE_SECONDS = 60
"""Period of the alarm that wakes a service without tasks."""

STEEP = 3
"""From this multiple of the limit on, twice as many tasks are added."""


@dataclass(frozen=True)
class Scaled:
    """What scaling needs to know of a service."""

    key: str
    cluster: str
    service: pulumi.Input[str]
    """Physical name, once the service is there."""
    targets: Sequence[TargetNames]
    """What CloudWatch calls its targets, by load balancer, for requests per target."""
    queue_name: pulumi.Input[str] | None
    """Of `scaling.backlog`."""
    physical_name: str


def scaling(
    settings: ScalingSettings, scaled: Scaled, opts: pulumi.ResourceOptions
) -> aws.appautoscaling.Target:
    """Make the target, its policies and schedules."""
    key = scaled.key
    target = aws.appautoscaling.Target(
        f"{key}-tasks",
        min_capacity=settings.min,
        max_capacity=settings.max,
        resource_id=pulumi.Output.concat("service/", scaled.cluster, "/", scaled.service),
        scalable_dimension=DIMENSION,
        service_namespace=NAMESPACE,
        tags=name_tag(f"{scaled.physical_name}-tasks"),
        opts=pulumi.ResourceOptions(parent=opts.parent, delete_before_replace=True),
    )
    child = pulumi.ResourceOptions(parent=target)
    if settings.cpu:
        _track(settings, scaled, target, "cpu", settings.cpu, _utilisation("CPU"), child)
    if settings.memory:
        _track(settings, scaled, target, "memory", settings.memory, _utilisation("Memory"), child)
    if settings.requests and scaled.targets:
        specification = _requests(scaled.targets)
        _track(settings, scaled, target, "requests", settings.requests, specification, child)
    if settings.backlog and scaled.queue_name is not None:
        queue = scaled.queue_name
        specification = _backlog(scaled, queue)
        _track(settings, scaled, target, "backlog", settings.backlog.per_task, specification, child)
        if settings.min == 0:
            _wake(settings, scaled, target, queue, child)
    if settings.metric:
        _own_metric(settings, scaled, target, settings.metric, child)
    _schedules(settings, scaled, target, child)
    return target


def _utilisation(what: str) -> dict[str, Any]:
    return {
        "predefined_metric_specification": {
            "predefined_metric_type": f"ECSServiceAverage{what}Utilization"
        }
    }


def _requests(targets: Sequence[TargetNames]) -> dict[str, Any]:
    """Requests a target: AWS's own metric of the one group, or the sum where there are several.

    Where versions swap, either group may have the traffic, and the predefined metric would look at
    an idle one after the first swap.
    """
    groups = [(target.balancer, group) for target in targets for group in target.groups]
    if len(groups) == 1:
        ((balancer, group),) = groups
        return {
            "predefined_metric_specification": {
                "predefined_metric_type": "ALBRequestCountPerTarget",
                "resource_label": pulumi.Output.concat(balancer, "/", group),
            }
        }
    metrics: list[Any] = [
        {
            "id": f"group{number}",
            "metric_stat": _requests_of(balancer, group),
            "return_data": False,
        }
        for number, (balancer, group) in enumerate(groups, start=1)
    ]
    total = " + ".join(f"FILL({metric['id']}, 0)" for metric in metrics)
    summed = {
        "id": "requests",
        "expression": total,
        "label": "Requests a target",
        "return_data": True,
    }
    return {"customized_metric_specification": {"metrics": [*metrics, summed]}}


def _requests_of(balancer: pulumi.Input[str], group: pulumi.Input[str]) -> dict[str, Any]:
    return {
        "metric": {
            "namespace": "AWS/ApplicationELB",
            "metric_name": "RequestCountPerTarget",
            "dimensions": [
                {"name": "LoadBalancer", "value": balancer},
                {"name": "TargetGroup", "value": group},
            ],
        },
        "stat": "Sum",
    }


def _backlog(scaled: Scaled, queue: pulumi.Input[str]) -> dict[str, Any]:
    """Waiting messages a running task, counted as one where none runs.

    The depth alone would say nothing of how long a message waits ("Scaling based on Amazon SQS",
    Amazon EC2 Auto Scaling User Guide, 2026-11).
    """
    return {
        "customized_metric_specification": {
            "metrics": [
                {"id": "waiting", "metric_stat": _visible(queue, "Average"), "return_data": False},
                {"id": "running", "metric_stat": _running(scaled), "return_data": False},
                {
                    "id": "backlog",
                    "expression": "waiting / IF(FILL(running, 0) > 1, running, 1)",
                    "label": "Messages waiting a task",
                    "return_data": True,
                },
            ]
        }
    }


def _track(
    settings: ScalingSettings,
    scaled: Scaled,
    target: aws.appautoscaling.Target,
    label: str,
    value: float,
    specification: Mapping[str, Any],
    opts: pulumi.ResourceOptions,
) -> None:
    configuration: Any = {
        **specification,
        "target_value": float(value),
        "scale_out_cooldown": settings.cooldown.out,
        "scale_in_cooldown": settings.cooldown.in_,
    }
    aws.appautoscaling.Policy(
        f"{scaled.key}-tasks-{label}",
        name=f"{scaled.physical_name}-{label}",
        policy_type="TargetTrackingScaling",
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        service_namespace=target.service_namespace,
        target_tracking_scaling_policy_configuration=configuration,
        opts=opts,
    )


def _wake(
    settings: ScalingSettings,
    scaled: Scaled,
    target: aws.appautoscaling.Target,
    queue: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> None:
    """One task, as soon as a message waits and none runs: target tracking can't start from 0."""
    policy = _step(settings, scaled, target, "wake", [_bound(0, None, 1)], "out", opts)
    queries: list[Any] = [
        _query("waiting", _visible(queue, "Maximum")),
        _query("running", _running(scaled)),
        {
            "id": "asleep",
            "expression": "IF(waiting > 0 AND FILL(running, 0) < 1, 1, 0)",
            "label": "Messages wait and no task runs",
            "return_data": True,
        },
    ]
    aws.cloudwatch.MetricAlarm(
        f"{scaled.key}-tasks-wake",
        name=f"{scaled.physical_name}-wake",
        alarm_description=f"Messages wait and no task of {scaled.key} runs: starts one",
        comparison_operator="GreaterThanOrEqualToThreshold",
        threshold=1,
        evaluation_periods=1,
        treat_missing_data="notBreaching",
        metric_queries=queries,
        alarm_actions=[policy.arn],
        tags=name_tag(f"{scaled.physical_name}-wake"),
        opts=opts,
    )


def _own_metric(
    settings: ScalingSettings,
    scaled: Scaled,
    target: aws.appautoscaling.Target,
    metric: MetricSettings,
    opts: pulumi.ResourceOptions,
) -> None:
    if metric.target is not None:
        dimensions = [{"name": k, "value": v} for k, v in sorted(metric.dimensions.items())]
        specification = {
            "customized_metric_specification": {
                "namespace": metric.namespace,
                "metric_name": metric.name,
                "statistic": metric.statistic,
                "dimensions": dimensions or None,
            }
        }
        _track(settings, scaled, target, "metric", metric.target, specification, opts)
        return
    if metric.out_above is None or metric.in_below is None:
        return
    out = _step(settings, scaled, target, "metric-out", _more(metric), "out", opts)
    less = [_bound(None, 0, -1)]
    into = _step(settings, scaled, target, "metric-in", less, "in", opts)
    _limit_alarm(scaled, metric, "out", metric.out_above, metric.out_minutes, out, opts)
    _limit_alarm(scaled, metric, "in", metric.in_below, metric.in_minutes, into, opts)


def _more(metric: MetricSettings) -> list[Any]:
    """Tasks to add: `step`, and twice as many far above the limit; from 0, nothing is far."""
    steep = (metric.out_above or 0) * (STEEP - 1)
    if steep <= 0:
        return [_bound(0, None, metric.step)]
    return [_bound(0, steep, metric.step), _bound(steep, None, 2 * metric.step)]


def _limit_alarm(
    scaled: Scaled,
    metric: MetricSettings,
    way: str,
    limit: float,
    minutes: int,
    policy: aws.appautoscaling.Policy,
    opts: pulumi.ResourceOptions,
) -> None:
    word, comparison = {
        "out": ("above", "GreaterThanThreshold"),
        "in": ("below", "LessThanThreshold"),
    }[way]
    aws.cloudwatch.MetricAlarm(
        f"{scaled.key}-tasks-metric-{way}",
        name=f"{scaled.physical_name}-{metric.name}-{way}",
        alarm_description=f"{metric.name} {word} {limit:g}: scales {scaled.key} {way}",
        namespace=metric.namespace,
        metric_name=metric.name,
        dimensions=dict(metric.dimensions),
        statistic=metric.statistic,
        period=60,
        comparison_operator=comparison,
        threshold=limit,
        evaluation_periods=minutes,
        datapoints_to_alarm=minutes,
        # A metric that is not reported must move nothing.
        treat_missing_data="missing",
        alarm_actions=[policy.arn],
        tags=name_tag(f"{scaled.physical_name}-{metric.name}-{way}"),
        opts=opts,
    )


def _step(
    settings: ScalingSettings,
    scaled: Scaled,
    target: aws.appautoscaling.Target,
    label: str,
    adjustments: list[Any],
    way: str,
    opts: pulumi.ResourceOptions,
) -> aws.appautoscaling.Policy:
    return aws.appautoscaling.Policy(
        f"{scaled.key}-tasks-{label}",
        name=f"{scaled.physical_name}-{label}",
        policy_type="StepScaling",
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        service_namespace=target.service_namespace,
        step_scaling_policy_configuration={
            "adjustment_type": "ChangeInCapacity",
            "metric_aggregation_type": "Average",
            "cooldown": settings.cooldown.out if way == "out" else settings.cooldown.in_,
            "step_adjustments": adjustments,
        },
        opts=opts,
    )


def _bound(lower: float | None, upper: float | None, change: int) -> dict[str, Any]:
    """Tasks to add between two distances from the alarm's threshold."""
    found: dict[str, Any] = {"scaling_adjustment": change}
    if lower is not None:
        found["metric_interval_lower_bound"] = f"{lower:g}"
    if upper is not None:
        found["metric_interval_upper_bound"] = f"{upper:g}"
    return found


def _visible(queue: pulumi.Input[str], statistic: str) -> dict[str, Any]:
    return {
        "metric": {
            "namespace": "AWS/SQS",
            "metric_name": "ApproximateNumberOfMessagesVisible",
            "dimensions": [{"name": "QueueName", "value": queue}],
        },
        "stat": statistic,
    }


def _running(scaled: Scaled) -> dict[str, Any]:
    """Running tasks, from Container Insights."""
    return {
        "metric": {
            "namespace": "ECS/ContainerInsights",
            "metric_name": "RunningTaskCount",
            "dimensions": [
                {"name": "ClusterName", "value": scaled.cluster},
                {"name": "ServiceName", "value": scaled.physical_name},
            ],
        },
        "stat": "Average",
    }


def _query(id_: str, stat: Mapping[str, Any]) -> dict[str, Any]:
    """A scaling metric as an alarm has it: with flat dimensions and a period."""
    metric = stat["metric"]
    return {
        "id": id_,
        "metric": {
            "namespace": metric["namespace"],
            "metric_name": metric["metric_name"],
            "dimensions": {
                dimension["name"]: dimension["value"] for dimension in metric["dimensions"]
            },
            "period": WAKE_SECONDS,
            "stat": stat["stat"],
        },
        "return_data": False,
    }


def _schedules(
    settings: ScalingSettings,
    scaled: Scaled,
    target: aws.appautoscaling.Target,
    opts: pulumi.ResourceOptions,
) -> None:
    for name, schedule in sorted(settings.schedules.items()):
        aws.appautoscaling.ScheduledAction(
            f"{scaled.key}-tasks-{name}",
            name=f"{scaled.physical_name}-{name}",
            resource_id=target.resource_id,
            scalable_dimension=target.scalable_dimension,
            service_namespace=target.service_namespace,
            schedule=schedule.at,
            timezone=schedule.timezone,
            scalable_target_action={"min_capacity": schedule.min, "max_capacity": schedule.max},
            opts=opts,
        )
