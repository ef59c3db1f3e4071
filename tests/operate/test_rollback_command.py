"""`trellis rollback`: the images that ran before, and nothing else, out of an exported state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.operate.conftest import STACK
from trellis.cli.main import main
from trellis.operate.system import SERVICE

FORMER = "sha256:" + "01" * 32
TASKS = "aws:ecs/taskDefinition:TaskDefinition"
OWNER = "trellis:services:Service"
URL = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop-app"


@pytest.fixture
def project(shop: Path, tmp_path: Path) -> Path:
    for name in ("Pulumi.yaml", "__main__.py"):
        (tmp_path / name).write_text((shop / name).read_text())
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    return tmp_path


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:dev::shop::{OWNER}${type_}::{name}"


def state(project: Path, image: str = f"{URL}@{FORMER}", **task: Any) -> Path:
    """What `pulumi stack export` writes, with the service's task."""
    owner = f"urn:pulumi:dev::shop::{OWNER}::api"
    containers = json.dumps([{"name": "log", "image": "x"}, {"name": "main", "image": image}])
    inputs = {"containerDefinitions": containers, "family": "shop-dev-api", **task}
    resources = [
        {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::s", "type": "pulumi:pulumi:Stack"},
        {"urn": "urn:pulumi:dev::shop::pulumi:providers:aws::aws", "type": "pulumi:providers:aws",
         "custom": True, "inputs": {"region": "us-east-1"}},
        {"urn": owner, "type": OWNER},
        {"urn": urn(TASKS, "api"), "type": TASKS, "custom": True, "parent": owner,
         "inputs": inputs},
        {"urn": urn(SERVICE, "api"), "type": SERVICE, "custom": True, "parent": owner,
         "inputs": {}},
    ]  # fmt: skip
    file = project / "before.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    return file


def rolled_back(project: Path, file: Path, *words: str) -> int:
    return main(["rollback", "dev", "--project", str(project), "--state", str(file), *words])


def test_the_former_image_is_written_and_nothing_else(
    project: Path, capsys: pytest.CaptureFixture[str]
):
    targets = project / "targets"
    assert rolled_back(project, state(project), "--targets", str(targets)) == 0
    assert capsys.readouterr().out == f"services.api: {URL}@{FORMER} again\n"
    before, after = (
        yaml.safe_load(text)["config"]
        for text in (STACK, (project / "Pulumi.dev.yaml").read_text())
    )
    assert after["trellis:services"]["api"].pop("image") == {"repository": "app", "digest": FORMER}
    before["trellis:services"]["api"].pop("image")
    assert after == before
    assert targets.read_text().splitlines() == sorted([urn(TASKS, "api"), urn(SERVICE, "api")])
    # Given once more there is nothing to do.
    assert rolled_back(project, project / "before.json") == 1
    assert "nothing goes back by itself" in capsys.readouterr().err


def test_an_image_of_another_registry_comes_back_whole(project: Path):
    assert rolled_back(project, state(project, f"ghcr.io/desh/app@{FORMER}")) == 0
    config = yaml.safe_load((project / "Pulumi.dev.yaml").read_text())["config"]
    assert config["trellis:services"]["api"]["image"] == {"uri": f"ghcr.io/desh/app@{FORMER}"}


@pytest.mark.parametrize(
    ("image", "task", "message"),
    [
        (f"{URL}:latest", {}, "has no digest"),
        (f"{URL}@{FORMER}", {"containerDefinitions": "[]"}, "can't be read"),
        (f"{URL}@{FORMER}", {"containerDefinitions": "{"}, "can't be read"),
    ],
)
def test_what_can_not_be_told_stays(
    project: Path,
    image: str,
    task: dict[str, Any],
    message: str,
    capsys: pytest.CaptureFixture[str],
):
    assert rolled_back(project, state(project, image, **task)) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("services.api: its former")
    assert message in printed.splitlines()[0]
    assert (project / "Pulumi.dev.yaml").read_text() == STACK


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("{}", "no `deployment.resources`"),
        (None, "can't be read"),
    ],
)
def test_a_state_that_is_none_changes_nothing(
    project: Path, text: str | None, message: str, capsys: pytest.CaptureFixture[str]
):
    file = project / "before.json"
    if text is not None:
        file.write_text(text)
    assert rolled_back(project, file) == 2
    assert message in capsys.readouterr().err
    assert (project / "Pulumi.dev.yaml").read_text() == STACK


def test_another_stacks_state_is_refused(project: Path, capsys: pytest.CaptureFixture[str]):
    file = state(project)
    file.write_text(file.read_text().replace("urn:pulumi:dev::", "urn:pulumi:prod::"))
    assert rolled_back(project, file) == 2
    assert "is of the stack prod, not of dev" in capsys.readouterr().err
