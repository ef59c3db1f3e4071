"""The report in a browser: nothing asked for, no error, axe finds nothing, hostile text is text."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from tests.browser.axe import AXE, violations
from tests.browser.chromium import Person, Tab
from tests.recordings import ROOT, recorded
from tests.report.hostile import HOSTILE, hostile_content
from trellis.price.pricing import StackFolder
from trellis.report.content import Content, content_of
from trellis.report.page import page

PICTURES = ROOT / "build" / "reports"


@functools.cache
def content(project: str, stack: str) -> Content:
    return content_of(
        StackFolder(ROOT / project, stack),
        recorded(project, stack, "preview"),
        recorded(project, stack),
        with_savings=False,
    )


@pytest.fixture(params=["largest", "hostile"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A report as a file: of the largest stack, and of one whose every name is hostile."""
    whole = content("systems/afric-analyzer", "prod")
    found = whole if request.param == "largest" else hostile_content(whole)
    file = tmp_path / "report.html"
    file.write_text(page(found), encoding="utf-8")
    return file


@pytest.fixture
def tab(person: Person, written: Path) -> Tab:
    return person.opens(written.as_uri())


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there: make oracles")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(tab: Tab, scheme: str):
    tab.emulate(media={"prefers-color-scheme": scheme})
    tab.run("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert violations(tab) == []


def test_the_page_asks_for_nothing_and_says_nothing_to_the_console(tab: Tab, written: Path):
    assert [request.url for request in tab.seen] == [written.as_uri()]
    assert tab.failed == []
    assert tab.console == []


def test_hostile_text_runs_nowhere_and_is_shown(tab: Tab, written: Path):
    assert tab.run("window.pwned === undefined")
    assert tab.run("document.querySelectorAll('script').length") == 1
    assert tab.run("document.querySelectorAll('main img, main iframe, main object').length") == 0
    if HOSTILE in written.read_text():
        pytest.fail("the text stands in the page as it is")


def test_searching_hides_rows_and_counts_those_left(tab: Tab):
    total = tab.run("document.querySelectorAll('tr[data-row]').length")
    tab.waits_for(f"document.querySelector('#count').textContent === '{total} rows'")
    tab.run("query.value = 'nothing has this text'; query.dispatchEvent(new Event('input'))")
    tab.shows("#count", f"0 of {total} rows")
    tab.run("query.value = ''; query.dispatchEvent(new Event('input'))")
    tab.shows("#count", f"{total} rows")
    tab.clicks("#only")
    tab.waits_for("document.querySelector('#count').textContent.includes(' of ')")
    assert tab.run(
        "[...document.querySelectorAll('tr[data-row]:not([hidden])')]"
        ".every(row => row.hasAttribute('data-attention'))"
    )


def test_a_key_leads_to_the_search_and_another_clears_it(tab: Tab):
    tab.run("document.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true}))")
    assert tab.run("document.activeElement.id") == "query"
    tab.run("query.value = 'x'; query.dispatchEvent(new Event('input'))")
    tab.run("query.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))")
    assert tab.run("query.value") == ""


def test_everything_that_scrolls_or_folds_is_reached_by_keyboard(tab: Tab):
    assert tab.run(
        "[...document.querySelectorAll('.scroll')].every(each => each.tabIndex === 0 && "
        "each.getAttribute('aria-label'))"
    )
    assert tab.run(
        "[...document.querySelectorAll('details')].every(each => "
        "each.firstElementChild.tagName === 'SUMMARY')"
    )


def test_paper_shows_what_is_folded(tab: Tab):
    tab.run("window.dispatchEvent(new Event('beforeprint'))")
    assert tab.run("[...document.querySelectorAll('details')].every(each => each.open)")
    tab.emulate(media={}, kind="print")
    assert tab.run("getComputedStyle(document.querySelector('header.top')).display") == "none"
    # A page of A4 between its margins: what is wider is cut, or everything is made smaller for it.
    tab.resize(718, 1000)
    assert tab.run("document.documentElement.scrollWidth") <= 718
    assert tab.run("document.querySelector('.picture svg').getBoundingClientRect().right") <= 718
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / "print.png").write_bytes(tab.picture(3_000))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_part_is_wider_than_the_window(tab: Tab, scheme: str, request: pytest.FixtureRequest):
    """And each run leaves what it saw, for a person to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    name = request.node.callspec.params["written"]
    tab.emulate(media={"prefers-color-scheme": scheme})
    for width in (320, 1280):
        tab.resize(width, 900)
        (PICTURES / f"{name}-{scheme}-{width}.png").write_bytes(tab.picture(5_000))
        assert tab.run("document.documentElement.scrollWidth") <= width, width
        # Of a wide picture a narrow window shows a corner, which may be empty far down.
        picture = "document.querySelector('.picture').getBoundingClientRect().height"
        assert width > 320 or tab.run(picture) <= 0.7 * 900 + 1
        cut = tab.run(
            "[...document.querySelectorAll('h1, h2, h3, p, dt, dd, li, summary, label')]"
            ".filter(each => each.offsetParent && each.scrollWidth > each.clientWidth + 1)"
            ".map(each => each.tagName + ' ' + each.textContent.slice(0, 40))"
        )
        assert cut == [], width
