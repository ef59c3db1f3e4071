"""Widgets laid out on CloudWatch's grid: by section, in full rows, so that none can overlap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from components.contracts import WidgetSpec

COLUMNS = 24
"""Of a dashboard ("Dashboard body structure and syntax", CloudWatch API Reference, 2026-11)."""

MOST_WIDGETS = 500
"""Of a dashboard ("CloudWatch service quotas", 2026-11)."""
PAGE = MOST_WIDGETS - 10
"""Widgets and headings after which another dashboard goes on; the states of alarms stand above."""

MOST_METRICS = 2_500
"""Of all widgets of a dashboard (same page)."""

HEADING_HEIGHT, LINKED_HEIGHT = 1, 2
"""Of a section's heading, and of one with a line of links under it."""

MOST_ABREAST = 4
"""Charts that share a row; narrower ones can't be read."""

DEFAULT_WIDTH = 8
"""Columns of a widget that says nothing, where its neighbour says how wide it is."""

SECTIONS = (
    "Golden signals", "Application", "Services", "Load balancers", "APIs", "Functions", "Sites",
    "Databases", "Caches", "Tables", "Queues", "Topics", "Streams", "Queries", "Buckets",
    "Backups", "Mail", "Certificates", "Firewalls", "Network", "Addresses", "Canaries", "Logs",
)  # fmt: skip
"""Of tiers, in reading order; a section that is not listed comes after them."""


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
    log_groups: tuple[str, ...] = ()
    """Of the section, for a heading."""


def laid_out(widgets: Sequence[WidgetSpec], top: int = 0) -> tuple[Placed, ...]:
    """Sections one under another, each with a heading; widgets in rows from left to right.

    Widgets of one subject, as `backend` of `backend: CPU`, stand together.

    Args:
        top: the first row that is free.

    Raises:
        ValueError: a widget is wider than the grid, or there are more than a dashboard takes.
    """
    placed: list[Placed] = []
    y = top
    for section in sections_of(widgets):
        own = [widget for widget in widgets if widget.section == section]
        logs = tuple(dict.fromkeys(group for of_section in own for group in of_section.log_groups))
        height = LINKED_HEIGHT if logs else HEADING_HEIGHT
        heading = Place(0, y, COLUMNS, height)
        placed.append(Placed(heading, heading=section, log_groups=logs))
        y += height
        for row in _rows(own):
            x = 0
            for member, width in row:
                placed.append(Placed(Place(x, y, width, member.height), member))
                x += width
            y += max(member.height for member, _ in row)
    if len(placed) > MOST_WIDGETS:
        raise ValueError(f"{len(placed)} widgets; a dashboard takes {MOST_WIDGETS}")
    return tuple(placed)


def pages_of(widgets: Sequence[WidgetSpec]) -> tuple[tuple[WidgetSpec, ...], ...]:
    """The widgets by section, on as many dashboards as they need; one where there are none.

    Pages are filled in turn, so more widgets make more pages and leave the full ones alone.
    """
    pages: list[list[WidgetSpec]] = [[]]
    filled, metrics, section = 0, 0, ""
    for name in sections_of(widgets):
        for widget in widgets:
            if widget.section != name:
                continue
            if filled >= PAGE or (filled and metrics + len(widget.metrics) > MOST_METRICS):
                pages.append([])
                filled, metrics, section = 0, 0, ""
            pages[-1].append(widget)
            filled += 1 if name == section else 2  # with its heading
            metrics += len(widget.metrics)
            section = name
    return tuple(tuple(page) for page in pages)


def in_reading_order(widgets: Sequence[WidgetSpec]) -> list[WidgetSpec]:
    """What tiers publish, by section as in `SECTIONS`; within one as it was."""
    places = {section: place for place, section in enumerate(SECTIONS)}
    return sorted(widgets, key=lambda widget: places.get(widget.section, len(SECTIONS)))


def sections_of(widgets: Sequence[WidgetSpec]) -> tuple[str, ...]:
    """The sections there are, in the order of their first widgets."""
    return tuple(dict.fromkeys(widget.section for widget in widgets))


Row = list[tuple[WidgetSpec, int]]
"""Widgets beside one another with their columns."""


def _rows(widgets: Sequence[WidgetSpec]) -> Iterator[Row]:
    for group in _groups(widgets):
        if all(widget.width is None for widget in group):
            yield from _even_rows(group)
        else:
            yield from _filled_rows(group)


def _groups(widgets: Sequence[WidgetSpec]) -> list[list[WidgetSpec]]:
    """Neighbours of one subject; what is too few for a row of its own joins its neighbours."""
    subjects: list[list[WidgetSpec]] = []
    for widget in widgets:
        if subjects and _subject(subjects[-1][0]) == _subject(widget):
            subjects[-1].append(widget)
        else:
            subjects.append([widget])
    groups: list[list[WidgetSpec]] = []
    for subject in subjects:
        few = len(subject) < MOST_ABREAST - 1
        if (
            groups
            and few
            and (_is_mixed(groups[-1]) or len(groups[-1]) + len(subject) <= MOST_ABREAST)
        ):
            groups[-1].extend(subject)
        else:
            groups.append([*subject])
    return groups


def _is_mixed(group: Sequence[WidgetSpec]) -> bool:
    """Whether it is made of subjects with too few widgets for a row."""
    return sum(_subject(widget) == _subject(group[0]) for widget in group) < MOST_ABREAST - 1


def _subject(widget: WidgetSpec) -> str:
    return widget.title.partition(": ")[0]


def _even_rows(group: Sequence[WidgetSpec]) -> Iterator[Row]:
    """As few rows as can be, each as full as the others, and every row as wide as the grid.

    Neighbours of one subject that fit beside one another share a row.
    """
    units = [list(own) for _, own in groupby(group, _subject)]
    if any(len(own) > MOST_ABREAST for own in units):
        units = [[widget] for widget in group]
    least = max(map(len, units))
    found = [_packed(units, abreast) for abreast in range(least, MOST_ABREAST + 1)]
    for row in min(found, key=len):
        yield [(member, COLUMNS // len(row)) for member in row]


def _packed(units: Sequence[Sequence[WidgetSpec]], abreast: int) -> list[list[WidgetSpec]]:
    """Rows of whole units, none with more widgets than `abreast`."""
    rows: list[list[WidgetSpec]] = [[]]
    for own in units:
        if len(rows[-1]) + len(own) > abreast:
            rows.append([])
        rows[-1] += own
    return rows


def _filled_rows(group: Sequence[WidgetSpec]) -> Iterator[Row]:
    """Each as wide as it says, and a new row where the next does not fit."""
    row: Row = []
    for widget in group:
        width = widget.width or DEFAULT_WIDTH
        if width > COLUMNS:
            raise ValueError(f"{widget.title}: {width} columns; a dashboard has {COLUMNS}")
        if sum(taken for _, taken in row) + width > COLUMNS:
            yield row
            row = []
        row.append((widget, width))
    if row:
        yield row
