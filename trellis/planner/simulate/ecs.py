"""Amazon ECS, its registry and service discovery: what AWS answers (API References, 2026-11)."""

from __future__ import annotations

import hashlib
import json

from trellis.planner.simulate.shape import AutoName, Scope, Shape, plain

_ARN = "arn:{partition}:ecs:{region}:{account}:"
_REGISTRY = {"registryId": "{account}"}


def _cluster(scope: Scope) -> str:
    """The cluster's name, from its name or ARN."""
    return str(scope.given("cluster") or "default").rsplit("/", 1)[-1]


def _service_arn(scope: Scope) -> str:
    return scope.text(_ARN + f"service/{_cluster(scope)}/{{name}}")


def _revision(scope: Scope) -> int:
    """Another number for another content, as ECS counts revisions; the same one in every run."""
    content = json.dumps(
        {key: plain(value) for key, value in scope.state.items() if key not in ("tags", "tagsAll")},
        sort_keys=True,
        default=str,
    )
    return 1 + int(hashlib.sha256(content.encode()).hexdigest(), 16) % 999


SHAPES = {
    "aws:ecs/cluster:Cluster": Shape(
        id=_ARN + "cluster/{name}", computed={"arn": "{id}"}, named=AutoName(limit=255)
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": Shape(
        id="{clusterName}", tagged=False
    ),
    "aws:ecs/service:Service": Shape(
        id=_service_arn,
        defaults={
            "deploymentMaximumPercent": 200,
            "deploymentMinimumHealthyPercent": 100,
            "enableEcsManagedTags": False,
            "enableExecuteCommand": False,
            "schedulingStrategy": "REPLICA",
            "waitForSteadyState": False,
        },
        computed={
            "arn": "{id}",
            "availabilityZoneRebalancing": "ENABLED",
            "cluster": "default",
            "iamRole": "",
            "launchType": "FARGATE",
            "platformVersion": "LATEST",
            "triggers": {},
        },
        named=AutoName(limit=255),
    ),
    "aws:ecs/taskDefinition:TaskDefinition": Shape(
        id="{family}",
        defaults={"skipDestroy": False, "trackLatest": False},
        computed={
            "arn": lambda s: s.text(_ARN + "task-definition/{family}:") + str(_revision(s)),
            "arnWithoutRevision": _ARN + "task-definition/{family}",
            "enableFaultInjection": False,
            "networkMode": "awsvpc",
            "revision": _revision,
        },
    ),
    "aws:ecs/capacityProvider:CapacityProvider": Shape(
        id=_ARN + "capacity-provider/{name}",
        computed={"arn": "{id}"},
        named=AutoName(limit=255),
    ),
    "aws:ecs/accountSettingDefault:AccountSettingDefault": Shape(
        id="{name}",
        computed={"principalArn": "arn:{partition}:iam::{account}:root"},
        named=AutoName(),
        tagged=False,
    ),
    "aws:ecr/repository:Repository": Shape(
        id="{name}",
        defaults={"imageTagMutability": "MUTABLE"},
        computed={
            "arn": "arn:{partition}:ecr:{region}:{account}:repository/{name}",
            **_REGISTRY,
            "repositoryUrl": "{account}.dkr.ecr.{region}.{suffix}/{name}",
        },
        named=AutoName(limit=256),
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": Shape(
        id="{repository}", computed=_REGISTRY, tagged=False
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": Shape(
        id="{repository}", computed=_REGISTRY, tagged=False
    ),
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": Shape(
        id="{account}", computed=_REGISTRY, tagged=False
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": Shape(
        id="{ecrRepositoryPrefix}",
        defaults={"upstreamRepositoryPrefix": "ROOT"},
        computed=_REGISTRY,
        tagged=False,
    ),
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": Shape(
        id="ns-{lower:16}",
        computed={
            "arn": "arn:{partition}:servicediscovery:{region}:{account}:namespace/{id}",
            "hostedZone": "Z{upper:20}",
        },
        named=AutoName(limit=253),
    ),
    "aws:servicediscovery/httpNamespace:HttpNamespace": Shape(
        id="ns-{lower:16}",
        computed={
            "arn": "arn:{partition}:servicediscovery:{region}:{account}:namespace/{id}",
            "httpName": "{name}",
        },
        named=AutoName(limit=1024),
    ),
    "aws:servicediscovery/service:Service": Shape(
        id="srv-{lower:16}",
        defaults={"forceDestroy": False},
        computed={
            "arn": "arn:{partition}:servicediscovery:{region}:{account}:service/{id}",
            "namespaceId": "ns-{lower:16}",
            "type": "DNS_HTTP",
        },
        named=AutoName(limit=127),
    ),
}
"""By Pulumi type token."""
