"""What AWS can change in place never changes a Pulumi name or replaces anything.

Each pair is recorded before and after one change. The properties whose change replaces a resource
are those that the AWS provider marks as such ("forces new resource", provider reference, 2026-11).
"""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from testing.data_settings import record_settings, validate
from trellis.planner.record import Recorded, Recording

REPLACES: dict[str, frozenset[str]] = {
    "aws:rds/instance:Instance": frozenset(
        {"availabilityZone", "backupTarget", "characterSetName", "customIamInstanceProfile",
         "dbName", "dbSubnetGroupName", "engine", "identifier", "identifierPrefix", "kmsKeyId",
         "licenseModel", "snapshotIdentifier", "storageEncrypted", "timezone", "username"}
    ),
    "aws:rds/cluster:Cluster": frozenset(
        {"availabilityZones", "clusterIdentifier", "databaseName", "dbSubnetGroupName", "engine",
         "engineMode", "kmsKeyId", "masterUsername", "port", "snapshotIdentifier",
         "storageEncrypted"}
    ),
    "aws:rds/clusterInstance:ClusterInstance": frozenset(
        {"availabilityZone", "clusterIdentifier", "dbSubnetGroupName", "engine", "identifier"}
    ),
    "aws:rds/subnetGroup:SubnetGroup": frozenset({"name", "namePrefix"}),
    "aws:rds/parameterGroup:ParameterGroup": frozenset(
        {"description", "family", "name", "namePrefix"}
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": frozenset(
        {"description", "family", "name", "namePrefix"}
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": frozenset(
        {"atRestEncryptionEnabled", "dataTieringEnabled", "kmsKeyId", "port",
         "replicationGroupId", "snapshotArns", "snapshotName", "subnetGroupName"}
    ),
    "aws:elasticache/user:User": frozenset({"userId", "userName"}),
    "aws:elasticache/userGroup:UserGroup": frozenset({"userGroupId"}),
    "aws:elasticache/subnetGroup:SubnetGroup": frozenset({"name"}),
    "aws:elasticache/parameterGroup:ParameterGroup": frozenset({"description", "family", "name"}),
    "aws:dynamodb/table:Table": frozenset(
        {"hashKey", "localSecondaryIndexes", "name", "rangeKey", "restoreSourceName"}
    ),
    "aws:backup/vault:Vault": frozenset({"kmsKeyArn", "name"}),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": frozenset(
        {"backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"}
    ),
    "aws:backup/selection:Selection": frozenset({"iamRoleArn", "planId", "resources"}),
    "aws:cloudwatch/logGroup:LogGroup": frozenset({"name", "namePrefix"}),
    "aws:ec2/securityGroup:SecurityGroup": frozenset({"description", "namePrefix", "vpcId"}),
    "aws:iam/role:Role": frozenset({"name", "namePrefix", "path"}),
    "aws:iam/rolePolicy:RolePolicy": frozenset({"name", "role"}),
}  # fmt: skip
"""By type, the inputs whose change makes another resource."""

OPERATOR = {
    "masterPassword": "operator",
    "masterSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:master-AbCdEf",
}
INSTANCE = {
    "engine": "postgres", "version": "16", "instanceClass": "db.t4g.medium",
    "storage": {"initialGiB": 400},
}  # fmt: skip
AURORA = {"engine": "aurora-postgresql", "version": "16"}
TABLE = {"partitionKey": {"name": "id"}, "globalIndexes": {"by-a": {"partitionKey": {"name": "a"}}}}

