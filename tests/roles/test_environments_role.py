"""One role for all stacks of pull requests: it reaches each of them, and nothing beside them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.permissions import Permissions, RolePolicies, Verdict
from tests.recordings import ROOT
from tests.start.test_short_lived import DEV, SHARED
from trellis.cli.main import main
from trellis.roles.family import LOOK_UP

pytestmark = pytest.mark.long

ACCOUNT = "123456789012"
STATE = "arn:aws:s3:::shop-state"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text(SHARED)
    bounded = DEV + "  trellis:permissionsBoundary: boundary-shop-dev\n"
    (tmp_path / "Pulumi.dev.yaml").write_text(bounded + "  trellis:queues: {mail: {}}\n")
    return tmp_path


def roles(project: Path, *words: str) -> int:
    return main(["roles", "dev", "--project", str(project), *words])


def written(project: Path) -> dict[str, Any]:
    key = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1-2-3"
    words = ["--environments", "pr", "--write", "--state", "shop-state", "--state-key", key]
    assert roles(project, *words) == 0
    return json.loads((project / "trellis.pr.roles.json").read_text())


def test_it_makes_each_of_them_and_touches_no_other(project: Path):
    answer = written(project)
    assert (answer["stack"], answer["environment"], answer["like"]) == ("pr", "pr", "dev")
    assert set(answer["roles"]) == {"deploy"}
    assert answer["boundary"]["name"] == "boundary-shop-pr"
    documents = [
        parse(document, str(at), Kind.IDENTITY)
        for at, document in enumerate(answer["roles"]["deploy"])
    ]
    found = Permissions(RolePolicies(tuple(documents)))

    def may(action: str, resource: str, **context: str) -> bool:
        return found.can(action, resource, context).verdict is Verdict.ALLOWED

    def queue(environment: str) -> str:
        return f"arn:aws:sqs:us-east-1:{ACCOUNT}:shop-{environment}-mail"

    def tags(environment: str, kind: str = "ResourceTag") -> dict[str, str]:
        return {f"aws:{kind}/System": "shop", f"aws:{kind}/Environment": environment}

    group = f"arn:aws:ec2:us-east-1:{ACCOUNT}:security-group/sg-1"
    boundary = {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/boundary-shop-pr"}
    for name in ("pr-1", "pr-4711"):
        assert may("sqs:DeleteQueue", queue(name))
        assert may("ec2:DeleteSecurityGroup", group, **tags(name))
        assert may("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/shop-{name}-x", **boundary)
        for part in ("stacks", "history", "backups", "locks/organization"):
            assert may("s3:PutObject", f"{STATE}/.pulumi/{part}/shop/{name}.json")
    for name in ("dev", "prod", "production"):
        assert not may("sqs:DeleteQueue", queue(name))
        assert not may("ec2:DeleteSecurityGroup", group, **tags(name))
        assert not may("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/shop-{name}-x", **boundary)
        for part in ("stacks", "history", "backups", "locks/organization"):
            for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
                assert not may(action, f"{STATE}/.pulumi/{part}/shop/{name}.json")
    # `pulumi stack init` encrypts the new stack's key, a later run decrypts it.
    for action in ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"):
        assert may(action, f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1-2-3")
    assert not may("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/shop-pr-1-x")
    assert not may("iam:CreatePolicyVersion", boundary["iam:PermissionsBoundary"])


def test_the_committed_file_says_itself_what_it_is_of(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    written(project)
    # As `trellis-ci` asks of each file that is committed.
    assert main(["roles", "pr", "--project", str(project), "--diff"]) == 0
    stack = project / "Pulumi.dev.yaml"
    stack.write_text(stack.read_text() + "  trellis:tables: {orders: {partitionKey: {name: id}}}\n")
    capsys.readouterr()
    assert main(["roles", "pr", "--project", str(project), "--diff"]) == 1
    assert "dynamodb:CreateTable" in capsys.readouterr().out


def test_a_stack_whose_name_it_would_reach_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    (project / "Pulumi.x.yaml").write_text(DEV.replace("environment: dev", "environment: pr-x"))
    assert roles(project, "--environments", "pr") == 2
    assert "their role would reach it" in capsys.readouterr().err
    assert roles(project, "--environments", "PR") == 2


OF_THE_PLAN = {"secretsmanager:DescribeSecret"}
"""Allowed of the secrets that the plan makes, which are the only ones it asks of."""


def calls_of(function: str) -> set[str]:
    """The actions that a function's calls of AWS are, by its text."""
    client = r"session\.client\(\s*\"([\w-]+)\"[^)]*\)"
    text = re.sub(client, r"\1", function)
    for variable, service in re.findall(r"(\w+) = ([\w-]+)$", text, re.MULTILINE):
        text = re.sub(rf"\b{variable}\.", f"{service}.", text)
    pages = re.findall(r"([\w-]+)\.get_paginator\(\"(\w+)\"\)", text)
    calls = re.findall(r"([\w-]+)\.((?:describe|list|get)_\w+)\(", text)
    return {
        f"{service}:{''.join(word.capitalize() for word in method.split('_'))}"
        for service, method in [*pages, *calls]
        if method != "get_paginator"
    }


def test_it_may_ask_all_that_a_lookup_asks():
    """Each push looks up again, as the context of such a stack is kept nowhere."""
    asked: set[str] = set()
    for name in ("looking_up", "looking_up_values"):
        text = (ROOT / f"trellis/stackfile/{name}.py").read_text(encoding="utf-8")
        for function in text.split("\ndef "):
            asked |= calls_of(function)
    assert {"ec2:DescribeSubnets", "ecr:DescribeImages", "lambda:GetAccountSettings"} <= asked
    everybodys = {"sts:GetCallerIdentity"}
    assert asked - OF_THE_PLAN - everybodys == set(LOOK_UP.actions)


def test_without_a_boundary_the_stack_that_they_are_like_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    dev = project / "Pulumi.dev.yaml"
    own = "  trellis:permissionsBoundary: boundary-shop-dev\n"
    dev.write_text(dev.read_text().replace(own, ""))
    assert roles(project, "--environments", "pr") == 0
    printed = capsys.readouterr()
    assert "deploy: " in printed.out
    assert "set `permissionsBoundary` in the file of dev, as `boundary-shop-`" in printed.err
    assert "such stacks have boundary-shop-pr then" in printed.err
    assert roles(project, "--environments", "pr", "--write") == 2
