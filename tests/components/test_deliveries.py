"""Roles that deploy another stack: opened by one pipeline's token, as wide as the file says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.trust import oidc_trust
from tests.components.small_systems import ACCOUNT, NETWORK, document, small_system
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

STATEMENT = {"Sid": "A", "Effect": "Allow", "Action": ["sqs:CreateQueue"], "Resource": ["*"]}
POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}
ROLES: dict[str, Any] = {
    "version": 1,
    "project": "web",
    "stack": "prod",
    "system": "web",
    "environment": "prod",
    "account": ACCOUNT,
    "boundary": {"name": "boundary-web-prod", "document": POLICY},
    "roles": {"deploy": [POLICY, POLICY], "drift": [POLICY]},
}
GITHUB = {"repository": "desh/web", "ownerId": 11, "repositoryId": 22}


def system(folder: Path, *, declared: dict[str, Any] | None = None, **settings: Any) -> Recording:
    file = folder / "trellis.prod.roles.json"
    file.write_text(json.dumps(ROLES if declared is None else declared), encoding="utf-8")
    pipeline = {} if "gitlab" in settings else {"github": GITHUB}
    given = {"roles": str(file), "environment": "production", **pipeline, **settings}
    return small_system(deliveries={"web": given}, baseline={})


def claims(recording: Recording, name: str) -> dict[str, str]:
    role = recording.one("aws:iam/role:Role", name)
    (statement,) = document(role, "assumeRolePolicy")
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    return statement["Condition"]["StringEquals"]


def test_an_environment_opens_what_changes_and_a_branch_what_reads(tmp_path: Path):
    recording = system(tmp_path)
    issuer = "token.actions.githubusercontent.com"
    assert claims(recording, "web-deploy") == {
        f"{issuer}:aud": "sts.amazonaws.com",
        f"{issuer}:sub": "repo:desh@11/web@22:environment:production",
        f"{issuer}:repository_id": "22",
    }
    assert claims(recording, "web-drift")[f"{issuer}:sub"].endswith(":ref:refs/heads/main")
    (provider,) = recording.of_type("aws:iam/openIdConnectProvider:OpenIdConnectProvider")
    assert provider.inputs["clientIdLists"] == ["sts.amazonaws.com"]


def test_gitlab_is_known_by_project_and_branch(tmp_path: Path):
    recording = system(tmp_path, gitlab={"project": "desh/web"}, branch="release")
    assert claims(recording, "web-deploy") == {
        "gitlab.com:aud": "sts.amazonaws.com",
        "gitlab.com:sub": "project_path:desh/web:ref_type:branch:ref:release",
    }


def test_each_part_of_the_file_is_a_policy_and_the_boundary_has_its_name(tmp_path: Path):
    recording = system(tmp_path, only=["deploy"])
    policies = recording.of_type("aws:iam/policy:Policy")
    assert [policy.name for policy in policies] == ["web-boundary", "web-deploy-1", "web-deploy-2"]
    assert policies[0].inputs["name"] == "boundary-web-prod"
    assert json.loads(policies[1].inputs["policy"]) == POLICY
    assert len(recording.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")) == 2


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ({**ROLES, "account": "999999999999"}, "a file of account 999999999999"),
        ({**ROLES, "system": "shop", "environment": "dev"}, "in a stack of their own"),
        ({**ROLES, "version": 2}, "it is no file of roles"),
        ({"version": 1}, "it is no file of roles"),
        ({}, "it is no file of roles"),
    ],
)
def test_a_file_that_is_none_of_these_roles_is_refused(
    expected: dict[str, Any], message: str, tmp_path: Path
):
    with pytest.raises(StackFileError, match=message):
        system(tmp_path, declared=expected)


@pytest.mark.parametrize("environment", ["prod:eu", "prod*", ""])
def test_an_environment_that_its_subject_spells_otherwise_is_refused(
    environment: str, tmp_path: Path
):
    with pytest.raises(StackFileError, match="environment"):
        system(tmp_path, environment=environment)


def test_a_boundary_that_the_stack_file_names_is_on_every_role():
    recording = small_system(
        secrets={"a": {"kind": "generated"}}, network=NETWORK, permissionsBoundary="limit"
    )
    roles = recording.of_type("aws:iam/role:Role")
    assert roles
    assert {resource.inputs.get("permissionsBoundary") for resource in roles} == {
        f"arn:aws:iam::{ACCOUNT}:policy/limit"
    }


def subjects(tmp_path: Path, subject: str, *, short_lived: bool = False) -> Any:
    fields = {**ROLES, "like": "dev"} if short_lived else ROLES
    gitlab = {"project": "desh/web", "subject": subject}
    folder = tmp_path / f"{subject}-{short_lived}"
    folder.mkdir()
    recording = system(folder, declared=fields, gitlab=gitlab, only=["deploy"])
    trust = str(recording.one("aws:iam/role:Role", "web-deploy").inputs["assumeRolePolicy"])
    judged = oidc_trust(parse(json.loads(trust), "trust", Kind.TRUST))
    assert {finding.outcome.value for finding in judged} == {"pass"}
    found = claims(recording, "web-deploy")
    assert set(found) == {"gitlab.com:aud", "gitlab.com:sub"}
    return found["gitlab.com:sub"]


def test_gitlabs_merge_requests_open_their_own_role_and_no_other(tmp_path: Path):
    project = "project_path:desh/web"
    asked = {
        kind: f"{project}:ref_protected:false{environment}"
        for kind, environment in (
            ("protectedBranch", ""),
            ("protectedEnvironment", ":environment_protected:false"),
        )
    }
    for kind, subject in asked.items():
        lasting = subjects(tmp_path, kind)
        assert lasting.startswith(f"{project}:ref_protected:true")
        assert subject != lasting
        requested = subjects(tmp_path, kind, short_lived=True)
        assert subject in requested
        # The nightly run of a protected branch destroys what is over.
        assert len(requested) == 2
        assert not [text for text in requested if "*" in text or "?" in text]


def test_a_gitlab_project_has_one_kind_of_subject(tmp_path: Path):
    file = tmp_path / "trellis.prod.roles.json"
    file.write_text(json.dumps(ROLES), encoding="utf-8")
    deliveries = {
        key: {"roles": str(file), "environment": "production",
              "gitlab": {"project": project, "subject": subject}}
        for key, project, subject in (
            ("a", "desh/web", "protectedBranch"), ("b", "desh/web", "branch"),
            ("c", "desh/api", "branch"),
        )
    }  # fmt: skip
    with pytest.raises(StackFileError, match="the same for all of desh/web") as raised:
        small_system(deliveries=deliveries, baseline={})
    assert "deliveries.b.gitlab.subject" in str(raised.value)
    assert "deliveries.c" not in str(raised.value)


def test_gitlabs_branch_is_no_subject_of_merge_requests(tmp_path: Path):
    with pytest.raises(StackFileError, match="a merge request's branch is any") as raised:
        subjects(tmp_path, "branch", short_lived=True)
    assert "deliveries.web.gitlab.subject" in str(raised.value)
    gitlab = {"project": "desh/web", "subject": "protectedBranch"}
    with pytest.raises(StackFileError, match="`branch` has no effect"):
        system(tmp_path, gitlab=gitlab, branch="release")
