"""A deployment that encrypts with keys of others may use exactly these, though they bear no tag."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from tests.components.small_systems import ACCOUNT, DATABASE, NETWORK, REGION, small_system
from trellis.roles.arns import Place
from trellis.roles.derive import Derivation

CENTRAL = "arn:aws:kms:us-east-1:210987654321:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
EVERY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*"
DOMAINS = ("data", "logs", "secrets")
PARTS: dict[str, Any] = {
    "network": NETWORK,
    "databases": {"main": DATABASE},
    "keys": {"existing": dict.fromkeys(DOMAINS, "central")},
}


def statements(key: dict[str, str]) -> list[dict[str, Any]]:
    given = {**PARTS, "existing": {"keys": {"central": key}}}
    deployed, planned = small_system(**given), small_system("preview", **given)
    place = Place("aws", REGION, ACCOUNT, "shop", "dev")
    needs = Derivation(deployed, planned, place, "arn:aws:iam::123456789012:policy/b").deploy()
    return [dataclasses.asdict(statement) for statement in needs.statements]


@pytest.mark.parametrize(
    ("key", "resource"),
    [({"arn": CENTRAL}, CENTRAL), ({"alias": "alias/central"}, EVERY)],
    ids=["by ARN", "by alias"],
)
def test_the_deployment_uses_the_key_of_others_through_aws_services_alone(
    key: dict[str, str], resource: str
):
    found = [
        statement
        for statement in statements(key)
        if resource in statement["resources"]
        and "aws:ResourceTag" not in str(statement["conditions"])
    ]
    allowed = {action: statement for statement in found for action in statement["actions"]}
    assert {"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey"} <= allowed.keys()
    assert "GrantIsForAWSResource" in str(allowed["kms:CreateGrant"]["conditions"])
    assert "kms:ViaService" in str(allowed["kms:Decrypt"]["conditions"])
    if "alias" in key:
        assert all("alias/central" in str(statement["conditions"]) for statement in found)
