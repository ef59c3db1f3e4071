"""What an edit adds to the rights of the roles that deploy a stack, in the comment on it."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from tests.review.test_comment_and_fingerprint import STACK, git
from trellis.cli.main import main

pytestmark = pytest.mark.long

PROJECT = "name: shop\nruntime: {name: python, options: {toolchain: pip}}\nmain: %s\n"
BOUNDED = STACK + "  trellis:permissionsBoundary: boundary-shop-dev\n"
FILE = "trellis.dev.roles.json"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository whose roles are committed."""
    root = Path(__file__).parents[2]
    (tmp_path / "Pulumi.yaml").write_text(PROJECT % root, encoding="utf-8")
    (tmp_path / "Pulumi.dev.yaml").write_text(BOUNDED, encoding="utf-8")
    write_roles(tmp_path)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    return tmp_path


def write_roles(project: Path) -> None:
    words = ["--project", str(project), "--state", "shop-state", "--write"]
    assert main(["roles", "dev", *words]) == 0


def comment_of(project: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["comment", "dev", "--project", str(project)]) == 0
    return html.unescape(capsys.readouterr().out)


def edit(project: Path, more: str) -> None:
    (project / "Pulumi.dev.yaml").write_text(BOUNDED + more, encoding="utf-8")


@pytest.mark.long
def test_rights_that_an_edit_adds_are_told_with_what_asks_for_them(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    edit(project, "  trellis:queues: {mail: {}}\n")
    printed = comment_of(project, capsys)
    assert "Rights: **more for <code>deploy</code>, <code>drift</code>**" in printed
    assert (
        "trellis roles dev --write</code>, commit, and apply the delivery's stack first" in printed
    )
    rows = [line for line in printed.splitlines() if "sqs:CreateQueue" in line]
    assert len(rows) == 1, "actions of one resource are one row"
    assert "shop-dev-*" in rows[0]
    assert "Queue mail" in rows[0]
    # Written and committed, the delivery's stack is what is left to do.
    write_roles(project)
    printed = comment_of(project, capsys)
    assert "or the deployment is refused: apply the delivery's stack first" in printed
    git(project, "add", FILE)
    git(project, "commit", "-qm", "roles")
    assert "Rights" not in comment_of(project, capsys)


def test_an_edit_that_the_roles_allow_already_says_nothing_of_them(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    edit(project, "  trellis:tags: {Team: shop}\n")
    printed = comment_of(project, capsys)
    assert "Rights" not in printed
    assert "More rights" not in printed


def test_rights_that_nothing_asks_for_are_counted(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    text = BOUNDED.replace("  trellis:tables: {orders: {partitionKey: {name: id}}}\n", "")
    (project / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    printed = comment_of(project, capsys)
    assert "that nothing asks for" in printed
    assert "More rights" not in printed


def test_a_denial_that_goes_is_a_right_that_comes(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    file = project / FILE
    found = json.loads(file.read_text())
    first = found["roles"]["deploy"][0]["Statement"]
    denied = {"Sid": "No", "Effect": "Deny", "Action": ["s3:PutObject"], "Resource": ["*"]}
    first.insert(0, denied)
    file.write_text(json.dumps(found))
    git(project, "commit", "-qam", "denied")
    assert "s3:PutObject (was denied)" in comment_of(project, capsys)


def test_roles_that_cannot_be_derived_say_why(project: Path, capsys: pytest.CaptureFixture[str]):
    file = project / FILE
    file.write_text("{}")
    assert "is not what `trellis roles --write` writes" in comment_of(project, capsys)
    write = STACK + "  trellis:secrets: {key: {kind: generated, rotation: {everyDays: 30}}}\n"
    (project / "Pulumi.dev.yaml").write_text(write + "  trellis:network: {zones: 2}\n")
    git(project, "checkout", "--", FILE)
    assert "lack the boundary" in comment_of(project, capsys)


def test_a_stack_without_committed_roles_says_nothing_of_them(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    (project / FILE).unlink()
    edit(project, "  trellis:queues: {mail: {}}\n")
    assert "ights" not in comment_of(project, capsys)
