"""What AWS refuses to change in place, and what goes with a change that it does make."""

from __future__ import annotations

import json
from typing import Any

import pytest

from testing.small_systems import DATABASE, NETWORK
from tests.planner.edits import edited
from trellis.compare.meaning import loses, words
from trellis.compare.refusals import guarded, refusal
from trellis.compare.types import KNOWN


def registered(name: str, type_: str) -> dict[str, Any]:
    """The call that tells Cognito of a provider."""
    asked = {"pool": "us-east-1_a", "name": name, "type": type_, "details": {}}
    return {"lifecycleScope": "CRUD", "input": json.dumps(asked)}


POSTGRES = {"engine": "postgres"}
CHANGES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("rds/instance:Instance", POSTGRES | {"engineVersion": "17"},
     POSTGRES | {"engineVersion": "16"}, "no earlier version"),
    ("rds/instance:Instance", POSTGRES | {"engineVersion": "16.4"},
     POSTGRES | {"engineVersion": "17"}, "another major version"),
    ("rds/instance:Instance", {"engine": "mysql", "engineVersion": "8.0"},
     {"engine": "mysql", "engineVersion": "8.4"}, "another major version"),
    ("rds/instance:Instance", POSTGRES | {"engineVersion": "16"},
     POSTGRES | {"engineVersion": "17", "allowMajorVersionUpgrade": True}, ""),
    ("rds/instance:Instance", POSTGRES | {"engineVersion": "17"},
     POSTGRES | {"engineVersion": "17.7"}, ""),
    ("rds/cluster:Cluster", {"engine": "aurora-postgresql", "engineVersion": "15"},
     {"engine": "aurora-postgresql", "engineVersion": "16"}, "another major version"),
    ("rds/instance:Instance", {"allocatedStorage": 100}, {"allocatedStorage": 20}, "no storage"),
    ("rds/instance:Instance", {"allocatedStorage": 100}, {"allocatedStorage": 105}, "become 110"),
    ("rds/instance:Instance", {"allocatedStorage": 100}, {"allocatedStorage": 200}, ""),
    ("rds/subnetGroup:SubnetGroup", {"subnetIds": ["a", "b"]}, {"subnetIds": ["a", "c"]}, "subnet"),
    ("elasticache/subnetGroup:SubnetGroup", {"subnetIds": ["a"]}, {"subnetIds": ["b"]}, "subnet"),
    ("elasticache/subnetGroup:SubnetGroup", {"subnetIds": ["a"]}, {"subnetIds": ["a", "c"]}, ""),
    ("elasticache/replicationGroup:ReplicationGroup", {"authToken": "x"}, {"userGroupIds": ["g"]},
     "token"),
    ("elasticache/replicationGroup:ReplicationGroup", {}, {"clusterMode": "enabled"}, "mode on"),
    ("elasticache/replicationGroup:ReplicationGroup", {"clusterMode": "enabled"}, {}, "mode off"),
    ("ec2/vpc:Vpc", {"assignGeneratedIpv6CidrBlock": True}, {}, "ipv6: true"),
    ("dynamodb/table:Table", {"attributes": [{"name": "id", "type": "S"}]},
     {"attributes": [{"name": "id", "type": "N"}]}, "type of a key"),
    ("dynamodb/table:Table", {"attributes": [{"name": "id", "type": "S"}]},
     {"attributes": [{"name": "at", "type": "N"}, {"name": "id", "type": "S"}]}, ""),
    ("dynamodb/table:Table", {"ttl": {"attributeName": "a"}}, {"ttl": {"attributeName": "b"}},
     "an hour later"),
    ("kinesis/stream:Stream", {"shardCount": 3}, {"shardCount": 9}, "2 to 6"),
    ("kinesis/stream:Stream", {"shardCount": 3}, {"shardCount": 6}, ""),
    ("route53/zone:Zone", {}, {"vpcs": [{"vpcId": "vpc-1"}]}, "public or private for good"),
    ("cognito/userPool:UserPool", {"schemas": [{"name": "plan", "mutable": True}]},
     {"schemas": [{"name": "plan", "mutable": False}]}, "plan is another"),
    ("cognito/userPool:UserPool", {"schemas": [{"name": "plan"}]},
     {"schemas": [{"name": "level"}, {"name": "plan"}]}, ""),
    ("lambda/invocation:Invocation", registered("okta", "OIDC"), registered("okta", "SAML"),
     "neither name nor type"),
    ("lambda/invocation:Invocation", registered("Google", "Google"),
     registered("Google", "Google") | {"functionName": "other"}, ""),
]  # fmt: skip
"""Type, inputs before and after, and what is said; nothing where AWS does it."""


