"""The running project's folder is found under the engine, in one process, and under mocks."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pytest
from pulumi.runtime import config as runtime_config

from tests.stackfile.conftest import Stack
from trellis.stackfile import project as project_module
from trellis.stackfile.loading import load
from trellis.stackfile.problems import Source, StackFileError
from trellis.stackfile.project import ROOT, running_project, shown


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of project `shop`, stack `dev`; the engine has said no folder."""
    monkeypatch.setattr(pulumi, "get_project", lambda: "shop")
    monkeypatch.setattr(pulumi, "get_stack", lambda: "dev")
    monkeypatch.setattr(pulumi.runtime, "get_root_directory", lambda: None)


@pytest.mark.usefixtures("running")
def test_the_folder_that_the_engine_names_comes_first(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert running_project() is None
    monkeypatch.setattr(pulumi.runtime, "get_root_directory", lambda: str(stack.folder))
    assert running_project() == stack.folder


@pytest.mark.usefixtures("running")
def test_else_the_folder_one_stands_in(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(stack.folder)
    assert running_project() == stack.folder


@pytest.mark.usefixtures("running")
def test_else_the_one_of_that_name_among_the_systems(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("root")
    (root / "systems" / "other").mkdir(parents=True)
    (root / "systems" / "other" / "Pulumi.yaml").write_text("name: other\n")
    stack.folder.rename(root / "systems" / "shop")
    monkeypatch.setattr(project_module, "ROOT", root)
    assert running_project() == root / "systems" / "shop"


@pytest.mark.usefixtures("running")
def test_a_folder_of_another_project_is_passed_over(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stack.folder / "Pulumi.yaml").write_text("name: other\n")
    monkeypatch.setattr(pulumi.runtime, "get_root_directory", lambda: str(stack.folder))
    assert running_project() is None


def test_every_system_of_this_repository_is_found_by_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pulumi.runtime, "get_root_directory", lambda: None)
    monkeypatch.chdir(tmp_path)
    for file in [ROOT / "Pulumi.yaml", *ROOT.glob("systems/*/Pulumi.yaml")]:
        name = file.read_text(encoding="utf-8").split("name: ", 1)[1].split("\n", 1)[0]
        monkeypatch.setattr(pulumi, "get_project", lambda name=name: name)
        assert running_project() == file.parent


@pytest.mark.usefixtures("running")
def test_a_program_takes_the_engine_s_values_and_the_files_positions(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulumi.runtime, "get_root_directory", lambda: str(stack.folder))
    values = {"aws:region": "us-east-1", "trellis:name": "shop", "trellis:environment": "test"}
    monkeypatch.setattr(runtime_config, "CONFIG", _Holder(values))
    loaded = load()
    assert loaded.settings.environment == "test"
    assert loaded.sources["environment",] == Source("pulumi config")
    assert loaded.sources["name",] == Source("stack file", "Pulumi.dev.yaml", 3, 17)


@pytest.mark.usefixtures("running")
def test_an_unreadable_file_of_the_same_name_is_not_the_engine_s(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.write_whole("config: [\n")
    monkeypatch.setattr(pulumi.runtime, "get_root_directory", lambda: str(stack.folder))
    monkeypatch.setattr(runtime_config, "CONFIG", _Holder({"aws:region": "us-east-1"}))
    with pytest.raises(StackFileError) as caught:
        load()
    assert {problem.path for problem in caught.value.problems} == {("name",), ("environment",)}


def test_files_inside_the_repository_are_named_from_its_top(tmp_path: Path) -> None:
    assert shown(ROOT / "systems" / "x" / "Pulumi.dev.yaml") == "systems/x/Pulumi.dev.yaml"
    assert shown(tmp_path / "Pulumi.dev.yaml") == "Pulumi.dev.yaml"


class _Holder:
    """What the SDK keeps configuration in."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def get(self) -> dict[str, str]:
        return self._values
