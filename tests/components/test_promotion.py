"""A pilot that becomes production: every setting whose default differs by profile, at once."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from components.replacement import HOLDS_DATA
from tests.components.small_systems import NETWORK, small_system
from trellis.planner.record import Recording

pytestmark = pytest.mark.long

PILOT: dict[str, Any] = {
    "network": {"cidr": "10.0.0.0/16"},
    "databases": {
        "main": {"engine": "postgres", "version": "17"},
        "wide": {
            "engine": "aurora-postgresql",
            "version": "16",
            "instanceClass": "db.serverless",
            "capacity": {"min": 0.5, "max": 2},
        },
    },
    "caches": {"main": {}, "sharded": {"clusterMode": {"shards": 2}}},
    "tables": {"orders": {"partitionKey": {"name": "id"}}},
    "buckets": {"receipts": {}},
    "secrets": {"stripe": {"kind": "given"}, "login": {"kind": "credentials", "database": "main"}},
    "zones": {"main": {"domain": "example.com", "dnssec": True}},
    "loadBalancers": {"alb": {}},
    "repositories": {"web": {}},
    "firewalls": {"main": {}},
    "services": {
        "web": {
            "image": {"repository": "web", "digest": f"sha256:{'1' * 64}"},
            "port": 8080,
            "routes": [{"host": "api.example.com"}],
        },
    },
}

IN_PLACE: dict[str, set[str]] = {
    "aws:cloudwatch/logGroup:LogGroup": {"retentionInDays"},
    "aws:dynamodb/table:Table": {"deletionProtectionEnabled"},
    "aws:ecr/repository:Repository": {"forceDelete"},
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "applyImmediately", "automaticFailoverEnabled", "finalSnapshotIdentifier",
        "multiAzEnabled", "numCacheClusters", "replicasPerNodeGroup", "snapshotRetentionLimit",
    },
    "aws:kms/key:Key": {"deletionWindowInDays"},
    "aws:rds/cluster:Cluster": {
        "applyImmediately", "backupRetentionPeriod", "deleteAutomatedBackups",
        "deletionProtection", "finalSnapshotIdentifier", "skipFinalSnapshot",
    },
    "aws:rds/instance:Instance": {
        "applyImmediately", "backupRetentionPeriod", "deleteAutomatedBackups",
        "deletionProtection", "finalSnapshotIdentifier", "multiAz", "skipFinalSnapshot",
    },
    "aws:s3/bucket:Bucket": {"forceDestroy"},
    "aws:secretsmanager/secret:Secret": {"recoveryWindowInDays"},
}  # fmt: skip
"""What may change of a thing that holds data: all of it in place ("Update requires: No
interruption" or "Some interruptions", resource reference of CloudFormation, 2026-11)."""


@functools.cache
def pilot(profile: str) -> Recording:
    return small_system(profile=profile, **PILOT)


def test_what_holds_data_stays_and_changes_in_place():
    before, after = pilot("development"), pilot("production")
    found = {resource.urn: resource for resource in after}
    held = [element for element in before if element.type in HOLDS_DATA]
    assert {element.type for element in held} >= IN_PLACE.keys()
    for resource in held:
        assert resource.urn in found, f"{resource.name} would be deleted"
        now = found[resource.urn].inputs
        changed = {
            key for key in {*resource.inputs, *now} if resource.inputs.get(key) != now.get(key)
        }
        assert changed <= IN_PLACE.get(resource.type, set()), resource.urn


def test_nothing_of_a_pilot_goes():
    gone = {resource.urn for resource in pilot("development")} - {
        resource.urn for resource in pilot("production")
    }
    assert not gone


def test_addresses_stay():
    before, after = pilot("development"), pilot("production")
    for type_ in ("aws:ec2/subnet:Subnet", "aws:ec2/eip:Eip"):
        for resource in before.of_type(type_):
            assert after.one(type_, resource.name).inputs == resource.inputs
    balancer = "aws:lb/loadBalancer:LoadBalancer"
    was, now = before.one(balancer, "alb").inputs, after.one(balancer, "alb").inputs
    # A third zone is added; the two that were there stay.
    assert set(was["subnets"]) < set(now["subnets"])
    assert was["internal"] == now["internal"]


def test_a_key_of_its_own_for_each_domain_leaves_data_where_it_is():
    parts = {
        "network": NETWORK,
        "databases": {"main": {"engine": "postgres", "version": "17"}},
        "caches": {"main": {}},
        "repositories": {"web": {}},
        "services": {"web": PILOT["services"]["web"] | {"routes": []}},
    }
    before = small_system(keys={"sharing": "shared"}, **parts)
    after = small_system(keys={"sharing": "separate"}, **parts)
    for type_, key in (
        ("aws:rds/instance:Instance", "kmsKeyId"),
        ("aws:elasticache/replicationGroup:ReplicationGroup", "kmsKeyId"),
        ("aws:ecr/repository:Repository", "encryptionConfigurations"),
        ("aws:backup/vault:Vault", "kmsKeyArn"),
    ):
        (was,), (now) = before.of_type(type_), after.of_type(type_)[0]
        assert was.urn == now.urn
        assert was.inputs[key] == now.inputs[key], type_
