"""Scaling of provisioned capacity, for a table and each of its global indexes."""

from __future__ import annotations

from collections.abc import Iterable

import pulumi
import pulumi_aws as aws

from components.table.settings import ProvisionedCapacity, ScaledCapacity

OUT_SECONDS, IN_SECONDS = 60, 300
"""Seconds before the next step: up soon, down slowly, so that it can't flap."""


def scale(
    name: str,
    table_name: pulumi.Input[str],
    capacity: ProvisionedCapacity,
    indexes: Iterable[str],
    *,
    opts: pulumi.ResourceOptions,
) -> None:
    """Make a target and a policy for reads and for writes of the table and each global index."""
    for kind, bounds in (("read", capacity.read), ("write", capacity.write)):
        table = pulumi.Output.concat("table/", table_name)
        _scale(f"{name}-{kind}", table, "table", kind, bounds, opts)
        for index in indexes:
            resource = pulumi.Output.concat(table, "/index/", index)
            _scale(f"{name}-{index}-{kind}", resource, "index", kind, bounds, opts)


def _scale(
    name: str,
    resource: pulumi.Output[str],
    level: str,
    kind: str,
    bounds: ScaledCapacity,
    opts: pulumi.ResourceOptions,
) -> None:
    title = kind.capitalize()
    target = aws.appautoscaling.Target(
        name,
        service_namespace="dynamodb",
        resource_id=resource,
        scalable_dimension=f"dynamodb:{level}:{title}CapacityUnits",
        min_capacity=bounds.min,
        max_capacity=bounds.max,
        opts=pulumi.ResourceOptions(parent=opts.parent, delete_before_replace=True),
    )
    aws.appautoscaling.Policy(
        name,
        name=f"{kind}-utilization",
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        target_tracking_scaling_policy_configuration=aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
            predefined_metric_specification=aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(
                predefined_metric_type=f"DynamoDB{title}CapacityUtilization"
            ),
            target_value=bounds.target_percent,
            scale_out_cooldown=OUT_SECONDS,
            scale_in_cooldown=IN_SECONDS,
        ),
        opts=pulumi.ResourceOptions(parent=target),
    )
