"""What pages lead to is there: links, files they name, commands in README's table."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.documents.typed import PAGES
from tests.recordings import ROOT
from trellis.cli import main as cli
from trellis.planner.record import Recording
from trellis.planner.text import Page, render

FENCED = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
GENERATED = ("reference.md", "controls.md", "what-it-can-say.md")
FOLDERS = "components|docs|examples|functions|policies|systems|tests|tools|trellis|bench"


LINKING = [page for page in dict.fromkeys(PAGES) if page.name not in GENERATED]


@pytest.mark.parametrize("page", LINKING, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    text = re.sub(r"`[^`]*`", "code", FENCED.sub("", page.read_text("utf-8")))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, heading = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
            assert heading in {_anchor(element) for element in headings}, target


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


GUIDES = ("README.md", "CONTRIBUTING.md", "docs/design.md", "docs/adding-a-tier.md")


@pytest.mark.parametrize("page", GUIDES)
def test_every_file_that_a_guide_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(rf"`((?:{FOLDERS})/[\w./*-]+)`", text)
    assert named
    for name in named:
        assert list(ROOT.glob(name.rstrip("/"))), name


def test_every_command_stands_in_the_table_of_commands() -> None:
    parser = cli._parser()
    (action,) = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    rows = re.findall(
        r"^\| `trellis ([a-z]+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(rows) == sorted(action.choices)


def test_there_are_ten_decisions_and_each_says_what_was_not_chosen() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    assert len(records) >= 10
    for record in records:
        assert record.name in index
        assert "**Not chosen.**" in record.read_text("utf-8")


def test_the_changelog_is_by_kind() -> None:
    kinds = re.findall(r"^### (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert set(kinds) <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
        "Not there yet",
    }
    assert {"Added", "Changed", "Fixed"} <= set(kinds)


def test_readme_shows_lines_of_the_plan_as_it_is(
    recording_of: Callable[..., Recording],
) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    (shown,) = re.findall(r"```\n(clubapp · dev .*?)```", text, re.DOTALL)
    plan = {" ".join(line.split()) for line in render(recording_of(".", "dev", "preview"), Page())}
    lines = [
        " ".join(line.split()) for line in shown.splitlines() if line.strip() not in ("", "...")
    ]
    assert len(lines) > 5
    assert [line for line in lines if line not in plan] == []
