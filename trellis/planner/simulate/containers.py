"""Amazon ECS, ECR, Cloud Map and Application Auto Scaling: what AWS answers (their API References,
2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Scope, Shape

_ECS = "arn:{partition}:ecs:{region}:{account}:"
_ECR = "arn:{partition}:ecr:{region}:{account}:"
_SCALING = "arn:{partition}:autoscaling:{region}:{account}:"
_RESOURCE = "resource/{serviceNamespace}/{resourceId}"
_UUID = "{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}"


def _cluster(scope: Scope) -> str:
    """A service's `cluster` is a name or an ARN; its ARN has the name."""
    return str(scope.given("cluster") or "default").rsplit("/", 1)[-1]


def _service_arn(scope: Scope) -> str:
    return scope.text(_ECS) + f"service/{_cluster(scope)}/{scope['name']}"


def _tracking_alarms(scope: Scope) -> list[str]:
    """Target tracking makes two alarms of its own; step scaling has none."""
    if scope.given("policyType") != "TargetTrackingScaling":
        return []
    name = f"TargetTracking-{scope['resourceId']}-Alarm"
    prefix = scope.text("arn:{partition}:cloudwatch:{region}:{account}:alarm:")
    return [f"{prefix}{name}High-{scope.text(_UUID)}", f"{prefix}{name}Low-{scope.text(_UUID)}"]


_REPOSITORY_PART = Shape(id="{repository}", computed={"registryId": "{account}"}, tagged=False)

SHAPES = {
    "aws:ecs/cluster:Cluster": Shape(
        id=_ECS + "cluster/{name}",
        computed={"arn": "{id}", "settings": [{"name": "containerInsights", "value": "disabled"}]},
        named=AutoName(limit=255),
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": Shape(
        id="{clusterName}", tagged=False
    ),
    "aws:ecs/taskDefinition:TaskDefinition": Shape(
        id="{family}",
        defaults={"skipDestroy": False, "trackLatest": False},
        computed={
            "arn": _ECS + "task-definition/{family}:1",
            "arnWithoutRevision": _ECS + "task-definition/{family}",
            "enableFaultInjection": False,
            "networkMode": "bridge",
            "revision": 1,
        },
    ),
    "aws:ecs/service:Service": Shape(
        id=_service_arn,
        defaults={
            "enableEcsManagedTags": False,
            "enableExecuteCommand": False,
            "schedulingStrategy": "REPLICA",
            "waitForSteadyState": False,
        },
        computed={
            "arn": "{id}",
            "availabilityZoneRebalancing": "ENABLED",
            "cluster": "default",
            "deploymentConfiguration": {"strategy": "ROLLING", "bakeTimeInMinutes": "0"},
            "iamRole": "/aws-service-role",
            "launchType": lambda s: "" if s.given("capacityProviderStrategies") else "EC2",
            "platformVersion": "LATEST",
            "triggers": {},
        },
        named=AutoName(limit=255),
    ),
    "aws:ecr/repository:Repository": Shape(
        id="{name}",
        defaults={"imageTagMutability": "MUTABLE"},
        computed={
            "arn": _ECR + "repository/{name}",
            "registryId": "{account}",
            "repositoryUrl": "{account}.dkr.ecr.{region}.{suffix}/{name}",
        },
        named=AutoName(limit=256),
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": _REPOSITORY_PART,
    "aws:ecr/repositoryPolicy:RepositoryPolicy": _REPOSITORY_PART,
    "aws:servicediscovery/httpNamespace:HttpNamespace": Shape(
        id="ns-{lower:16}",
        computed={
            "arn": "arn:{partition}:servicediscovery:{region}:{account}:namespace/{id}",
            "httpName": "{name}",
        },
        named=AutoName(limit=1024),
    ),
    "aws:appautoscaling/target:Target": Shape(
        id="{resourceId}",
        computed={
            "arn": (
                "arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/"
                "{lower:28}"
            ),
            "roleArn": (
                "arn:{partition}:iam::{account}:role/aws-service-role/"
                "ecs.application-autoscaling.amazonaws.com/"
                "AWSServiceRoleForApplicationAutoScaling_ECSService"
            ),
            "suspendedState": {
                "dynamicScalingInSuspended": False,
                "dynamicScalingOutSuspended": False,
                "scheduledScalingSuspended": False,
            },
        },
    ),
    "aws:appautoscaling/policy:Policy": Shape(
        id="{name}",
        defaults={"policyType": "StepScaling"},
        computed={
            "alarmArns": _tracking_alarms,
            "arn": (_SCALING + f"scalingPolicy:{_UUID}:{_RESOURCE}:policyName/{{name}}"),
        },
        named=AutoName(limit=256),
        tagged=False,
    ),
    "aws:appautoscaling/scheduledAction:ScheduledAction": Shape(
        id="{name}-{serviceNamespace}-{resourceId}",
        defaults={"timezone": "UTC"},
        computed={
            "arn": (_SCALING + f"scheduledAction:{_UUID}:{_RESOURCE}:scheduledActionName/{{name}}"),
        },
        named=AutoName(limit=256),
        tagged=False,
    ),
}
"""By Pulumi type token."""
