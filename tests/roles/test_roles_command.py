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
    said = json.loads(file.read_text())
    assert said["state"] == {"bucket": "shop-state", "keyArn": None}
    assert set(said["roles"]) == {"deploy", "drift"}
    stack = project / "Pulumi.dev.yaml"
    stack.write_text(STACK + "  trellis:tables: {orders: {partitionKey: {name: id}}}\n")
    capsys.readouterr()
    assert roles(project, "--diff") == 1
    told = capsys.readouterr().out
    assert "+ deploy: allow dynamodb:CreateTable on arn:aws:dynamodb:us-east-1:" in told
    assert "sqs:CreateQueue" not in told


def test_what_asks_for_an_action_is_said_with_its_source(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    assert roles(project, "--explain", "sqs:CreateQueue") == 0
    told = capsys.readouterr().out
    assert told.startswith("sqs:CreateQueue\n  aws:sqs/queue:Queue: mail")
    assert "(both sources)" in told
    assert roles(project, "--explain", "rds") == 2
    assert roles(project) == 0
    assert "preview: no role" in capsys.readouterr().out


def test_a_broken_file_is_said_not_raised(project: Path, capsys: pytest.CaptureFixture[str]):
    (project / "trellis.dev.roles.json").write_text("[]")
    assert roles(project, "--diff") == 2
    assert "delete it and write it again" in capsys.readouterr().err
