"""Amazon ElastiCache: what AWS answers ("Amazon ElastiCache API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.cache.simulated import short
from components.parts.simulation import AutoName, Scope, Shape

_ARN = "arn:{partition}:elasticache:{region}:{account}:"


def _serverless(scope: Scope, port: int) -> dict[str, Any]:
    address = scope.text(f"{{name}}-{{lower:6}}.serverless.{short(scope)}.cache.{{suffix}}")
    return {"address": address, "port": port}


SHAPES: Mapping[str, Shape] = {
    "aws:elasticache/cluster:Cluster": Shape(
        id="{clusterId}",
        computed={
            "arn": _ARN + "cluster:{clusterId}",
            "availabilityZone": "{region}a",
            "azMode": "single-az",
            "cacheNodes": [],
            "clusterAddress": "",
            "configurationEndpoint": "",
            "engine": "redis",
            "engineVersion": "7.1",
            "engineVersionActual": "7.1.0",
            "ipDiscovery": "ipv4",
            "maintenanceWindow": "sun:05:00-sun:07:00",
            "networkType": "ipv4",
            "nodeType": "cache.t4g.micro",
            "numCacheNodes": 1,
            "parameterGroupName": "default.redis7",
            "port": 6379,
            "securityGroupIds": [],
            "snapshotWindow": "03:00-05:00",
            "subnetGroupName": "default",
            "transitEncryptionEnabled": False,
        },
        named=AutoName("clusterId", limit=50),
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": Shape(
        id="{name}",
        computed={
            "arn": _ARN + "serverlesscache:{name}",
            "createTime": "2026-11-02T08:00:00Z",
            "dailySnapshotTime": "03:00",
            "description": " ",
            "endpoints": lambda s: [_serverless(s, 6379)],
            "fullEngineVersion": "8.0",
            "majorEngineVersion": "8",
            "readerEndpoints": lambda s: [_serverless(s, 6380)],
            "securityGroupIds": [],
            "snapshotRetentionLimit": 0,
            "status": "available",
            "subnetIds": [],
        },
        named=AutoName(limit=40),
    ),
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": Shape(
        id="{userGroupId},{userId}", tagged=False
    ),
}
"""By Pulumi type token."""
