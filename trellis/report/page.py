"""The page: one file, no request, one script whose digest the page's own policy names."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib import resources

from trellis.report import sections
from trellis.report.content import Content
from trellis.report.markup import Markup, element

PARTS = (
    ("summary", "Summary"),
    ("diagram", "Diagram"),
    ("plan", "Plan"),
    ("price", "Price"),
    ("verdicts", "Verdicts"),
    ("alarms", "Alarms"),
    ("reach", "Reach"),
    ("outputs", "Outputs"),
)
"""Ids and titles, in reading order."""


def page(content: Content, icons: Mapping[str, str] | None = None) -> str:
    """The whole page as HTML text.

    Args:
        icons: `data:` addresses of pictures by kind of thing, for the diagram.
    """
    recording = content.plan
    title = f"{recording.project} {recording.stack}"
    script, style = _file("page.js"), _file("page.css")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    images = "img-src data:; " if icons else ""
    policy = (
        f"default-src 'none'; {images}style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = element(
        "head",
        None,
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("title", None, f"{title}: report"),
        # Both are files of this package, in which nothing of a stack stands.
        Markup(f"<style>{style}</style>"),
    )
    body = element(
        "body",
        None,
        element("a", {"class": "skip", "href": "#main"}, "Skip to the report"),
        _top(),
        element(
            "main",
            {"id": "main"},
            element("h1", None, title),
            element("p", {"class": "quiet"}, _made(content)),
            sections.summary(content),
            sections.diagram(content, icons),
            sections.plan(content),
            sections.price(content),
            sections.verdicts(content),
            sections.alarms(content),
            sections.reach(content),
            sections.outputs(content),
        ),
        Markup(f"<script>{script}</script>"),
    )
    return f"<!doctype html>\n{element('html', {'lang': 'en'}, head, body).html}\n"


def _made(content: Content) -> str:
    recording = content.plan
    account = f"account {recording.account}" if recording.account else "no account named"
    return (
        f"{recording.region}, {account}. Made by `trellis report` on {content.made.isoformat()} "
        "from the stack file; nothing was contacted."
    )


def _top() -> Markup:
    links = [element("li", None, element("a", {"href": f"#{id_}"}, title)) for id_, title in PARTS]
    # Without the script there is nothing to search with.
    find = element(
        "search",
        {"hidden": True},
        element("label", {"for": "query"}, "Search (/)"),
        element("input", {"type": "search", "id": "query", "autocomplete": "off"}),
        element("input", {"type": "checkbox", "id": "only"}),
        element("label", {"for": "only"}, "only what to look at"),
        element("output", {"id": "count", "for": "query only", "aria-live": "polite"}),
    )
    return element(
        "header",
        {"class": "top"},
        element("nav", {"aria-label": "Parts of the report"}, element("ul", None, links)),
        find,
    )


def _file(name: str) -> str:
    return resources.files("trellis.report").joinpath(name).read_text(encoding="utf-8")
