"""What `make site` is made of is there: every page in the navigation, every part a page shows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recordings import ROOT
from tools import website
from trellis.stackfile.project import stacks_of

CONFIGURATION = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]

SHOWN = [
    (source, *found)
    for source, _ in website.sources()
    for found in website.PUT_IN.findall(source.read_text("utf-8"))
]


def navigation(entries: list[dict[str, object]]) -> Iterator[str]:
    for entry in entries:
        for target in entry.values():
            if isinstance(target, list):
                yield from navigation(target)
            else:
                yield str(target)


def test_the_navigation_has_every_page_once() -> None:
    assert sorted(navigation(CONFIGURATION["nav"])) == sorted(name for _, name in website.sources())


def test_no_font_and_no_emoji_is_asked_for() -> None:
    """Zensical's own choice would have both from a CDN, and take `:secret:` for an emoji."""
    assert CONFIGURATION["theme"]["font"] is False
    assert "emoji" not in CONFIGURATION["markdown_extensions"]["pymdownx"]


@pytest.mark.parametrize(
    ("source", "name", "target", "kind"), SHOWN, ids=lambda case: getattr(case, "stem", case)
)
def test_what_a_page_shows_is_there(source: Path, name: str, target: str, kind: str) -> None:
    file = (source.parent / target).resolve()
    if kind == "part":
        lines = [line for line in website.part(file, name).splitlines() if line[0] != "#"]
        assert re.match(rf"(trellis:)?{name.rpartition('.')[2]}:", lines[0])
    elif kind == "section":
        assert len(website.section(file, name)) > 100
    else:
        assert name in stacks_of(file.parent)
        assert file.name == f"Pulumi.{name}.yaml"


def test_each_of_the_five_systems_has_its_page_and_picture() -> None:
    projects = {project for project, _ in website.diagrams()}
    assert projects == {ROOT, *(file.parent for file in (ROOT / "systems").glob("*/Pulumi.yaml"))}


FILE = """\
config:
  trellis:system:
    value:
      # Of the first.
      first:
        one: {a: 1}
        # Of two.
        two:
          b: 2
      # Of the second.
      second: {}
"""


def test_a_part_is_its_lines_with_the_comments_above_it(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.yaml"
    file.write_text(FILE)
    assert website.part(file, "first.two") == "# Of two.\ntwo:\n  b: 2"
    assert website.part(file, "second") == "# Of the second.\nsecond: {}"
    assert website.part(file, "first").splitlines()[-1] == "    b: 2"


def test_a_part_that_is_not_there_ends_the_build() -> None:
    with pytest.raises(website.PageError, match=r"Pulumi.yaml: no databases\.other"):
        website.part(ROOT / "Pulumi.yaml", "databases.other")


def test_what_is_no_page_is_named_and_not_linked() -> None:
    text = website.page(ROOT / "docs" / "design.md")
    assert "[CONTRIBUTING](contributing.md)" in text
    assert "](../" not in text
    decision = website.page(ROOT / "CONTRIBUTING.md")
    assert "[decisions](decisions/README.md)" in decision


def test_a_command_inside_a_numbered_list_is_inside_of_its_item() -> None:
    text = website.page(ROOT / "docs" / "operations.md")
    assert "\n    ```" in text
    assert "\n   ```" not in text
