"""What waits for an image or a value is priced, judged and given rights before it is there."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from trellis.cli.main import main
from trellis.planner.record import record
from trellis.planner.tree import tree
from trellis.price.pricing import StackFolder, price_of
from trellis.report.content import content
from trellis.report.page import page

ROOT = Path(__file__).parents[2]

STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:account: "123456789012"
  trellis:permissionsBoundary: boundary-shop-dev
  trellis:network: {cidr: 10.0.0.0/16}
  trellis:secrets:
    stripe: {}
  trellis:services:
    api:
      image: {repository: api, tag: "1"}
      port: 8080
      sidecars:
        proxy: {image: {uri: "nginx:1.27"}}
    worker:
      image: {repository: worker}
      uses: [{secret: stripe, as: STRIPE}]
  trellis:jobs:
    schema: {image: {repository: api, tag: "1"}, before: [api]}
"""
THERE = {
    "images": {
        f"{image}": f"sha256:{'ab' * 32}"
        for image in ("shop-dev-api:1", "shop-dev-worker:2", "docker.io/library/nginx:1.27")
    },
    "secrets": ["shop/dev/stripe"],
}
SUPPOSED = {
    "the image shop-dev-api:1",
    "the image shop-dev-worker",
    "the image docker.io/library/nginx:1.27",
    "a value of the secret shop/dev/stripe",
}


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """A project of which nothing was pushed and no secret was filled."""
    folder = tmp_path / "waiting"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\nmain: {ROOT}\n")
    (folder / "Pulumi.dev.yaml").write_text(STACK)
    return folder


@pytest.fixture
def whole(waiting: Path) -> Path:
    """The same when all is there."""
    folder = waiting.parent / "whole"
    shutil.copytree(waiting, folder)
    file = folder / "Pulumi.dev.yaml"
    file.write_text(STACK.replace("{repository: worker}", '{repository: worker, tag: "2"}'))
    (folder / "trellis.dev.context.json").write_text(json.dumps(THERE))
    return folder


def _printed(capsys: pytest.CaptureFixture[str], *command: Any) -> tuple[str, str]:
    assert main([*map(str, command)]) == 0, capsys.readouterr()
    printed = capsys.readouterr()
    return printed.out, printed.err


def test_what_is_supposed_is_what_a_plan_waits_for(waiting: Path, whole: Path):
    now = record(waiting, "dev")
    assert set(now.waiting) == {"service-api", "service-worker", "job-schema"}
    assert now.supposed == ()
    then = record(waiting, "dev", complete=True)
    assert (then.waiting, set(then.supposed)) == ({}, SUPPOSED)
    ready = record(whole, "dev", complete=True)
    assert ready.supposed == ()
    assert {r.urn for r in then} == {r.urn for r in ready} == {r.urn for r in record(whole, "dev")}
    assert {r.urn for r in now} < {r.urn for r in then}


def test_the_price_is_of_what_will_run(
    waiting: Path, whole: Path, capsys: pytest.CaptureFixture[str]
):
    later, ready = (price_of(StackFolder(project, "dev")).estimate for project in (waiting, whole))
    assert later.usd == ready.usd
    assert later.usd.expected > 20, "two tasks"
    text, _ = _printed(capsys, "price", "dev", "--project", waiting, "--no-savings")
    unfolded = " ".join(text.split())
    assert "Not there yet, and priced as if it were: " in unfolded
    for fact in SUPPOSED:
        assert fact in unfolded
    document = json.loads(
        _printed(capsys, "price", "dev", "--project", waiting, "--no-savings", "--json")[0]
    )
    assert set(document["supposed"]) == SUPPOSED
    plan, _ = _printed(capsys, "plan", "dev", "--project", waiting)
    total = f"{later.usd.expected:,.2f} USD a month"
    assert f"{total}, with what is not started yet, " in plan
    assert (
        f"{total}, {later.usd.low:,.2f} to"
        in _printed(capsys, "plan", "dev", "--project", whole)[0]
    )


