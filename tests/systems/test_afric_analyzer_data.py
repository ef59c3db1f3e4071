"""Afric Analyzer's rows on database and cache, asserted over recordings of its stack files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trellis.planner.record import Recording

DATABASE = "aws:rds/instance:Instance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
USER = "aws:elasticache/user:User"
PROJECT = "systems/afric-analyzer"

Recordings = Callable[..., Recording]


@pytest.fixture(params=["starter", "prod"])
def recording(request: pytest.FixtureRequest, recording_of: Recordings) -> Recording:
    return recording_of(PROJECT, request.param)


def test_postgresql_with_the_database_siem_db(recording: Recording):
    inputs = recording.one(DATABASE, "main").inputs
    assert inputs["engine"] == "postgres"
    assert inputs["dbName"] == "siem_db"
    assert inputs["backupRetentionPeriod"] == 35
    assert inputs["storageEncrypted"] is True
    assert inputs["kmsKeyId"].startswith("arn:aws:kms:eu-west-1:")


def test_starter_is_small_in_one_zone_and_prod_larger_in_two(recording_of: Recordings):
    starter = recording_of(PROJECT, "starter").one(DATABASE, "main").inputs
    prod = recording_of(PROJECT, "prod").one(DATABASE, "main").inputs
    assert (starter["instanceClass"], starter["multiAz"]) == ("db.t3.micro", False)
    assert (prod["instanceClass"], prod["multiAz"]) == ("db.t3.medium", True)
    assert starter["deletionProtection"] is False
    assert prod["deletionProtection"] is True


def test_tls_1_2_at_least_and_nothing_without_tls(recording: Recording):
    group = recording.one("aws:rds/parameterGroup:ParameterGroup", "main-postgres17")
    assert {parameter["name"]: parameter["value"] for parameter in group.inputs["parameters"]} == {
        "rds.force_ssl": "1",
        "ssl_min_protocol_version": "TLSv1.2",
    }
    assert recording.one(DATABASE, "main").inputs["parameterGroupName"] == group.outputs["name"]


def test_users_may_sign_in_with_iam(recording: Recording):
    assert recording.one(DATABASE, "main").inputs["iamDatabaseAuthenticationEnabled"] is True


def test_database_and_cache_stand_in_the_isolated_subnets(recording: Recording):
    isolated = {
        resource.id
        for resource in recording.of_type("aws:ec2/subnet:Subnet")
        if resource.inputs["tags"]["Tier"] == "isolated"
    }
    for kind in ("aws:rds/subnetGroup:SubnetGroup", "aws:elasticache/subnetGroup:SubnetGroup"):
        assert set(recording.one(kind, "main").inputs["subnetIds"]) == isolated
    assert len(isolated) == 2


def test_the_data_tier_has_no_way_out(recording: Recording):
    groups = {
        recording.one(kind, "main").inputs[key][0]
        for kind, key in ((DATABASE, "vpcSecurityGroupIds"), (CACHE, "securityGroupIds"))
    }
    out = recording.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert len(groups) == 2
    assert not [resource for resource in out if resource.inputs["securityGroupId"] in groups]


def test_redis_without_cluster_mode_one_node_in_starter_and_two_in_prod(
    recording_of: Recordings,
):
    starter = recording_of(PROJECT, "starter").one(CACHE, "main").inputs
    prod = recording_of(PROJECT, "prod").one(CACHE, "main").inputs
    for inputs in (starter, prod):
        assert inputs["engine"] == "redis"
        assert inputs["clusterMode"] == "disabled"
        assert inputs["atRestEncryptionEnabled"] is True
        assert inputs["transitEncryptionEnabled"] is True
        assert inputs["userGroupIds"]
        assert inputs["snapshotRetentionLimit"] >= 1, "daily snapshots"
    assert (starter["nodeType"], starter["numCacheClusters"]) == ("cache.t3.micro", 1)
    assert (prod["nodeType"], prod["numCacheClusters"]) == ("cache.t3.small", 2)
    assert (starter["automaticFailoverEnabled"], starter["multiAzEnabled"]) == (False, False)
    assert (prod["automaticFailoverEnabled"], prod["multiAzEnabled"]) == (True, True)


def test_the_services_user_signs_in_with_iam_and_the_apps_waits_for_its_secret(
    recording: Recording,
):
    services = recording.one(USER, "main-services").inputs
    assert services["authenticationMode"] == {"type": "iam"}
    assert services["accessString"].startswith("on ")
    assert recording.one(USER, "main-app").inputs["accessString"] == "off -@all"
