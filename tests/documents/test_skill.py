"""The agent skill is in the package, has the form agents read, and says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.documents.typed import PAGES
from trellis.cli import skill
from trellis.cli.main import main


def test_the_command_prints_the_skill_and_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["skill"]) == 0
    text = capsys.readouterr().out
    assert text == skill.FILE.read_text("utf-8")
    assert main(["skill", "--path"]) == 0
    assert Path(capsys.readouterr().out.strip()) / "SKILL.md" == skill.FILE


def test_it_has_the_form_of_a_skill() -> None:
    _, head, body = skill.FILE.read_text("utf-8").split("---\n", 2)
    document = yaml.safe_load(head)
    # "Agent Skills specification": lower case and hyphens; at most 1024 characters.
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", document["name"])
    assert 1 <= len(document["description"]) <= 1024
    assert document.keys() == {"name", "description"}
    assert len(body.splitlines()) < 500


def test_its_commands_are_held_true_with_those_of_the_pages() -> None:
    assert skill.FILE in PAGES


def test_what_it_tells_to_add_and_set_is_done(tmp_path: Path) -> None:
    words = ["--region", "eu-west-1", "--domain", "example.com", "--into", str(tmp_path)]
    assert main(["init", "shop", *words]) == 0
    dev = tmp_path / "Pulumi.dev.yaml"
    dev.write_text(dev.read_text().replace("dev.example.com", "example.com"))
    project = ["--project", str(tmp_path)]
    assert main(["add", "database", "main", *project]) == 0
    given = ["--host", "www.example.com", "uses=[{database: main}]"]
    assert main(["add", "service", "web", *given, *project]) == 0
    assert main(["set", "dev", "services.web.scaling.max", "6", *project]) == 0
    assert "max: 6" in dev.read_text()
