"""What only a whole system shows: subnets, proxies, copies' keys, and clashes between tiers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.components.small_systems import CACHE, DATABASE, NETWORK, small_system
from trellis.stackfile import data_checks, tier_checks
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.settings import SystemSettings

KEY = "aws:kms/key:Key"
SUBNET_GROUPS = ("aws:rds/subnetGroup:SubnetGroup", "aws:elasticache/subnetGroup:SubnetGroup")
CLUSTER = {"engine": "aurora-postgresql", "version": "16"}
TABLE = {"partitionKey": {"name": "id"}}


def tier_of(recording: Any, group: str) -> set[str]:
    wanted = recording.one(group, "main").inputs["subnetIds"]
    return {
        resource.inputs["tags"]["Tier"]
        for resource in recording.of_type("aws:ec2/subnet:Subnet")
        if resource.id in wanted
    }


@pytest.mark.parametrize(
    ("network", "tier"),
    [
        ({"subnets": {"public": {}, "private": {}}}, "private"),
        ({"subnets": {"public": {}, "private": {}, "isolated": {}}}, "private"),
        (
            {"subnets": {"public": {}, "isolated": {}}, "dataSubnets": "isolated", "nat": "none"},
            "isolated",
        ),
    ],
)
def test_data_stands_where_it_is_said_whatever_tier_comes_later(network: dict[str, Any], tier: str):
    """AWS moves neither a database nor a cache to other subnets of its network."""
    recording = small_system(
        network={**NETWORK, **network},
        databases={"main": DATABASE},
        caches={"main": CACHE},
    )
    for group in SUBNET_GROUPS:
        assert tier_of(recording, group) == {tier}


def test_a_proxy_signs_in_with_the_credentials_of_its_databases_users():
    recording = small_system(
        network=NETWORK,
        databases={"main": {**DATABASE, "proxy": {}}},
        secrets={"db": {"kind": "credentials", "database": "main"}},
    )
    proxy = recording.one("aws:rds/proxy:Proxy", "main-proxy")
    secret = recording.one("aws:secretsmanager/secret:Secret", "db")
    assert [auth["secretArn"] for auth in proxy.inputs["auths"]] == [secret.outputs["arn"]]


def test_an_aurora_cluster_is_proxied_as_a_cluster():
    recording = small_system(network=NETWORK, databases={"main": {**CLUSTER, "proxy": {}}})
    target = recording.one("aws:rds/proxyTarget:ProxyTarget", "main-proxy").inputs
    assert target["dbClusterIdentifier"] == "shop-dev-main"
    assert "dbInstanceIdentifier" not in target


def test_copies_in_another_region_have_a_customer_key_there():
    recording = small_system(
        tables={"main": {**TABLE, "replicas": ["eu-west-1"]}},
        backups={"copyTo": {"region": "eu-west-1"}},
    )
    abroad = [
        resource
        for resource in recording.of_type(KEY)
        if resource.inputs.get("region") == "eu-west-1"
    ]
    assert len(abroad) == 1
    arn = abroad[0].outputs["arn"]
    (copy,) = recording.one("aws:dynamodb/table:Table", "main").inputs["replicas"]
    assert copy["kmsKeyArn"] == arn
    vault = recording.one("aws:backup/vault:Vault", "backups-eu-west-1")
    assert vault.inputs["kmsKeyArn"] == arn


def test_backups_are_production_s_and_only_where_something_holds_state():
    plans = "aws:backup/plan:Plan"
    assert small_system(tables={"main": TABLE}).of_type(plans)
    assert not small_system(tables={"main": TABLE}, profile="development").of_type(plans)
    assert not small_system().of_type(plans)


def test_development_makes_the_small_and_deletable_choice():
    recording = small_system(
        profile="development",
        network=NETWORK,
        databases={"main": {"engine": "postgres", "version": "17"}},
        caches={"main": {}},
        tables={"main": TABLE},
    )
    database = recording.one("aws:rds/instance:Instance", "main")
    assert database.inputs["multiAz"] is False
    assert database.inputs["deletionProtection"] is False
    assert database.inputs["skipFinalSnapshot"] is True
    assert database.inputs["backupRetentionPeriod"] == 7
    cache = recording.one("aws:elasticache/replicationGroup:ReplicationGroup", "main")
    assert cache.inputs["numCacheClusters"] == 1
    table = recording.one("aws:dynamodb/table:Table", "main")
    assert table.inputs["deletionProtectionEnabled"] is False
    assert not any(element.protect for element in (database, cache, table))


CHECKS = (*data_checks.CHECKS, *tier_checks.CHECKS)


def complaints(**tiers: Any) -> list[Complaint]:
    given = {"name": "shop", "environment": "dev", "region": "us-east-1", **tiers}
    settings = SystemSettings.model_validate_json(json.dumps(given))
    return [found for check in CHECKS for found in check(settings, Context())]


@pytest.mark.parametrize(
    ("tiers", "path", "message"),
    [
        ({"databases": {"main": DATABASE}}, "databases", "without a network"),
        ({"caches": {"main": CACHE}}, "caches", "without a network"),
        (
            {"network": {"nat": "none", "subnets": {"public": {}}}, "caches": {"main": CACHE}},
            "caches",
            "private subnets, which the network has none of",
        ),
        (
            {"network": {**NETWORK, "dataSubnets": "isolated"}, "fileSystems": {"main": {}}},
            "network.dataSubnets",
            "fileSystems in isolated subnets, which the network has none of",
        ),
        (
            {
                "network": {"nat": "none", "zones": 1, "subnets": {"private": {}}},
                "databases": {"main": DATABASE},
            },
            "network.zones",
            "1 zone",
        ),
        (
            {
                "network": NETWORK,
                "databases": {"main": DATABASE, "other": {**DATABASE, "name": "main"}},
            },
            "databases.other.name",
            "the database shop-dev-main",
        ),
        (
            {
                "network": NETWORK,
                "databases": {"main": CLUSTER, "main-first": DATABASE},
            },
            "databases.main-first",
            "the database shop-dev-main-first",
        ),
        ({"tables": {"main": TABLE, "b": {**TABLE, "name": "main"}}}, "tables.b.name", "the table"),
        (
            {"tables": {"main": {**TABLE, "replicas": ["us-east-1"]}}},
            "tables.main.replicas.0",
            "own region",
        ),
        ({"backups": {"copyTo": {"region": "us-east-1"}}}, "backups.copyTo.region", "own region"),
    ],
)
def test_a_clash_is_refused_with_its_place(tiers: dict[str, Any], path: str, message: str):
    ((where, found, allowed, _),) = complaints(**tiers)
    assert ".".join(map(str, where)) == path
    assert message in found
    assert allowed


def test_a_system_in_order_raises_no_complaint():
    assert not complaints(
        network=NETWORK,
        databases={"main": DATABASE},
        caches={"main": CACHE},
        tables={"main": {**TABLE, "replicas": ["eu-west-1"]}},
    )
