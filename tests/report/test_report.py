"""What a report says, and that it is one file that asks for nothing."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.recordings import ROOT, recorded
from tests.report.hostile import HOSTILE, hostile_content
from trellis.price.pricing import StackFolder
from trellis.report.content import Content, content_of
from trellis.report.markup import element
from trellis.report.page import PARTS, page
from trellis.report.tables import Row, table

MOST_BYTES = 2_000_000


@functools.cache
def content(project: str, stack: str) -> Content:
    return content_of(
        StackFolder(ROOT / project, stack),
        recorded(project, stack, "preview"),
        recorded(project, stack),
        with_savings=False,
    )


@functools.cache
def written(project: str, stack: str) -> str:
    return page(content(project, stack))


class Elements(HTMLParser):
    """Elements with their attributes, and what is left open."""

    VOID = frozenset({"input", "meta", "br", "path", "rect", "image"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


SYSTEMS = ((".", "dev"), ("systems/afric-analyzer", "prod"), ("systems/engify", "prod"))
"""A small, the largest, and one without services."""


@pytest.mark.long
@pytest.mark.parametrize(("project", "stack"), SYSTEMS)
def test_every_stack_has_a_page_with_all_parts(project: str, stack: str):
    text = written(project, stack)
    assert len(text.encode()) < MOST_BYTES
    elements = Elements(text)
    assert elements.open == []
    ids = [attributes["id"] for _, attributes in elements.seen if attributes.get("id")]
    assert len(ids) == len(set(ids))
    assert {id_ for id_, _ in PARTS} <= set(ids)
    assert [a for t, a in elements.seen if t in ("link", "img", "iframe", "object", "base")] == []
    addresses = [
        value
        for _, attributes in elements.seen
        for name, value in attributes.items()
        if name in ("href", "src", "action", "data")
    ]
    assert all(value is not None and value.startswith("#") for value in addresses)


def test_the_page_says_what_the_commands_say():
    text = written("systems/afric-analyzer", "prod")
    found = content("systems/afric-analyzer", "prod")
    assert f"{found.priced.estimate.usd.expected:,.2f} USD expected" in text
    for connection in found.matrix.connections:
        assert connection.source in text
    for resource in found.plan:
        if resource.custom and resource.type.startswith("aws:"):
            assert resource.name in text
    for row in found.priced.estimate.not_priced:
        assert row.what in text
    assert "ElastiCache publishes to no encrypted topic" in text
    assert "would fire from the first day" in text


def test_alarms_name_whom_they_call():
    text = written(".", "dev")
    assert "alerts@desh.co by email" in text
    assert "on-call by lambda" in text


def test_the_policy_names_the_one_script_there_is():
    text = written(".", "dev")
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src &#x27;sha256-{digest}&#x27;" in text
    assert "default-src &#x27;none&#x27;" in text
    assert "unsafe-inline&#x27;; script" in text  # of styles only
    assert not re.search(r"\son\w+=", re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL))


def test_hostile_text_is_text_wherever_it_stands():
    text = page(hostile_content(content("systems/afric-analyzer", "prod")))
    assert text.count("window.pwned=1") > 1_000
    assert "<img" not in text
    assert text.count("<script") == 1
    assert "\x07" not in text
    plain = {tag for tag, _ in Elements(written("systems/afric-analyzer", "prod")).seen}
    assert {tag for tag, _ in Elements(text).seen} <= plain
    assert HOSTILE not in text


def test_elements_escape_texts_and_attributes():
    made = element("p", {"title": '"><b>', "hidden": True, "lang": None}, "<i>&", [None, "x"])
    assert made.html == '<p title="&quot;&gt;&lt;b&gt;" hidden>&lt;i&gt;&amp;x</p>'
    assert element("br").html == "<br>"


def test_a_table_without_rows_says_so():
    assert "none" in table("Budgets", ("a", "b"), []).html
    shown = table("Budgets", ("a", "b"), [Row(("x", "1"), attention=True)], numbers=1).html
    assert '<th scope="row">x</th><td class="number">1</td>' in shown
    assert "<tr data-row data-attention>" in shown


def test_the_command_writes_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from trellis.cli.main import main
    from trellis.report import content as contents

    monkeypatch.setattr(
        contents, "record", lambda p, s, mode="preview", **_: recorded(".", s, mode)
    )
    target = tmp_path / "deep" / "report.html"
    words = ["report", "dev", "--project", str(ROOT), "--no-savings", "--output", str(target)]
    assert main(words) == 0
    assert target.read_text().startswith("<!doctype html>")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["report.html"]
