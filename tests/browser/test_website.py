"""The documentation's site in a browser: it asks nothing of elsewhere, and axe finds nothing."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.axe import AXE, violations
from tests.browser.chromium import Person, Tab
from tests.recordings import ROOT

SITE = ROOT / "build" / "site"

PAGES = ("index.html", "comparison.html", "systems/clubapp.html", "operations.html")

LOADED = re.compile(r"<(?:script|img|iframe|source)\b[^>]*\bsrc=[\"']?([^\"' >]+)")
LINKED = re.compile(r"<link\b[^>]*>")
IMPORTED = re.compile(r"(?:@import\s*|url\()[\"']?((?:https?:)?//[^\"')]+)")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The site as a server on loopback gives it."""
    if not (SITE / "index.html").is_file():
        pytest.skip("build/site is not there: make site")
    handler = functools.partial(Quiet, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        serving.join()


@pytest.fixture(params=PAGES)
def tab(request: pytest.FixtureRequest, person: Person, address: str) -> Tab:
    return person.opens(address + request.param)


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there: make oracles")
def test_axe_finds_nothing_in_a_page(tab: Tab) -> None:
    for scheme in ("light", "dark"):
        tab.emulate(media={"prefers-color-scheme": scheme})
        tab.reload()
        assert violations(tab) == []


def test_a_page_asks_for_nothing_elsewhere_and_says_nothing_to_the_console(
    tab: Tab, address: str
) -> None:
    assert [
        request.url for request in tab.seen if not request.url.startswith((address, "data:"))
    ] == []
    assert {request.status for request in tab.seen} == {200}
    assert tab.failed == []
    assert tab.console == []


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_its_window(tab: Tab, width: int) -> None:
    tab.resize(width, 800)
    assert tab.run("document.documentElement.scrollWidth") <= width


def test_a_picture_is_shown_with_its_text(person: Person, address: str) -> None:
    tab = person.opens(address + "systems/clubapp.html")
    tab.waits_for("document.querySelector('article img').naturalWidth > 500")
    assert "backend to database main: 5432 TLS" in tab.run("document.body.textContent")


def test_no_file_of_the_site_loads_anything_from_elsewhere(address: str) -> None:
    pages = list(SITE.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        text = page.read_text("utf-8")
        links = [match for match in LINKED.findall(text) if 'rel="canonical"' not in match]
        assert [match for match in LOADED.findall(text) if _elsewhere(match)] == [], page
        assert [link for link in links if "//" in link] == [], page
    for sheet in SITE.rglob("*.css"):
        assert IMPORTED.findall(sheet.read_text("utf-8")) == [], sheet


def _elsewhere(url: str) -> bool:
    return url.startswith(("http:", "https:", "//"))