def test_the_verdict_is_on_what_will_run(waiting: Path, capsys: pytest.CaptureFixture[str]):
    file = waiting / "Pulumi.dev.yaml"
    file.write_text(STACK.replace("port: 8080", "port: 8080\n      readOnlyRoot: false"))
    for command in (["dev"], ["--all"]):
        assert main(["check", *command, "--project", str(waiting)]) == 1
        printed = capsys.readouterr()
        assert "Not there yet, and judged as if it were: " in printed.err
        assert "FAIL    ECS.5 " in printed.out


def test_the_role_that_deploys_may_start_what_waits(
    waiting: Path, whole: Path, capsys: pytest.CaptureFixture[str]
):
    later, ready = (
        _printed(capsys, "roles", "dev", "--project", project, "--explain")[0]
        for project in (waiting, whole)
    )
    assert "ecs:CreateService" in later
    assert later == ready


def test_the_report_shows_what_will_run(waiting: Path):
    found = content(StackFolder(waiting, "dev"), with_savings=False)
    text = page(found)
    assert "Not there yet" in text
    assert "the image shop-dev-api:1" in text
    assert found.plan.of_type("aws:ecs/service:Service")


def test_reach_shows_what_will_run(waiting: Path, capsys: pytest.CaptureFixture[str]):
    text, _ = _printed(capsys, "reach", "dev", "--project", waiting)
    assert "services.api → internet" in text


def test_a_plan_shows_all_of_it_where_one_asks(waiting: Path, capsys: pytest.CaptureFixture[str]):
    now, _ = _printed(capsys, "plan", "dev", "--project", waiting)
    assert "TaskDefinition" not in now
    assert "service-api is not started yet" in now
    whole, _ = _printed(capsys, "plan", "dev", "--project", waiting, "--complete")
    assert "TaskDefinition" in whole
    assert "Not there yet, and shown as if it were: " in whole
    assert "service-api is not started yet" not in whole
    every, _ = _printed(capsys, "plan", "--all", "--project", waiting, "--complete")
    document = json.loads(
        _printed(capsys, "plan", "dev", "--project", waiting, "--complete", "--json")[0]
    )
    assert set(document["supposed"]) == SUPPOSED
    assert f" {tree(record(waiting, 'dev', complete=True)).count} resources" in every


def test_an_edit_of_what_waits_is_compared(waiting: Path, capsys: pytest.CaptureFixture[str]):
    before = waiting.parent / "before.yaml"
    before.write_text(STACK)
    file = waiting / "Pulumi.dev.yaml"
    file.write_text(
        STACK.replace(
            'tag: "1"}\n      port', 'tag: "2"}\n      cpu: 512\n      memory: 1024\n      port'
        )
    )
    text, _ = _printed(capsys, "compare", "dev", "--project", waiting, "--against", before)
    assert re.search(r"replaced +TaskDefinition api \(by cpu, containerDefinitions, memory\)", text)
    assert "changed in place Service api (taskDefinition)" in text
    assert "does nothing" not in text
    assert "Not there yet, and compared as if it were: the image shop-dev-api:1; " in text
    document = json.loads(
        _printed(capsys, "compare", "dev", "--project", waiting, "--against", before, "--json")[0]
    )
    assert set(document["supposed"]) == SUPPOSED | {"the image shop-dev-api:2"}


def test_the_fingerprint_is_of_what_waits_too(waiting: Path, capsys: pytest.CaptureFixture[str]):
    reviewed = waiting.parent / "reviewed.json"
    _printed(capsys, "fingerprint", "dev", "--project", waiting, "--output", reviewed)
    file = waiting / "Pulumi.dev.yaml"
    file.write_text(STACK.replace("port: 8080", "port: 8081"))
    command = ["fingerprint", "dev", "--project", str(waiting), "--reviewed", str(reviewed)]
    assert main(command) == 1
    assert "taskDefinition:TaskDefinition::api" in capsys.readouterr().out
