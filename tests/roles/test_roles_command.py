"""`trellis roles`: text, JSON, what asks for what, and whether the committed file is behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trellis.cli.main import main

PROJECT = "name: shop\nruntime: {name: python, options: {toolchain: pip}}\nmain: %s\n"
STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:account: "123456789012"
  trellis:permissionsBoundary: boundary-shop-dev
  trellis:queues: {mail: {}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = Path(__file__).parents[2]
    (tmp_path / "Pulumi.yaml").write_text(PROJECT % root, encoding="utf-8")
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK, encoding="utf-8")
    return tmp_path


def roles(project: Path, *arguments: str) -> int:
    return main(["roles", "dev", "--project", str(project), *arguments])


def test_a_committed_file_that_is_behind_the_plan_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    assert roles(project, "--diff") == 1
    assert "--write` writes it" in capsys.readouterr().out
    assert roles(project, "--write", "--state", "shop-state") == 0
    assert roles(project, "--diff") == 0
    file = project / "trellis.dev.roles.json"
    document = json.loads(file.read_text())
    assert document["state"] == {"bucket": "shop-state", "keyArn": None}
    assert set(document["roles"]) == {"deploy", "drift"}
    stack = project / "Pulumi.dev.yaml"
    stack.write_text(STACK + "  trellis:tables: {orders: {partitionKey: {name: id}}}\n")
    capsys.readouterr()
    assert roles(project, "--diff") == 1
    printed = capsys.readouterr().out
    assert "+ deploy: allow dynamodb:CreateTable on arn:aws:dynamodb:us-east-1:" in printed
    assert "sqs:CreateQueue" not in printed


def test_what_asks_for_an_action_is_said_with_its_source(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    assert roles(project, "--explain", "sqs:CreateQueue") == 0
    printed = capsys.readouterr().out
    assert printed.startswith("sqs:CreateQueue\n  aws:sqs/queue:Queue: mail")
    assert "(both sources)" in printed
    assert roles(project, "--explain", "rds") == 2
    assert roles(project) == 0
    assert "preview: no role" in capsys.readouterr().out


def test_without_a_boundary_roles_are_shown_and_not_written(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    boundary = "  trellis:permissionsBoundary: boundary-shop-dev\n"
    bare = STACK.replace(boundary, "") + "  trellis:secrets: {session: {kind: generated}}\n"
    for text in (bare, bare + boundary.replace("boundary-shop-dev", "of-the-company")):
        (project / "Pulumi.dev.yaml").write_text(text)
        for words in ([], ["--json"], ["--explain", "iam:CreateRole"]):
            assert roles(project, *words) == 0
            printed = capsys.readouterr()
            assert "iam:CreateRole" in printed.out or "Iam1" in printed.out
            assert "set `permissionsBoundary: boundary-shop-dev`" in printed.err
        for words in (["--write"], ["--diff"]):
            assert roles(project, *words) == 2
            assert "set `permissionsBoundary: boundary-shop-dev`" in capsys.readouterr().err
    assert not (project / "trellis.dev.roles.json").exists()
    words = ["set", "dev", "permissionsBoundary", "boundary-shop-dev"]
    assert main([*words, "--project", str(project)]) == 0
    assert roles(project, "--write") == 0
    assert not capsys.readouterr().err


def test_a_broken_file_is_said_not_raised(project: Path, capsys: pytest.CaptureFixture[str]):
    (project / "trellis.dev.roles.json").write_text("[]")
    assert roles(project, "--diff") == 2
    assert "delete it and write it again" in capsys.readouterr().err


def held(project: Path, document: object) -> int:
    file = project / "policy.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return roles(project, "--check", str(file))


def policy(*statements: dict[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


EVERYTHING: dict[str, object] = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def test_what_a_policy_lacks_is_named_before_anything_is_touched(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    assert held(project, policy(EVERYTHING)) == 0
    assert "requests of a deployment are allowed" in capsys.readouterr().out
    no_queues = {"Effect": "Deny", "Action": "sqs:CreateQueue", "Resource": "*"}
    assert held(project, [policy(EVERYTHING), policy(no_queues)]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("1 actions are not allowed")
    assert "  sqs:CreateQueue on arn:aws:sqs:us-east-1:123456789012:shop-dev-mail" in printed
    assert "    for mail" in printed
    others = {"Effect": "Allow", "Action": "*", "Resource": "*",
              "Condition": {"StringEquals": {"aws:RequestTag/System": "other"}}}  # fmt: skip
    assert held(project, policy(others)) == 1
    assert "sqs:DeleteQueue" in capsys.readouterr().out


def test_the_derived_role_lacks_nothing_and_an_older_one_does(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    assert roles(project, "--write", "--state", "shop-state") == 0
    committed = project / "trellis.dev.roles.json"
    assert roles(project, "--check", str(committed)) == 0
    stack = project / "Pulumi.dev.yaml"
    stack.write_text(STACK + "  trellis:tables: {orders: {partitionKey: {name: id}}}\n")
    capsys.readouterr()
    assert roles(project, "--check", str(committed)) == 1
    assert "dynamodb:CreateTable" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "holds no policy"),
        ('{"roles": {}}', "holds no policy"),
        ('"x"', "holds no policy of IAM"),
        ('{"Statement": [{"Effect": "Maybe"}]}', "holds no policy of IAM"),
    ],
)
def test_a_file_that_holds_no_policy_is_said(
    project: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
):
    assert held(project, text) == 2
    printed = capsys.readouterr().err
    assert message in printed
    assert "policy.json" in printed


def test_a_file_that_is_not_there_is_said(project: Path, capsys: pytest.CaptureFixture[str]):
    assert roles(project, "--check", str(project / "nowhere.json")) == 2
    assert "can't be read" in capsys.readouterr().err
