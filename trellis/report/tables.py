"""Tables of a report: captions, heads with a scope, rows that the page's search can hide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trellis.report.markup import Child, Markup, element


@dataclass(frozen=True)
class Row:
    """One row of a table; its first cell names it."""

    cells: tuple[Child, ...]
    attention: bool = False
    """Whether a reviewer should look at it."""


def table(caption: str, heads: Sequence[str], rows: Sequence[Row], *, numbers: int = 0) -> Markup:
    """A table that scrolls sideways where it is wider than the page.

    Args:
        numbers: how many of the last columns hold amounts.
    """
    if not rows:
        return element("p", {"class": "quiet"}, f"{caption}: none.")
    first_number = len(heads) - numbers
    head = element(
        "tr",
        None,
        [
            element("th", {"scope": "col", "class": "number" if n >= first_number else None}, text)
            for n, text in enumerate(heads)
        ],
    )
    body = [_row(row, first_number) for row in rows]
    return element(
        "div",
        {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption},
        element(
            "table",
            None,
            element("caption", None, caption),
            element("thead", None, head),
            element("tbody", None, body),
        ),
    )


def _row(row: Row, first_number: int) -> Markup:
    cells = [
        element("th", {"scope": "row"}, cell)
        if number == 0
        else element("td", {"class": "number" if number >= first_number else None}, cell)
        for number, cell in enumerate(row.cells)
    ]
    return element("tr", {"data-row": True, "data-attention": row.attention}, cells)


def section(id_: str, title: str, *children: Child) -> Markup:
    """A part of the page, with a heading that its links lead to."""
    return element(
        "section",
        {"aria-labelledby": f"{id_}-head", "id": id_},
        element("h2", {"id": f"{id_}-head"}, title),
        children,
    )


def badge(text: str, kind: str) -> Markup:
    """A word in a colour that says the same as the word."""
    return element("span", {"class": f"badge {kind}"}, text)
