"""Images that `up` builds: judged by what awsx makes of what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.components.small_systems import NETWORK, small_system
from trellis.planner.record import Recorded
from trellis.stackfile.problems import StackFileError
from trellis.tiers.build_context import build_context

DOCKERFILE = "FROM scratch AS web\nFROM scratch AS worker\n"


def built(folder: Path, **services: Mapping[str, Any]) -> list[Recorded]:
    given = {
        key: {"image": {"repository": "app", "build": {"context": str(folder), **build}}}
        for key, build in services.items()
    }
    recording = small_system("preview", network=NETWORK, services=given)
    return list(recording.of_type("awsx:ecr:Image"))


def child_and_tag(image: Recorded) -> str:
    """What awsx 3.11 calls the build's own resource and the tag it pushes (awsx/ecr/image.ts): the
    tag it is given, else a hash that neither target nor content is part of."""
    given = image.inputs
    return str(given.get("imageName") or given.get("imageTag") or f"hash of {given['context']}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # files change, so no recording is shared
    app = tmp_path / "app"
    app.mkdir()
    (app / "Dockerfile").write_text(DOCKERFILE)
    (app / "server.py").write_text("print('one')\n")
    return app


def test_two_stages_of_one_folder_are_two_builds(folder: Path) -> None:
    images = built(folder, web={"target": "web"}, worker={"target": "worker"})
    assert len({child_and_tag(image) for image in images}) == len(images) == 2
    assert {resource.inputs["target"] for resource in images} == {"web", "worker"}


def test_a_stage_that_no_dockerfile_has_is_refused(folder: Path) -> None:
    with pytest.raises(StackFileError, match=r"services\.web\.image\.build\.target") as caught:
        built(folder, web={"target": "wbe"}, worker={"target": "Worker"}, other={"target": "0"})
    (problem,) = caught.value.problems
    assert "web, worker" in problem.allowed


@pytest.mark.parametrize("text", ["", "FROM python:3.12 \\\n  AS web\nFROM web AS worker\n"])
def test_a_stage_is_told_only_where_it_can_be_read(folder: Path, text: str) -> None:
    (folder / "Dockerfile").write_text(text)
    assert len(built(folder, web={"target": "web"})) == 1


def test_two_services_of_one_stage_are_one_build(folder: Path) -> None:
    assert len(built(folder, web={}, worker={})) == 1
    assert len(built(folder, web={}, worker={"arguments": {"MODE": "worker"}})) == 2


def test_new_content_has_a_new_tag_and_keeps_its_name(folder: Path) -> None:
    (before,) = built(folder, web={})
    (folder / "server.py").write_text("print('two')\n")
    (after,) = built(folder, web={})
    assert child_and_tag(before) != child_and_tag(after), "the repository's tags are immutable"
    assert before.name == after.name
    assert after.retain_on_delete, "tasks may still run the image before, and a roll-back starts it"


def test_the_builder_is_given_whole_paths(folder: Path) -> None:
    (image,) = built(folder, web={})
    assert image.inputs["context"] == str(folder)
    assert image.inputs["dockerfile"] == str(folder / "Dockerfile")


@pytest.mark.parametrize(
    ("ignored", "changed", "counts"),
    [
        ("", "notes.txt", True),
        ("*.txt\n", "notes.txt", False),
        ("*.txt\n", "docs/notes.txt", True),
        ("**/*.txt\n", "docs/notes.txt", False),
        ("docs\n", "docs/deep/notes.txt", False),
        ("/docs/\n", "docs/notes.txt", False),
        ("*\n!server.py\n", "notes.txt", False),
        ("*\n!docs\n", "docs/notes.txt", True),
        ("# docs\n", "docs/notes.txt", True),
        ("Dockerfile\n", "Dockerfile", True),
    ],
)
def test_only_what_the_builder_reads_counts(
    folder: Path, ignored: str, changed: str, counts: bool
) -> None:
    file = folder / changed
    file.parent.mkdir(parents=True, exist_ok=True)
    (folder / ".dockerignore").write_text(ignored)
    file.write_text("one")
    before = build_context(folder, "Dockerfile").digest
    file.write_text("two")
    assert (build_context(folder, "Dockerfile").digest != before) is counts


def test_a_file_that_may_be_run_is_another_one(folder: Path) -> None:
    before = build_context(folder, "Dockerfile").digest
    (folder / "server.py").chmod(0o755)
    assert build_context(folder, "Dockerfile").digest != before


def test_a_folder_that_is_not_there_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match=r"services\.web\.image\.build\.context"):
        built(tmp_path / "nowhere", web={})
