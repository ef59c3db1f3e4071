"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.parts.simulation import AutoName, Scope, Shape

_ARN = "arn:{partition}:rds:{region}:{account}:"


_KEY = "arn:{partition}:kms:{region}:{account}:key/{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}"


_PORTS = {
    "postgres": 5432,
    "aurora-postgresql": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "aurora-mysql": 3306,
    "sqlserver": 1433,
    "oracle": 1521,
}
"""By engine, without its edition ("CreateDBInstance": Port, 2026-11)."""


_HOSTED_ZONE = "Z{upper:13}"


def _port(scope: Scope) -> int:
    engine = str(scope.given("engine") or "postgres")
    return next((port for name, port in _PORTS.items() if engine.startswith(name)), 5432)


def _master_secrets(scope: Scope) -> list[dict[str, Any]]:
    """The secret RDS makes where it manages the master password; named `rds!db-...`."""
    if not scope.given("manageMasterUserPassword"):
        return []
    kind = "cluster" if "cluster" in scope.type.lower() else "db"
    name = f"rds!{kind}-{{hex:8}}-{{hex:4}}-4{{hex:3}}-a{{hex:3}}-{{hex:12}}-{{upper:6}}"
    arn = scope.text("arn:{partition}:secretsmanager:{region}:{account}:secret:" + name)
    key = scope.given("masterUserSecretKmsKeyId") or scope.text(_KEY)
    return [{"secretArn": arn, "secretStatus": "active", "kmsKeyId": key}]


def _engine_version(default: str) -> Any:
    def answer(scope: Scope) -> str:
        return str(scope.given("engineVersion") or default)

    return answer


def _encryption_key(scope: Scope) -> str:
    return scope.text(_KEY) if scope.given("storageEncrypted") else ""


def _target(scope: Scope) -> str:
    """The instance or cluster behind a proxy."""
    return str(scope.given("dbClusterIdentifier") or scope["dbInstanceIdentifier"])


_GROUP: dict[str, Any] = {"namePrefix": ""}


