"""Secrets: three kinds, the function that fills them, its rights, its path and its order."""

from __future__ import annotations

import json

import pytest

from tests.components.secrets.small_secrets import FUNCTION, rotation_of
from tests.components.small_systems import (
    ACCOUNT,
    CACHE,
    DATABASE,
    NETWORK,
    document,
    small_system,
    statement,
)
from trellis.planner.record import Recording
from trellis.planner.wire import UNKNOWN

SECRET = "aws:secretsmanager/secret:Secret"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
INVOCATION = "aws:lambda/invocation:Invocation"
PERMISSION = "aws:lambda/permission:Permission"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


@pytest.fixture(scope="module")
def shop() -> Recording:
    """Every kind of secret, with a database and a cache."""
    return small_system(
        network=NETWORK,
        databases={"main": DATABASE},
        caches={"main": CACHE},
        secrets={
            "stripe": {"description": "Stripe's key"},
            "jwt": {"kind": "generated", "rotation": {"everyDays": 90}},
            "pepper": {"kind": "generated", "length": 32, "rotation": "none"},
            "rds": {"kind": "credentials", "database": "main", "user": "shop"},
            "redis": {"kind": "credentials", "cache": "main"},
        },
    )


def arn(recording: Recording, name: str) -> str:
    return recording.one(SECRET, name).outputs["arn"]


def test_a_given_secret_is_created_empty_and_nothing_fills_it(shop: Recording):
    made = shop.one(SECRET, "stripe")
    assert made.inputs["name"] == "shop/dev/stripe"
    assert made.inputs["kmsKeyId"] == shop.one("aws:kms/key:Key", "keys-secrets").outputs["arn"]
    assert made.inputs["recoveryWindowInDays"] == 30
    assert made.protect
    assert not shop.of_type("aws:secretsmanager/secretVersion:SecretVersion")
    for type_ in (INVOCATION, ROTATION, PERMISSION):
        assert "stripe" not in {resource.name for resource in shop.of_type(type_)}


def test_random_values_come_from_one_function_outside_the_network(shop: Recording):
    function = shop.one(FUNCTION, "random")
    assert "vpcConfig" not in function.inputs
    assert function.inputs["timeout"] == 120
    specs = rotation_of(shop, "random")
    assert set(specs) == {arn(shop, "jwt"), arn(shop, "pepper")}
    assert specs[arn(shop, "pepper")]["length"] == 32
    assert {spec["kind"] for spec in specs.values()} == {"random"}


def test_users_come_from_a_function_beside_their_server(shop: Recording):
    (spec,) = rotation_of(shop, "database-main").values()
    instance = shop.one("aws:rds/instance:Instance", "main")
    assert spec["kind"] == "database"
    assert spec["user"] == "shop"
    assert spec["host"] == instance.outputs["address"]
    assert spec["master"] == instance.outputs["masterUserSecrets"][0]["secretArn"]
    (spec,) = rotation_of(shop, "cache-main").values()
    assert spec["kind"] == "cacheUser"
    assert spec["access"].startswith("on ")
    assert shop.one(FUNCTION, "cache-main").inputs["timeout"] == 900
    private = {
        resource.id
        for resource in shop.of_type("aws:ec2/subnet:Subnet")
        if "-private-" in resource.name
    }
    for name in ("database-main", "cache-main"):
        assert set(shop.one(FUNCTION, name).inputs["vpcConfig"]["subnetIds"]) == private


def test_a_specification_is_one_that_the_function_reads(shop: Recording):
    from functions.rotation.configuration import spec_of

    for function in ("random", "database-main", "cache-main"):
        variables = shop.one(FUNCTION, function).inputs["environment"]["variables"]
        for element in rotation_of(shop, function):
            spec_of(element, variables)


def test_the_first_value_waits_for_rights_rules_and_routes_and_comes_before_the_schedule(
    shop: Recording,
):
    for name, function in (("rds", "database-main"), ("redis", "cache-main"), ("jwt", "random")):
        first = shop.one(INVOCATION, name)
        assert json.loads(first.inputs["input"]) == {
            "action": "initialize",
            "secret": arn(shop, name),
        }
        assert shop.one(ROLE_POLICY, function).urn in first.dependencies
        schedule = shop.one(ROTATION, name)
        assert first.urn in schedule.dependencies
        assert shop.one(PERMISSION, name).urn in schedule.dependencies
        assert schedule.inputs["rotateImmediately"] is False
    first = shop.one(INVOCATION, "rds")
    for needed in (
        shop.one(INGRESS, "rotation-database-main-to-database-main"),
        shop.one(EGRESS, "rotation-database-main-to-database-main"),
        shop.one(EGRESS, "rotation-database-main-to-internet"),
        shop.one("aws:ec2/route:Route", "network-private-a-nat"),
    ):
        assert needed.urn in first.dependencies


def test_the_schedule_is_the_stack_files(shop: Recording):
    assert shop.one(ROTATION, "rds").inputs["rotationRules"] == {
        "automaticallyAfterDays": 30,
        "duration": "3h",
    }
    assert shop.one(ROTATION, "jwt").inputs["rotationRules"]["automaticallyAfterDays"] == 90
    assert "pepper" not in {resource.name for resource in shop.of_type(ROTATION)}
    assert shop.one(INVOCATION, "pepper")


