"""`trellis plan`: what it prints, as text and as JSON, and how it ends."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
from pathlib import Path

import pytest

from tests.conftest import ROOT
from trellis.cli.main import main
from trellis.cli.options import OK, WRONG_INPUT
from trellis.planner.text import Page, coloured, render


@functools.cache
def plan(*arguments: str) -> tuple[int, str, str]:
    """How the command ends and what it writes; one run for all who ask the same."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["plan", *arguments, "--project", str(ROOT)])
    return code, out.getvalue(), err.getvalue()


def test_the_plan_names_the_place_and_says_that_nothing_was_made():
    code, out, _ = plan("dev")
    first, second = out.splitlines()[:2]
    assert code == OK
    assert first == "clubapp · dev · us-east-1 · account 123456789012"
    assert second.endswith("Nothing was contacted and nothing was made.")


def test_the_count_is_the_number_of_resources_on_aws():
    _, out, _ = plan("dev")
    _, text, _ = plan("dev", "--json")
    resources = json.loads(text)["resources"]
    on_aws = [
        resource
        for resource in resources
        if resource["custom"] and resource["type"].startswith("aws:")
    ]
    assert out.splitlines()[1].startswith(f"{len(on_aws)} resources")


def test_each_subnet_stands_on_a_line_with_its_block_and_zone():
    _, out, _ = plan("dev")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "network-private-b 10.0.11.0/24 us-east-1b" in lines


def test_a_route_names_the_gateway_it_goes_through():
    _, out, _ = plan("dev")
    line = next(line for line in out.splitlines() if "network-private-b-nat" in line)
    assert line.endswith("0.0.0.0/0  → network-nat-b")


def test_full_opens_policy_documents():
    _, out, _ = plan("dev", "--full")
    assert "aws:PrincipalAccount: 123456789012" in out


def test_json_marks_what_aws_decides():
    _, out, _ = plan("dev", "--json")
    subnets = [r for r in json.loads(out)["resources"] if r["type"] == "aws:ec2/subnet:Subnet"]
    assert all(subnet["inputs"]["vpcId"] == {"$unknown": True} for subnet in subnets)


def test_no_colour_codes_reach_a_file():
    _, out, _ = plan("dev")
    assert "\x1b" not in out


def test_a_terminal_gets_colours_and_lines_no_longer_than_it_is_wide(recording_of):
    import re

    page = Page(paint=coloured, width=80)
    lines = list(render(recording_of(".", "dev", "preview"), page))
    assert any("\x1b[" in line for line in lines)
    facts = [re.sub("\x1b\\[[0-9;]*m", "", line) for line in lines if "…" in line]
    assert facts
    assert all(len(line) <= 80 for line in facts)


def test_a_stack_that_is_not_there_ends_with_2_and_the_ones_that_are():
    code, out, err = plan("nope")
    assert (code, out) == (WRONG_INPUT, "")
    assert "Pulumi.nope.yaml" in err
    assert "dev, prod" in err


def test_a_wrong_stack_file_ends_with_2_and_registers_nothing(tmp_path: Path):
    file = tmp_path / "Pulumi.bad.yaml"
    text = (ROOT / "Pulumi.dev.yaml").read_text().replace("zones: 2", "zonez: 2")
    file.write_text(text)
    code, out, err = plan("dev", "--config-file", str(file))
    assert (code, out) == (WRONG_INPUT, "")
    assert "network.zonez" in err
    assert "zones" in err
    assert "Traceback" not in err


def test_an_account_that_no_one_named_is_not_shown_as_the_account(tmp_path: Path):
    main_program = os.path.relpath(ROOT, tmp_path)
    (tmp_path / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\nmain: {main_program}\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "config:\n  aws:region: us-east-1\n  trellis:name: shop\n  trellis:environment: dev\n"
    )
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["plan", "dev", "--project", str(tmp_path)]) == OK
    first = out.getvalue().splitlines()[0]
    assert first == "shop · dev · us-east-1 · no account named (123456789012 stands in)"


MOVED = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:account: "123456789012"
  trellis:network: {{zones: 2, nat: none, subnets: {{public: {{prefix: {prefix}}}}}}}
"""


@pytest.mark.parametrize("relative", [True, False])
def test_a_config_file_is_read_with_the_context_beside_it_however_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, relative: bool
):
    (tmp_path / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\nmain: {ROOT}\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(MOVED.format(prefix=24))
    (tmp_path / "next.yaml").write_text(MOVED.format(prefix=26))
    deployed = {"version": 1, "account": "123456789012", "lookedUp": "2026-11-20",
                "subnets": {"public-a": "10.0.128.0/24", "public-b": "10.0.136.0/24"},
                "zones": {"us-east-1": ["us-east-1a", "us-east-1b"]}}  # fmt: skip
    (tmp_path / "trellis.dev.context.json").write_text(json.dumps(deployed))
    monkeypatch.chdir(tmp_path)
    file = "next.yaml" if relative else str(tmp_path / "next.yaml")
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        code = main(["plan", "dev", "--project", ".", "--config-file", file])
    assert code == WRONG_INPUT
    assert "replaceSubnets: [public]" in err.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80])
def test_facts_that_a_narrow_terminal_has_no_room_for_stand_below_their_name(
    width: int, recording_of
):
    lines = list(render(recording_of(".", "dev", "preview"), Page(width=width)))
    assert any("10.0.1.0/24  us-east-1a" in line for line in lines)
    assert not [line for line in lines if line.strip() == "…"]
