"""The ECS service itself: how many tasks, on what capacity, and how a new version takes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import Placement, SubnetTier
from components.services.cluster import FARGATE, FARGATE_SPOT, Cluster
from components.services.deployment.settings import (
    DeploymentSettings,
    PauseSettings,
    PauseStage,
)
from components.services.settings import CapacitySettings, ServiceSettings
from components.tags import name_tag

PATIENCE_MINUTES = 20
"""What a deployment may take besides the waiting that its settings ask for; the provider's own
limit for all of it (`aws_ecs_service`, "Timeouts", provider v7)."""

STRATEGIES = {"blueGreen": "BLUE_GREEN", "canary": "CANARY", "linear": "LINEAR"}

STAGES: dict[PauseStage, str] = {
    "beforeStart": "PRE_SCALE_UP",
    "afterStart": "POST_SCALE_UP",
    "afterTestTraffic": "POST_TEST_TRAFFIC_SHIFT",
    "afterTraffic": "POST_PRODUCTION_TRAFFIC_SHIFT",
}
"""Where a deployment can pause ("Pause hooks for Amazon ECS service deployments", 2026-11). Of two
more there, `PRE_PRODUCTION_TRAFFIC_SHIFT` is not known to the provider (pulumi-aws 7.51.1), and
`RECONCILE_SERVICE` happens only where a deployment is begun while another one runs."""


@dataclass(frozen=True)
class Parts:
    """What the service is put together from."""

    cluster: Cluster
    placement: Placement
    security_group_id: pulumi.Input[str]
    definition: aws.ecs.TaskDefinition
    load_balancers: Sequence[Any]
    """`traffic.attachments`."""
    alarms: Sequence[pulumi.Input[str]]
    """Names of those that undo a deployment."""
    connect: Any
    """`service_connect.service_connect`."""
    triggers: dict[str, str] | None
    """What deploys it again when it changes."""


def ecs_service(
    key: str,
    physical_name: str,
    settings: ServiceSettings,
    parts: Parts,
    *,
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> aws.ecs.Service:
    """Make the service.

    Args:
        key: the service's; the resource's Pulumi name.
        after: what must be there before a task starts.
    """
    deployment = settings.deployment
    alarms = [*parts.alarms, *deployment.rollback.alarms]
    minutes = f"{deployment_minutes(settings)}m"
    return aws.ecs.Service(
        key,
        name=physical_name,
        cluster=parts.cluster.created_arn,
        task_definition=parts.definition.arn,
        desired_count=settings.scaling.min,
        capacity_provider_strategies=capacity(settings.capacity),
        # AWS takes another capacity strategy only with a new deployment.
        force_new_deployment=True,
        triggers=parts.triggers,
        platform_version="LATEST",
        network_configuration={
            "subnets": parts.placement.subnet_ids,
            "security_groups": [parts.security_group_id],
            "assign_public_ip": parts.placement.tier is SubnetTier.PUBLIC,
        },
        load_balancers=list(parts.load_balancers) or None,
        health_check_grace_period_seconds=deployment.grace if parts.load_balancers else None,
        deployment_controller={"type": "ECS"},
        deployment_configuration=strategy(deployment),
        deployment_circuit_breaker={"enable": True, "rollback": True},
        alarms={"enable": True, "rollback": True, "alarm_names": alarms} if alarms else None,
        deployment_minimum_healthy_percent=deployment.min_healthy,
        deployment_maximum_percent=deployment.max,
        availability_zone_rebalancing="ENABLED" if deployment.zone_rebalancing else "DISABLED",
        service_connect_configuration=parts.connect,
        enable_execute_command=settings.exec,
        enable_ecs_managed_tags=True,
        propagate_tags="SERVICE",
        wait_for_steady_state=deployment.wait,
        tags=name_tag(physical_name),
        opts=pulumi.ResourceOptions(
            parent=parent,
            depends_on=[*after, *parts.cluster.ready],
            # Scaling moves the count between deployments; a deployment must not reset it.
            ignore_changes=["desiredCount"],
            custom_timeouts=pulumi.CustomTimeouts(create=minutes, update=minutes),
        ),
    )


def capacity(settings: CapacitySettings) -> list[Any]:
    """On demand first, then shares; Spot is only ever an addition."""
    if settings.spot == 0:
        return [{"capacity_provider": FARGATE, "base": 0, "weight": 1}]
    strategies: list[Any] = [
        {"capacity_provider": FARGATE_SPOT, "base": 0, "weight": settings.spot}
    ]
    if settings.on_demand or settings.spot < 100:
        strategies.insert(
            0,
            {
                "capacity_provider": FARGATE,
                "base": settings.on_demand,
                "weight": 100 - settings.spot,
            },
        )
    return strategies


def strategy(settings: DeploymentSettings) -> Any:
    """Rolling, or one of ECS's own strategies with two sets of tasks."""
    if not settings.swaps:
        return {"strategy": "ROLLING"}
    found: dict[str, Any] = {
        "strategy": STRATEGIES[settings.strategy],
        "bake_time_in_minutes": str(settings.bake_minutes),
    }
    if settings.strategy == "canary":
        found["canary_configuration"] = {
            "canary_percent": settings.canary.percent,
            "canary_bake_time_in_minutes": str(settings.canary.bake_minutes),
        }
    if settings.strategy == "linear":
        found["linear_configuration"] = {
            "step_percent": settings.linear.percent,
            "step_bake_time_in_minutes": str(settings.linear.bake_minutes),
        }
    if settings.pauses:
        found["lifecycle_hooks"] = [_pause(pause) for pause in settings.pauses]
    return found


def _pause(settings: PauseSettings) -> Any:
    return {
        "target_type": "PAUSE",
        "lifecycle_stages": [STAGES[settings.at]],
        "timeout_configuration": {
            "timeout_in_minutes": str(settings.minutes),
            "action": settings.otherwise.upper(),
        },
    }


def deployment_minutes(settings: ServiceSettings) -> int:
    """How long `up` waits for a deployment: bake times, pauses, and what tasks may wait besides."""
    deployment = settings.deployment
    seconds = deployment.grace + settings.deregistration + settings.stop_timeout
    return PATIENCE_MINUTES + deployment.moving_minutes + -(-seconds // 60)