def test_secrets_manager_may_call_a_function_for_its_own_secret_only(shop: Recording):
    permission = shop.one(PERMISSION, "rds").inputs
    assert permission["principal"] == "secretsmanager.amazonaws.com"
    assert permission["sourceAccount"] == ACCOUNT
    assert permission["sourceArn"] == arn(shop, "rds")


def test_a_database_function_may_touch_its_secrets_and_the_master_login_and_no_more(
    shop: Recording,
):
    policy = shop.one(ROLE_POLICY, "database-main")
    by_sid = {element["Sid"]: element for element in document(policy)}
    assert set(by_sid) == {
        "OwnSecrets",
        "OwnLogs",
        "OwnDeadLetters",
        "KeyOfSecrets",
        "NetworkInterfacesByLambda",
        "LookAtNetworkByLambda",
        "MasterLogin",
        "KeyOfMasterLogin",
    }
    assert by_sid["OwnSecrets"]["Resource"] == arn(shop, "rds")
    master = shop.one("aws:rds/instance:Instance", "main").outputs["masterUserSecrets"][0]
    assert by_sid["MasterLogin"] == {
        "Sid": "MasterLogin",
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": master["secretArn"],
    }
    assert by_sid["KeyOfMasterLogin"]["Action"] == "kms:Decrypt"
    assert by_sid["KeyOfSecrets"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}
    }
    # The one `*`: looking knows no resource. The function's own code may do none of it.
    assert [sid for sid, element in by_sid.items() if element["Resource"] == "*"] == [
        "LookAtNetworkByLambda"
    ]
    for sid in ("NetworkInterfacesByLambda", "LookAtNetworkByLambda"):
        assert by_sid[sid]["Condition"] == {"Null": {"lambda:SourceFunctionArn": "true"}}
    interfaces = by_sid["NetworkInterfacesByLambda"]
    assert interfaces["Resource"] == f"arn:aws:ec2:us-east-1:{ACCOUNT}:*/*"


def test_a_cache_function_may_change_that_user_only(shop: Recording):
    user = statement(shop.one(ROLE_POLICY, "cache-main"), "CacheUser")
    (spec,) = rotation_of(shop, "cache-main").values()
    assert user["Resource"].endswith(f":user:{spec['userId']}")
    assert user["Action"] == ["elasticache:DescribeUsers", "elasticache:ModifyUser"]


def test_a_function_for_random_values_may_touch_nothing_but_them(shop: Recording):
    sids = {element["Sid"] for element in document(shop.one(ROLE_POLICY, "random"))}
    assert sids == {"OwnSecrets", "OwnLogs", "OwnDeadLetters", "KeyOfSecrets"}


def test_failed_invocations_are_kept_and_logs_are_under_a_key(shop: Recording):
    function = shop.one(FUNCTION, "database-main").inputs
    dead = shop.one("aws:sqs/queue:Queue", "database-main-dead-letters")
    assert function["deadLetterConfig"] == {"targetArn": dead.outputs["arn"]}
    assert function["kmsKeyArn"] == shop.one("aws:kms/key:Key", "keys-secrets").outputs["arn"]
    group = shop.one("aws:cloudwatch/logGroup:LogGroup", "database-main").inputs
    assert group["name"] == "/aws/lambda/shop-dev-rotation-database-main"
    assert group["kmsKeyId"] == shop.one("aws:kms/key:Key", "keys-logs").outputs["arn"]
    assert group["retentionInDays"] == 365


def test_without_nat_an_endpoint_is_made_and_is_the_functions_only_way_out():
    recording = small_system(
        network={**NETWORK, "nat": "none"},
        databases={"main": DATABASE},
        secrets={"rds": {"kind": "credentials", "database": "main"}},
    )
    endpoint = recording.one("aws:ec2/vpcEndpoint:VpcEndpoint", "network-secretsmanager")
    rule = recording.one(EGRESS, "rotation-database-main-to-endpoints").inputs
    assert rule["referencedSecurityGroupId"] in endpoint.inputs["securityGroupIds"]
    assert (rule["fromPort"], rule["toPort"]) == (443, 443)
    assert not [
        resource for resource in recording.of_type(EGRESS) if resource.name.endswith("to-internet")
    ]


def test_a_preview_knows_what_a_secret_is_but_not_its_arn():
    recording = small_system(
        "preview", secrets={"jwt": {"kind": "generated", "rotation": {"everyDays": 90}}}
    )
    made = recording.one(SECRET, "jwt")
    assert made.inputs["name"] == "shop/dev/jwt"
    assert recording.one(ROTATION, "jwt").inputs["secretId"] is UNKNOWN


def test_a_generated_value_stays_unless_the_stack_file_asks_for_rotation():
    recording = small_system(secrets={"jwt": {"kind": "generated"}})
    assert not recording.of_type(ROTATION)
    assert [resource.name for resource in recording.of_type(SECRET)] == ["jwt"]