SHAPES: Mapping[str, Shape] = {
    "aws:rds/instance:Instance": Shape(
        id="db-{upper:26}",
        defaults={
            "autoMinorVersionUpgrade": True,
            "copyTagsToSnapshot": False,
            "dedicatedLogVolume": False,
            "deleteAutomatedBackups": True,
            "monitoringInterval": 0,
            "performanceInsightsEnabled": False,
            "publiclyAccessible": False,
            "skipFinalSnapshot": False,
        },
        computed={
            "address": "{identifier}.{lower:12}.{region}.rds.{suffix}",
            "allocatedStorage": 20,
            "arn": _ARN + "db:{identifier}",
            "availabilityZone": "{region}a",
            "backupRetentionPeriod": 0,
            "backupTarget": "region",
            "backupWindow": "03:00-03:30",
            "caCertIdentifier": "rds-ca-rsa2048-g1",
            "databaseInsightsMode": "standard",
            "dbName": "",
            "dbSubnetGroupName": "default",
            "engine": "postgres",
            "engineLifecycleSupport": "open-source-rds-extended-support",
            "engineVersion": "16.4",
            "engineVersionActual": _engine_version("16.4"),
            "port": _port,
            "endpoint": "{address}:{port}",
            "hostedZoneId": _HOSTED_ZONE,
            "iops": 3000,
            "kmsKeyId": _encryption_key,
            "latestRestorableTime": "",
            "licenseModel": "postgresql-license",
            "listenerEndpoints": [],
            "maintenanceWindow": "sun:04:00-sun:05:00",
            "masterUserSecrets": _master_secrets,
            "monitoringRoleArn": "",
            "multiAz": False,
            "networkType": "IPV4",
            "optionGroupName": "default:postgres-16",
            "parameterGroupName": "default.postgres16",
            "performanceInsightsKmsKeyId": lambda s: (
                s.text(_KEY) if s.given("performanceInsightsEnabled") else ""
            ),
            "performanceInsightsRetentionPeriod": lambda s: (
                7 if s.given("performanceInsightsEnabled") else 0
            ),
            "replicas": [],
            "resourceId": "{id}",
            "status": "available",
            "storageThroughput": 125,
            "storageType": "gp3",
            "upgradeRolloutOrder": "second",
            "username": "",
            "vpcSecurityGroupIds": [],
        },
        named=AutoName("identifier", limit=63),
    ),
    "aws:rds/cluster:Cluster": Shape(
        id="{clusterIdentifier}",
        defaults={
            "copyTagsToSnapshot": False,
            "deleteAutomatedBackups": True,
            "engineMode": "provisioned",
            "skipFinalSnapshot": False,
        },
        computed={
            "arn": _ARN + "cluster:{clusterIdentifier}",
            "availabilityZones": ["{region}a", "{region}b", "{region}c"],
            "backupRetentionPeriod": 1,
            "caCertificateIdentifier": "rds-ca-rsa2048-g1",
            "caCertificateValidTill": "2061-05-26T00:00:00Z",
            "clusterMembers": [],
            "clusterResourceId": "cluster-{upper:26}",
            "clusterScalabilityType": "standard",
            "databaseInsightsMode": "standard",
            "databaseName": "",
            "dbClusterParameterGroupName": "default.aurora-postgresql16",
            "dbSubnetGroupName": "default",
            "endpoint": "{clusterIdentifier}.cluster-{lower:12}.{region}.rds.{suffix}",
            "engineLifecycleSupport": "open-source-rds-extended-support",
            "engineVersion": "16.4",
            "engineVersionActual": _engine_version("16.4"),
            "hostedZoneId": _HOSTED_ZONE,
            "iamRoles": [],
            "kmsKeyId": _encryption_key,
            "masterUserSecrets": _master_secrets,
            "masterUsername": "",
            "monitoringInterval": 0,
            "monitoringRoleArn": "",
            "networkType": "IPV4",
            "port": _port,
            "preferredBackupWindow": "03:00-03:30",
            "preferredMaintenanceWindow": "sun:04:00-sun:04:30",
            "readerEndpoint": "{clusterIdentifier}.cluster-ro-{lower:12}.{region}.rds.{suffix}",
            "storageEncrypted": False,
            "storageType": "",
            "upgradeRolloutOrder": "second",
            "vpcSecurityGroupIds": [],
        },
        named=AutoName("clusterIdentifier", limit=63),
    ),
    "aws:rds/clusterInstance:ClusterInstance": Shape(
        id="{identifier}",
        defaults={
            "autoMinorVersionUpgrade": True,
            "copyTagsToSnapshot": False,
            "monitoringInterval": 0,
            "promotionTier": 0,
        },
        computed={
            "arn": _ARN + "db:{identifier}",
            "availabilityZone": "{region}a",
            "caCertIdentifier": "rds-ca-rsa2048-g1",
            "dbParameterGroupName": "default.aurora-postgresql16",
            "dbSubnetGroupName": "default",
            "dbiResourceId": "db-{upper:26}",
            "endpoint": "{identifier}.{lower:12}.{region}.rds.{suffix}",
            "engineVersion": "16.4",
            "engineVersionActual": _engine_version("16.4"),
            "kmsKeyId": _KEY,
            "monitoringRoleArn": "",
            "networkType": "IPV4",
            "performanceInsightsEnabled": False,
            "performanceInsightsKmsKeyId": "",
            "performanceInsightsRetentionPeriod": 0,
            "port": _port,
            "preferredBackupWindow": "03:00-03:30",
            "preferredMaintenanceWindow": "sun:04:00-sun:04:30",
            "publiclyAccessible": False,
            "storageEncrypted": True,
            "writer": True,
        },
        named=AutoName("identifier", limit=63),
    ),
    "aws:rds/parameterGroup:ParameterGroup": Shape(
        id="{name}",
        defaults={"description": "Managed by Pulumi", "skipDestroy": False},
        computed={"arn": _ARN + "pg:{name}", **_GROUP},
        named=AutoName(limit=255),
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": Shape(
        id="{name}",
        defaults={"description": "Managed by Pulumi"},
        computed={"arn": _ARN + "cluster-pg:{name}", **_GROUP},
        named=AutoName(limit=255),
    ),
    "aws:rds/subnetGroup:SubnetGroup": Shape(
        id="{name}",
        defaults={"description": "Managed by Pulumi"},
        computed={
            "arn": _ARN + "subgrp:{name}",
            "supportedNetworkTypes": ["IPV4"],
            "vpcId": "vpc-{hex:17}",
            **_GROUP,
        },
        named=AutoName(limit=255),
    ),
    "aws:rds/proxy:Proxy": Shape(
        id="{name}",
        computed={
            "arn": _ARN + "db-proxy:prx-{hex:17}",
            "endpoint": "{name}.proxy-{lower:12}.{region}.rds.{suffix}",
            "endpointNetworkType": "IPV4",
            "idleClientTimeout": 1800,
            "targetConnectionNetworkType": "IPV4",
            "vpcSecurityGroupIds": [],
        },
        named=AutoName(limit=63),
    ),
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": Shape(
        id="{dbProxyName}",
        computed={"arn": _ARN + "target-group:prx-tg-{hex:17}", "name": "default"},
        tagged=False,
    ),
    "aws:rds/proxyTarget:ProxyTarget": Shape(
        id=lambda s: s.text("{dbProxyName}/{targetGroupName}/") + _target(s),
        computed={
            "endpoint": lambda s: s.text(_target(s) + ".{lower:12}.{region}.rds.{suffix}"),
            "port": 5432,
            "rdsResourceId": _target,
            "targetArn": lambda s: s.text(_ARN + "db:") + _target(s),
            "trackedClusterId": lambda s: s.given("dbClusterIdentifier") or "",
            "type": lambda s: (
                "TRACKED_CLUSTER" if s.given("dbClusterIdentifier") else "RDS_INSTANCE"
            ),
        },
        tagged=False,
    ),
}
"""By Pulumi type token."""