CHANGES: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "instance": (
        INSTANCE,
        [
            {"instanceClass": "db.r8g.large"},
            {"version": "16.11"},
            {"version": "17", "majorUpgrades": True},
            {"multiAz": False},
            {"storage": {"initialGiB": 500}},
            {"storage": {"initialGiB": 400, "maxGiB": 1000}},
            {"storage": {"initialGiB": 400, "iops": 20_000, "throughput": 1_000}},
            {"storage": {"initialGiB": 400, "type": "io2", "iops": 20_000}},
            {"port": 5433},
            {"parameters": {"work_mem": 65_536}},
            {"logs": ["postgresql"]},
            {"logs": ["postgresql", "upgrade", "iam-db-auth-error"]},
            {"logRetentionDays": 7},
            {"monitoring": {"intervalSeconds": 15}},
            {"performanceInsights": {"mode": "advanced", "retentionDays": 465}},
            {"performanceInsights": {"enabled": False}},
            {"backups": {"retentionDays": 1, "window": "01:00-02:00"}},
            {"maintenanceWindow": "mon:01:00-mon:02:00"},
            {"minorUpgrades": False},
            {"applyImmediately": True},
            {"deletionProtection": False},
            {"finalSnapshot": False},
            {"restoreFrom": "snapshot"},
            {"iamAuthentication": True, "iamUsers": ["robot"]},
            {"certificateAuthority": "rds-ca-ecc384-g1"},
            {**OPERATOR},
            {**OPERATOR, "readReplicas": {"one": {}}, "blueGreen": True},
        ],
    ),
    "cluster": (
        AURORA,
        [
            {"instanceClass": "db.r8g.large"},
            {"version": "16.9"},
            {"version": "17", "majorUpgrades": True},
            {"instances": {"first": {}, "second": {}, "third": {}}},
            {"instances": {"zero": {}, "first": {}, "second": {}}},
            {"instances": {"first": {"instanceClass": "db.r7g.large"}, "second": {}}},
            {"instanceClass": "db.serverless", "capacity": {"min": 0.5, "max": 8}},
            {"storageType": "ioOptimized"},
            {"parameters": {"work_mem": 65_536}},
            {"logs": []},
            {"monitoring": {"intervalSeconds": 15}},
            {"performanceInsights": {"mode": "advanced", "retentionDays": 465}},
            {"backups": {"retentionDays": 1, "window": "01:00-02:00"}},
            {"maintenanceWindow": "mon:01:00-mon:02:00"},
            {"deletionProtection": False},
            {"finalSnapshot": False},
            {"restoreFrom": "snapshot"},
            {"iamAuthentication": True},
            {"certificateAuthority": "rds-ca-ecc384-g1"},
            {**OPERATOR},
        ],
    ),
    "cache": (
        {"engine": "redis", "version": "7.0"},
        [
            {"version": "7.1"},
            {"engine": "valkey", "version": "8.1"},
            {"nodeType": "cache.r7g.large"},
            {"nodes": 1},
            {"nodes": 6},
            {"users": {"app": {}, "robot": {"authentication": "iam"}}},
            {"parameters": {"maxmemory-policy": "allkeys-lru"}},
            {"snapshots": {"retentionDays": 1, "window": "01:00-02:00"}},
            {"maintenanceWindow": "mon:09:00-mon:10:00"},
            {"minorUpgrades": False},
            {"applyImmediately": True},
            {"notify": False},
            {"logs": []},
            {"logRetentionDays": 7},
            {"finalSnapshot": False},
        ],
    ),
    "table": (
        TABLE,
        [
            {"ttl": "expires"},
            {"stream": "both"},
            {"capacity": {"reset": True}},
            {"tableClass": "infrequentAccess"},
            {"pointInTimeRecovery": {"days": 7}},
            {"deletionProtection": False},
            {"replicas": ["eu-west-1"]},
            {"globalIndexes": {}},
            {
                "globalIndexes": {
                    "by-b": {"partitionKey": {"name": "b"}},
                    "by-a": {"partitionKey": {"name": "a"}},
                }
            },
        ],
    ),
    "backups": (
        {},
        [
            {"schedule": "cron(0 1 * * ? *)"},
            {"retentionDays": 200, "coldAfterDays": 30},
            {"copyTo": {"region": "eu-west-1"}},
            {"lock": {}},
            {"startMinutes": 90},
        ],
    ),
}
"""By kind, where a setting starts and what it becomes."""

PAIRS = [
    pytest.param(kind, base, change, id=f"{kind}-{'-'.join(change)}-{number}")
    for kind, (base, changes) in CHANGES.items()
    for number, change in enumerate(changes)
]


def recorded(kind: str, document: dict[str, Any]) -> Recording:
    return _recorded(kind, json.dumps(document))


@functools.cache
def _recorded(kind: str, text: str) -> Recording:
    return record_settings(validate(kind, json.loads(text)))


def optional(resource: Recorded) -> bool:
    """What a setting adds and takes away: families' groups, logs, members, scaling, events."""
    return resource.type.endswith(("ParameterGroup", ":LogGroup", ":ClusterInstance")) or (
        resource.type.startswith(("aws:appautoscaling/", "aws:sns/"))
    )


def replaced(before: Recording, after: Recording) -> list[str]:
    """Resources that the change would replace, or rename, with the property that does it."""
    later = {resource.urn: resource for resource in after}
    found: list[str] = []
    for resource in before:
        again = later.get(resource.urn)
        if again is None:
            if not optional(resource):
                found.append(f"{resource.type} {resource.name} is gone")
            continue
        for key in REPLACES.get(resource.type, frozenset()) - set(resource.ignore_changes):
            if resource.inputs.get(key) != again.inputs.get(key):
                found.append(f"{resource.type} {resource.name} {key}")
    return found


@pytest.mark.parametrize(("kind", "base", "change"), PAIRS)
def test_what_aws_changes_in_place_renames_and_replaces_nothing(
    kind: str, base: dict[str, Any], change: dict[str, Any]
):
    before, after = recorded(kind, base), recorded(kind, {**base, **change})
    assert replaced(before, after) == []


def test_a_group_goes_only_where_its_family_or_its_log_does():
    before = {resource.urn for resource in recorded("instance", INSTANCE) if optional(resource)}
    after = {resource.urn for resource in recorded("instance", {**INSTANCE, "multiAz": False})}
    assert before <= after
    upgraded = recorded("instance", {**INSTANCE, "version": "17"})
    gone = before - {resource.urn for resource in upgraded}
    assert [urn.rpartition("::")[2] for urn in gone] == ["main-postgres16"]


@pytest.mark.parametrize(
    ("kind", "base", "change", "named"),
    [
        ("instance", INSTANCE, {"database": "other"}, "dbName"),
        ("instance", INSTANCE, {"masterUsername": "boss"}, "username"),
        ("cluster", AURORA, {"database": "other"}, "databaseName"),
        ("cache", {}, {"port": 7000}, "port"),
        ("table", TABLE, {"partitionKey": {"name": "other"}}, "hashKey"),
    ],
)
def test_what_does_replace_is_seen_by_this_very_test(
    kind: str, base: dict[str, Any], change: dict[str, Any], named: str
):
    found = replaced(recorded(kind, base), recorded(kind, {**base, **change}))
    assert [element.rpartition(" ")[2] for element in found] == [named]
