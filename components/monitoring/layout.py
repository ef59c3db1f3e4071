"""Widgets laid out on CloudWatch's grid: by section, in rows, so that none can overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.contracts import WidgetSpec

COLUMNS = 24
"""Of a dashboard ("Dashboard body structure and syntax", CloudWatch API Reference, 2026-11)."""

MOST_WIDGETS = 500
"""Of a dashboard ("CloudWatch service quotas", 2026-11)."""
PAGE = MOST_WIDGETS - 10
"""Widgets and headings after which another dashboard goes on; the states of alarms stand above."""

HEADING_HEIGHT = 1

SECTIONS = (
    "Golden signals", "Application", "Services", "Load balancers", "APIs", "Functions", "Sites",
    "Databases", "Caches", "Tables", "Buckets", "Streams", "Queries", "Queues", "Network",
)  # fmt: skip
"""In reading order; a section that is not listed comes after them."""


@dataclass(frozen=True)
class Place:
    """A rectangle of the grid."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Placed:
    """A widget, or a section's heading, in its place."""

    place: Place
    widget: WidgetSpec | None = None
    heading: str = ""


def laid_out(widgets: Sequence[WidgetSpec]) -> tuple[Placed, ...]:
    """Sections one under another, each with a heading; widgets in rows from left to right.

    Raises:
        ValueError: a widget is wider than the grid, or there are more than a dashboard takes.
    """
    placed: list[Placed] = []
    y = 0
    for section in sections_of(widgets):
        placed.append(Placed(Place(0, y, COLUMNS, HEADING_HEIGHT), heading=section))
        y += HEADING_HEIGHT
        x = row_height = 0
        for each in widgets:
            if each.section != section:
                continue
            if each.width > COLUMNS:
                raise ValueError(f"{each.title}: {each.width} columns; a dashboard has {COLUMNS}")
            if x + each.width > COLUMNS:
                x, y, row_height = 0, y + row_height, 0
            placed.append(Placed(Place(x, y, each.width, each.height), each))
            x, row_height = x + each.width, max(row_height, each.height)
        y += row_height
    if len(placed) > MOST_WIDGETS:
        raise ValueError(f"{len(placed)} widgets; a dashboard takes {MOST_WIDGETS}")
    return tuple(placed)


def pages_of(widgets: Sequence[WidgetSpec]) -> tuple[tuple[WidgetSpec, ...], ...]:
    """The widgets in reading order, as many dashboards as they need; one where there are none.

    Pages are filled in turn, so more widgets make more pages and leave the full ones alone.
    """
    pages: list[list[WidgetSpec]] = [[]]
    filled, section = 0, ""
    for name in sections_of(widgets):
        for each in widgets:
            if each.section != name:
                continue
            if filled >= PAGE:
                pages.append([])
                filled, section = 0, ""
            pages[-1].append(each)
            filled += 1 if name == section else 2  # with its heading
            section = name
    return tuple(tuple(each) for each in pages)


def sections_of(widgets: Sequence[WidgetSpec]) -> tuple[str, ...]:
    """The sections there are, in reading order."""
    found = list(dict.fromkeys(each.section for each in widgets))
    known = [each for each in SECTIONS if each in found]
    return (*known, *(each for each in found if each not in SECTIONS))
