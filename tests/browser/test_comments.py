"""Comments as a reviewer sees them, narrow and wide: of each system, of ten edits, and hostile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.chromium import Person, Tab
from tests.browser.comments import EDITS, SYSTEMS, Edit, comment, page
from tests.recordings import ROOT
from tests.report.hostile import HOSTILE
from trellis.review.markdown import BUDGET, Table, document, marker, text

PICTURES = ROOT / "build" / "comments"
"""Where each run leaves what it saw, for a person to look at."""

pytestmark = pytest.mark.long

WIDTHS = (320, 1280)


def seen(person: Person, name: str, markdown: str, folder: Path) -> Tab:
    """A comment in a tab, after its pictures were taken."""
    file = folder / f"{name}.html"
    file.write_text(page(markdown), encoding="utf-8")
    tab = person.opens(file.as_uri())
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        tab.resize(width, 900)
        (PICTURES / f"{name}-{width}.png").write_bytes(tab.picture())
        # A table scrolls in itself: the page never does.
        assert tab.run("document.documentElement.scrollWidth") <= width, width
    return tab


def harmless(tab: Tab) -> None:
    """Nothing of a comment runs, is asked for, or leads anywhere."""
    assert tab.run("window.pwned === undefined")
    assert tab.run("document.querySelectorAll('script, img, iframe, a, form, input').length") == 0
    assert len(tab.seen) == 1
    assert tab.console == []


@pytest.mark.parametrize("edit", [*EDITS, *SYSTEMS], ids=lambda edit: edit.name)
def test_a_comment_is_read_at_any_width(edit: Edit, person: Person, tmp_path: Path):
    project = tmp_path / "project"
    project.mkdir()
    markdown = comment(edit, project)
    assert len(markdown) <= BUDGET
    tab = seen(person, edit.name, markdown, tmp_path)
    harmless(tab)
    # The verdict is the first thing that is seen, whole, without scrolling.
    assert tab.run("document.querySelector('h3').getBoundingClientRect().bottom") < 450
    # Every table is a table: no cell of it is text beside it.
    assert tab.run("[...document.querySelectorAll('p')].every(p => !p.textContent.includes('|'))")
    # And it is the comparison's own: what loses data says so first.
    if edit in EDITS:
        loses = edit.name in ("other-key", "table-goes", "everything-goes")
        message = "document.querySelector('h3').textContent.includes('DATA WOULD BE LOST')"
        assert tab.run(message) == loses


NAMES = (
    HOSTILE,
    "</code></td></table><b onclick=window.pwned=1>",
    "| a | b |\n| --- | --- |\n| [x](javascript:window.pwned=1) | ![y](http://127.0.0.1:9/) |",
    "--> <script>window.pwned=1</script> <!--",
    "@everyone #1 https://example.com/ `code` **bold** \\",
    "</details><iframe src='javascript:parent.pwned=1'>",
    "\u202eright to left\u202c \u0000\u001b[2J",
    "x" * 64_000,
)


def test_hostile_names_are_text_in_every_cell(person: Person, tmp_path: Path):
    rows = tuple(tuple(text(name) for _ in range(4)) for name in NAMES)
    tables = [Table("Shown", ("a", "b", "c", "d"), rows, always=True),
              Table("Folded", ("a", "b", "c", "d"), rows * 2)]  # fmt: skip
    opening = [f"### {text(NAMES[0])}: no data is lost", "", *(f"- {text(name)}" for name in NAMES)]
    markdown = document(marker("trellis", NAMES[3], NAMES[0]), opening, tables, "<sub>end</sub>")
    tab = seen(person, "hostile", markdown, tmp_path)
    harmless(tab)
    assert tab.run("document.querySelectorAll('table').length") == 2
    assert tab.run("document.querySelectorAll('details').length") == 1
    rows_shown = "[...document.querySelectorAll('tbody tr')].map(row => row.cells.length)"
    assert tab.run(rows_shown) == [4] * len(rows) * 3
    assert tab.run("document.querySelector('td').textContent.startsWith('<img src=x')")
