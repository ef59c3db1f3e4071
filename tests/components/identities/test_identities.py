"""Workloads outside AWS: whose token opens which role, and what that role may do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.components.small_systems import document, small_system
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

VERCEL: dict[str, Any] = {
    "issuer": "https://oidc.vercel.com/shop",
    "audience": "https://vercel.com/shop",
    "subject": "owner:shop:project:app:environment:production",
    "uses": [{"secret": "token"}],
}
GITHUB: dict[str, Any] = {
    "issuer": "https://token.actions.githubusercontent.com",
    "audience": "sts.amazonaws.com",
    "subject": "repo:shop/app:ref:refs/heads/main",
    "claims": {"repository_id": "12345"},
    "uses": [{"logs": "app"}],
}
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"


def system(**identities: Any) -> Recording:
    return small_system(
        identities=identities,
        secrets={"token": {}},
        baseline={},
        monitoring={"logs": {"app": {"name": "/shop/app"}}},
    )


def trust(recording: Recording, key: str) -> dict[str, Any]:
    role = recording.one("aws:iam/role:Role", key).inputs
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    return statement


def test_a_role_is_opened_by_exactly_one_issuer_audience_and_subject():
    recording = system(host=VERCEL, pipeline=GITHUB)
    statement = trust(recording, "host")
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Principal"] == {
        "Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.vercel.com/shop"
    }
    assert statement["Condition"] == {
        "StringEquals": {
            "oidc.vercel.com/shop:aud": VERCEL["audience"],
            "oidc.vercel.com/shop:sub": VERCEL["subject"],
        }
    }
    equals = trust(recording, "pipeline")["Condition"]["StringEquals"]
    assert equals["token.actions.githubusercontent.com:repository_id"] == "12345"


def test_the_account_believes_each_issuer_once_for_the_audiences_that_are_named():
    other = {**VERCEL, "audience": "https://vercel.com/other", "subject": "owner:shop:project:b"}
    found = {
        resource.inputs["url"]: resource.inputs
        for resource in system(host=VERCEL, other=other, pipeline=GITHUB).of_type(PROVIDER)
    }
    assert found["https://oidc.vercel.com/shop"]["clientIdLists"] == [
        "https://vercel.com/other",
        "https://vercel.com/shop",
    ]
    assert found["https://token.actions.githubusercontent.com"]["clientIdLists"] == [
        "sts.amazonaws.com"
    ]
    assert all("thumbprintLists" not in element for element in found.values())


def test_it_may_do_what_its_lines_say_and_nothing_else():
    recording = system(host=VERCEL, pipeline=GITHUB)
    policies = {
        resource.name: resource for resource in recording.of_type("aws:iam/rolePolicy:RolePolicy")
    }
    sids = [statement["Sid"] for statement in document(policies["pipeline"])]
    assert sids == ["WriteLogApp", "LookLogApp"]
    look = document(policies["pipeline"])[1]
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/shop/app"
    assert look["Action"] == "logs:DescribeLogStreams"
    assert look["Resource"] == [group, f"{group}:*"]
    actions = {
        action
        for statement in document(policies["host"])
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    }
    assert "secretsmanager:GetSecretValue" in actions
    assert not any(action.startswith("logs:") for action in actions)
    role = recording.one("aws:iam/role:Role", "host")
    assert recording.one(PROVIDER, "baseline-oidc-vercel-com-shop").urn in role.dependencies


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "the issuer of everybody": ({"issuer": "https://oidc.vercel.com"}, "your team alone"),
    "an issuer without https": ({"issuer": "http://oidc.example.com"}, "identities.host.issuer"),
    "any subject": ({"subject": "repo:shop/*"}, "compared letter by letter"),
    "a subject by another name": ({"claims": {"sub": "x"}}, "`audience` and `subject`"),
    "nothing to do": ({"uses": []}, "identities.host.uses"),
    "a secret that is none": ({"uses": [{"secret": "tokne"}]}, "did you mean `token`?"),
}


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_it_is_refused(case: str):
    changed, words = CASES[case]
    with pytest.raises(StackFileError) as caught:
        system(host={**VERCEL, **changed})
    assert words in str(caught.value)