@pytest.mark.parametrize(("type_", "before", "after", "message"), CHANGES)
def test_what_aws_refuses_to_change_is_said_with_a_way_out(
    type_: str, before: dict[str, Any], after: dict[str, Any], message: str
):
    found = refusal(f"aws:{type_}", before, after, after.keys())
    assert (message in found) if message else not found


def test_every_rule_has_a_change_that_it_refuses():
    refused = {(type_, message) for type_, _, _, message in CHANGES if message}
    for type_, known in KNOWN.items():
        found = {s for t, s in refused if f"aws:{t}" == type_}
        assert len(found) >= len(known.change.refusals) + len(known.change.fixed), type_


def test_deletion_protection_of_aws_stops_a_replacement_that_the_engine_would_try():
    assert guarded("aws:lb/loadBalancer:LoadBalancer", {"enableDeletionProtection": True})
    assert guarded("aws:cognito/userPool:UserPool", {"deletionProtection": "ACTIVE"})
    assert not guarded("aws:lb/loadBalancer:LoadBalancer", {"enableDeletionProtection": False})


OPERATED = {
    **DATABASE,
    "masterPassword": "operator",
    "masterSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/master-AbCdEf",
}


def test_another_name_of_a_database_leaves_its_subnet_group():
    before, after = ({"network": NETWORK, "databases": {"main": {**DATABASE, "name": name}}}
                     for name in ("old", "new"))  # fmt: skip
    steps = edited(before, after)
    assert steps["SubnetGroup main"].operation == "update"
    assert "dbSubnetGroupName" not in steps["Instance main"].changed
    assert not steps["Instance main"].refused


def test_a_read_replica_that_goes_loses_nothing():
    whole = {"network": NETWORK, "profile": "development"}
    before = {**whole, "databases": {"main": {**OPERATED, "readReplicas": {"reports": {}}}}}
    step = edited(before, {**whole, "databases": {"main": OPERATED}})["Instance main-reports"]
    assert (step.operation, loses(step)) == ("delete", "")


def test_aurora_changes_its_kind_of_storage_in_place():
    cluster = {"engine": "aurora-postgresql", "version": "16", "instanceClass": "db.r7g.large"}
    before, after = ({"network": NETWORK, "databases": {"wide": {**cluster, "storageType": kind}}}
                     for kind in ("standard", "ioOptimized"))  # fmt: skip
    assert edited(before, after)["Cluster wide"].operation == "update"


TABLE = {"partitionKey": {"name": "id"}}
IMAGE = {"uri": f"123456789012.dkr.ecr.us-east-1.amazonaws.com/web@sha256:{'0' * 64}"}


def test_another_view_of_a_stream_is_another_stream():
    reader = {"image": IMAGE, "subnets": "none", "triggers": {"new": {"table": "orders"}}}
    before, after = ({"tables": {"orders": {**TABLE, "stream": view}}, "functions": {"f": reader}}
                     for view in ("both", "new"))  # fmt: skip
    steps = edited(before, after)
    assert "another one begins" in " ".join(words(steps["Table orders"]))
    assert steps["EventSourceMapping f-new"].because == ("eventSourceArn",)


def test_what_goes_with_a_change_in_place_is_told():
    index = {"partitionKey": {"name": "user"}}
    before = {"tables": {"orders": {**TABLE, "globalIndexes": {"users": index}}},
              "queues": {"work": {"retentionDays": 14}}}  # fmt: skip
    after = {
        "tables": {
            "orders": {
                **TABLE,
                "globalIndexes": {"users": {**index, "projection": "keys"}},
                "pointInTimeRecovery": {"enabled": False},
            }
        },
        "queues": {"work": {"retentionDays": 1}},
    }
    steps = edited(before, after)
    lines = words(steps["Table orders"])
    assert "goes: the points in time that it can be restored to" in lines
    assert [line for line in lines if line.startswith("downtime: the index users is made anew")]
    assert "goes: messages older than 86400 seconds" in words(steps["Queue work"])


def test_who_signed_in_to_a_cache_otherwise_is_refused_at_once():
    def cache(authentication: str) -> dict[str, Any]:
        caches = {"main": {"engine": "redis", "version": "7.1", "authentication": authentication}}
        return {"network": NETWORK, "caches": caches}

    key = "ReplicationGroup main"
    found = words(edited(cache("user"), cache("token"))[key])
    assert "nobody is asked for a password until the token is set" in " ".join(found)
    found = words(edited(cache("token"), cache("user"))[key])
    assert "is refused until it runs with a user's password" in " ".join(found)


def test_rds_does_not_manage_a_password_again_that_was_set_from_a_secret():
    secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/master-AbCdEf"
    own = {**DATABASE, "masterPassword": "operator", "masterSecretArn": secret}
    systems = ({"network": NETWORK, "databases": {"main": one}} for one in (own, DATABASE))
    (found,) = words(edited(*systems)["Invocation master-main"])
    assert found.startswith("shop-dev-main keeps the password that its secret has")
