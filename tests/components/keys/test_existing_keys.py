"""Keys that exist already: what they encrypt, what their owner must let in, and who uses them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from testing.service_cases import service
from tests.components.small_systems import (
    ACCOUNT,
    DATABASE,
    NETWORK,
    document,
    small_system,
    statement,
)
from tests.planner.edits import compared
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

pytestmark = pytest.mark.long

KEY = "aws:kms/key:Key"
OTHERS = "210987654321"
ID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
CENTRAL = f"arn:aws:kms:us-east-1:{OTHERS}:key/{ID}"
NEAR = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{ID}"
PARTS: dict[str, Any] = {
    "network": NETWORK,
    "databases": {"main": DATABASE},
    "secrets": {"login": {"kind": "credentials", "database": "main"}},
    "queues": {"jobs": {}},
    "topics": {"news": {}},
    "buckets": {"files": {"accessLogs": "none"}},
    "tables": {"orders": {"partitionKey": {"name": "id"}}},
}
ALL = dict.fromkeys(("data", "logs", "messages", "secrets"), "central")


def recorded(keys: dict[str, Any], arn: str = CENTRAL, **more: Any) -> Recording:
    return small_system(
        existing={"keys": {"central": {"arn": arn}}}, keys=keys, **{**PARTS, **more}
    )


def refusal_of(keys: dict[str, Any], existing: dict[str, Any] | None = None, **more: Any) -> str:
    with pytest.raises(StackFileError) as caught:
        small_system(
            existing={"keys": existing or {"central": {"arn": CENTRAL}}},
            keys=keys,
            **{**PARTS, **more},
        )
    return str(caught.value)


def encrypted_with(recording: Recording) -> set[str]:
    """Every ARN of a key that anything of the system has among its inputs."""
    found: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, str):
            found.update(word for word in value.replace('"', " ").split() if ":kms:" in word)
        elif isinstance(value, dict):
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    for resource in recording.resources:
        look(resource.inputs)
    return {arn for arn in found if arn.startswith("arn:") and ":key/" in arn}


def test_everything_that_had_a_key_of_its_own_is_encrypted_with_the_one_that_exists():
    assert len(encrypted_with(small_system(**PARTS))) == 4
    recording = recorded({"existing": ALL})
    assert not recording.of_type(KEY)
    assert encrypted_with(recording) == {CENTRAL}
    instance = recording.one("aws:rds/instance:Instance", "main").inputs
    assert instance["kmsKeyId"] == CENTRAL
    assert instance["masterUserSecretKmsKeyId"] == CENTRAL


def test_a_shared_key_that_exists_is_that_of_all_domains():
    recording = recorded({"sharing": "shared", "existing": {"data": "central"}})
    assert not recording.of_type(KEY)
    assert encrypted_with(recording) == {CENTRAL}
    (policy,) = recording.outputs["existingKeys"].values()
    sids = {element["Sid"] for element in json.loads(policy["policy"])["Statement"]}
    assert {"AccountUsesThroughServices", "LogGroups", "ServicesKeepUsing"} <= sids


def test_domains_without_one_keep_their_own():
    recording = recorded({"existing": {"data": "central"}})
    assert {resource.name for resource in recording.of_type(KEY)} == {
        "keys-logs",
        "keys-messages",
        "keys-secrets",
    }


def test_its_owner_is_told_exactly_what_a_key_made_here_would_say():
    made = small_system(**PARTS)
    recording = recorded({"existing": ALL})
    for domain in ALL:
        parsed = json.loads(recording.outputs["existingKeys"][domain]["policy"])["Statement"]
        own = document(made.one(KEY, f"keys-{domain}"))
        assert parsed == [element for element in own if element["Sid"] != "AccountAdministers"]
        assert all("kms:*" not in element["Action"] for element in parsed)
    (warning,) = [text for text in recording.warnings if "existingKeys" in text]
    assert "of central (for data, logs, messages, secrets)" in warning


def test_a_key_with_an_alias_is_asked_for_and_unknown_in_a_plan():
    alias = {"central": {"alias": "alias/central"}}
    planned = small_system("preview", existing={"keys": alias}, keys={"existing": ALL}, **PARTS)
    assert not planned.of_type(KEY)
    deployed = small_system(existing={"keys": alias}, keys={"existing": ALL}, **PARTS)
    (arn,) = encrypted_with(deployed)
    assert arn.startswith(f"arn:aws:kms:us-east-1:{ACCOUNT}:key/")


@pytest.mark.parametrize(
    ("access", "may"),
    [
        ("encrypt", {"kms:Encrypt", "kms:GenerateDataKey"}),
        ("decrypt", {"kms:Decrypt"}),
        ("encryptDecrypt", {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"}),
        ("sign", {"kms:GetPublicKey", "kms:Sign"}),
        ("verify", {"kms:GetPublicKey", "kms:Verify"}),
    ],
)
def test_a_program_may_do_what_its_line_says_with_that_key_alone(access: str, may: set[str]):
    uses = [{"kms": "central", "access": access}]
    recording = recorded({}, NEAR, services={"api": service(uses=uses)})
    (role,) = [
        policy
        for policy in recording.of_type("aws:iam/rolePolicy:RolePolicy")
        if "UseKeyCentral" in policy.inputs["policy"]
    ]
    allowed = statement(role, "UseKeyCentral")
    assert set(allowed["Action"]) == {"kms:DescribeKey", *may}
    assert allowed["Resource"] in (NEAR, [NEAR])
    (task,) = recording.of_type("aws:ecs/taskDefinition:TaskDefinition")
    assert f'"CENTRAL_KEY_ARN","value":"{NEAR}"' in task.inputs["containerDefinitions"].replace(
        ": ", ":"
    ).replace(", ", ",")


@pytest.mark.parametrize(
    ("keys", "existing", "message"),
    [
        ({"existing": {"data": "centrl"}}, None, "did you mean `central`?"),
        ({"existing": {"dta": "central"}}, None, "dta"),
        ({"existing": ALL}, {"central": {"arn": CENTRAL.replace("us-east-1", "eu-west-1")}},
         "a key in eu-west-1"),
        ({"existing": {"data": "central"}, "domains": {"data": {"rotationDays": 90}}}, None,
         "`existing` and `domains`"),
        ({"existing": {"data": "central"}, "adopt": {"data": ID}}, None,
         "`existing` and `adopt`"),
        ({"existing": {"logs": "central"}, "sharing": "shared"}, None, "`existing` of `data`"),
        ({}, {"central": {"arn": CENTRAL, "alias": "alias/a"}}, "exactly one of arn, alias"),
        ({}, {"central": {}}, "exactly one of arn, alias"),
        ({}, {"central": {"alias": "alias/aws/s3"}}, "alias/aws/s3"),
        ({}, {"central": {"arn": CENTRAL.replace("key/", "alias/")}}, "arn"),
    ],
)  # fmt: skip
def test_a_key_that_can_not_be_meant_is_refused(
    keys: dict[str, Any], existing: dict[str, Any] | None, message: str
):
    assert message in refusal_of(keys, existing)


def test_a_key_that_would_encrypt_nothing_is_refused():
    with pytest.raises(StackFileError, match="nothing here is encrypted with"):
        small_system(
            existing={"keys": {"central": {"arn": CENTRAL}}},
            keys={"existing": {"secrets": "central"}},
            buckets={"files": {"accessLogs": "none"}},
        )


def test_a_program_uses_no_key_that_is_known_by_its_alias_only():
    uses = [{"kms": "central", "access": "sign"}]
    found = refusal_of(
        {}, {"central": {"alias": "alias/central"}}, services={"api": service(uses=uses)}
    )
    assert "of which only the alias is known" in found
    assert "describe-key --key-id alias/central" in found
    assert "without `access`" in refusal_of(
        {}, services={"api": service(uses=[{"kms": "central"}])}
    )


def test_another_key_is_another_database_and_compare_says_so():
    steps = compared(small_system(**PARTS), recorded({"existing": ALL}))
    assert steps["Instance main"].operation == "replace"
    assert steps["Key keys-data"].operation == "delete"
    assert steps["Secret login"].operation == "update"
    assert steps["Queue jobs"].operation == "update"
