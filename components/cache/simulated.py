"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.parts.simulation import AutoName, Scope, Shape

_ARN = "arn:{partition}:elasticache:{region}:{account}:"


_SHORT_REGIONS = {
    "us-east-1": "use1",
    "us-east-2": "use2",
    "us-west-1": "usw1",
    "us-west-2": "usw2",
    "eu-west-1": "euw1",
    "eu-west-2": "euw2",
    "eu-central-1": "euc1",
    "ap-southeast-1": "apse1",
    "ap-southeast-2": "apse2",
    "ap-northeast-1": "apne1",
}
"""As they stand in endpoint names ("Finding connection endpoints", ElastiCache User Guide)."""


def short(scope: Scope) -> str:
    return _SHORT_REGIONS.get(scope.region, scope.region.replace("-", ""))


def _clustered(scope: Scope) -> bool:
    return scope.given("clusterMode") in {"enabled", "compatible"}


def _endpoint(role: str) -> Any:
    """With TLS the role comes first, without it the group does."""

    def answer(scope: Scope) -> str:
        if _clustered(scope):
            return ""
        rest = f"{{lower:6}}.{short(scope)}.cache.{{suffix}}"
        group = "{replicationGroupId}"
        if scope.given("transitEncryptionEnabled"):
            return scope.text(f"{role}.{group}.{rest}")
        marks = {"master": f"{group}.{{lower:6}}.ng.0001.", "replica": f"{group}-ro.{{lower:6}}."}
        return scope.text(f"{marks[role]}{short(scope)}.cache.{{suffix}}")

    return answer


def _configuration_endpoint(scope: Scope) -> str:
    if not _clustered(scope):
        return ""
    return scope.text(
        f"clustercfg.{{replicationGroupId}}.{{lower:6}}.{short(scope)}.cache.{{suffix}}"
    )


def _members(scope: Scope) -> list[str]:
    count = int(scope.given("numCacheClusters") or 1)
    return [scope.text(f"{{replicationGroupId}}-{n:03}") for n in range(1, count + 1)]


SHAPES: Mapping[str, Shape] = {
    "aws:elasticache/replicationGroup:ReplicationGroup": Shape(
        id="{replicationGroupId}",
        defaults={"automaticFailoverEnabled": False, "engine": "redis", "multiAzEnabled": False},
        computed={
            "arn": _ARN + "replicationgroup:{replicationGroupId}",
            "atRestEncryptionEnabled": False,
            "autoMinorVersionUpgrade": True,
            "clusterEnabled": _clustered,
            "clusterMode": "disabled",
            "configurationEndpointAddress": _configuration_endpoint,
            "dataTieringEnabled": False,
            "engineVersion": "7.1",
            "engineVersionActual": lambda s: f"{s.given('engineVersion') or '7.1'}.0",
            "ipDiscovery": "ipv4",
            "maintenanceWindow": "sun:05:00-sun:07:00",
            "memberClusters": _members,
            "networkType": "ipv4",
            "nodeType": "cache.t4g.micro",
            "numCacheClusters": 1,
            "numNodeGroups": 1,
            "parameterGroupName": "default.redis7",
            "primaryEndpointAddress": _endpoint("master"),
            "readerEndpointAddress": _endpoint("replica"),
            "replicasPerNodeGroup": lambda s: int(s.given("numCacheClusters") or 1) - 1,
            "securityGroupIds": [],
            "securityGroupNames": [],
            "snapshotWindow": "03:00-05:00",
            "subnetGroupName": "default",
            "transitEncryptionEnabled": False,
            "transitEncryptionMode": "",
        },
        named=AutoName("replicationGroupId", limit=40),
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": Shape(
        id="{name}",
        defaults={"description": "Managed by Pulumi"},
        computed={"arn": _ARN + "parametergroup:{name}"},
        named=AutoName(limit=255),
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": Shape(
        id="{name}",
        defaults={"description": "Managed by Pulumi"},
        computed={"arn": _ARN + "subnetgroup:{name}", "vpcId": "vpc-{hex:17}"},
        named=AutoName(limit=255),
    ),
    "aws:elasticache/user:User": Shape(id="{userId}", computed={"arn": _ARN + "user:{userId}"}),
    "aws:elasticache/userGroup:UserGroup": Shape(
        id="{userGroupId}", computed={"arn": _ARN + "usergroup:{userGroupId}"}
    ),
}
"""By Pulumi type token."""
