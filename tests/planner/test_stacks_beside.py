"""What two stacks of a project cannot both have is told before the second one fails."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.recordings import recorded
from trellis.cli.main import main
from trellis.cli.options import FAILED, OK, WRONG_INPUT
from trellis.compare.claims import clashes
from trellis.compare.types import KNOWN
from trellis.planner.simulate import resource_types

PROJECT = f"name: shop\nruntime: python\nmain: {ROOT}\n"
STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: {environment}
  trellis:account: "123456789012"
  trellis:profile: development
  trellis:zones: {{main: {{domain: example.com{zone}}}}}
  trellis:mail: {{main: {{domain: example.com{mail}}}}}
"""
CONTEXT = {"version": 1, "account": "123456789012", "hostedZones": {"example.com": "Z0EXAMPLE"}}


def project(folder: Path, *, prod_zone: str = "", prod_mail: str = "") -> Path:
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Pulumi.dev.yaml").write_text(STACK.format(environment="dev", zone="", mail=""))
    (folder / "Pulumi.prod.yaml").write_text(
        STACK.format(environment="prod", zone=prod_zone, mail=prod_mail)
    )
    (folder / "trellis.prod.context.json").write_text(json.dumps(CONTEXT))
    return folder


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*arguments, "--project", str(folder)])
    return code, out.getvalue(), err.getvalue()


def test_a_zone_and_an_identity_that_both_stacks_make_are_told_with_a_way_out(tmp_path: Path):
    code, out, err = run(project(tmp_path), "plan", "--all")
    assert code == FAILED
    assert [line.split(": ")[0] for line in out.splitlines()] == [
        "shop · dev · us-east-1 · 123456789012",
        "shop · prod · us-east-1 · 123456789012",
    ]
    assert "dev and prod: both have the Zone example.com" in err
    assert "dev and prod: both have the EmailIdentity example.com" in err
    assert "`existing: true` under `mail`" in err


def test_what_another_stack_owns_is_only_used(tmp_path: Path):
    folder = project(tmp_path, prod_zone=", existing: true", prod_mail=", existing: true")
    assert run(folder, "plan", "--all")[0::2] == (OK, "")


def test_checking_one_stack_looks_at_its_sisters(tmp_path: Path):
    _, _, err = run(project(tmp_path), "check", "prod")
    assert "both have the Zone example.com" in err
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {trellis:nothing: 1}\n")
    _, _, err = run(tmp_path, "check", "prod")
    assert "the stack dev beside it can't be planned" in err


def test_all_and_a_stack_are_not_both_given(tmp_path: Path):
    assert run(project(tmp_path), "plan", "dev", "--all")[0] == WRONG_INPUT
    assert run(tmp_path, "plan")[0] == WRONG_INPUT


@pytest.mark.parametrize(
    ("folder", "stacks"),
    [
        (".", ("dev", "prod")),
        ("systems/afric-analyzer", ("starter", "prod")),
        ("systems/chat-backend", ("dev", "staging", "prod")),
        ("systems/mantissa-log", ("dev", "staging", "prod")),
    ],
)
def test_all_stacks_of_each_system_fit_into_one_account(folder: str, stacks: tuple[str, ...]):
    assert clashes([recorded(folder, stack) for stack in stacks]) == []


def test_every_type_that_can_clash_is_one_that_exists():
    assert not KNOWN.keys() - resource_types()
