"""Draws a dashboard's body as a picture: where each widget stands and what it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, cast

from trellis.planner.record import Recording

TYPE = "aws:cloudwatch/dashboard:Dashboard"

CELL_WIDTH, CELL_HEIGHT = 60, 40
"""Pixels of one grid unit; CloudWatch's own are about that."""

MARGIN, LINE_HEIGHT = 20, 16
COLUMNS = 24
CHARACTER = 6.2
"""Pixels of an average character at 11 pixels."""

LEGEND_ROWS = 4
THRESHOLD_STEP = 15
"""Pixels between two thresholds; their order is true, their distance is not."""

LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
"""A link in Markdown: what it is called, and its address."""

PREFIXES = ((12, "T"), (9, "G"), (6, "M"), (3, "k"))
"""Powers of ten and their letters, for numbers of more than four digits."""

COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#17becf")


def dashboards(recording: Recording) -> dict[str, dict[str, Any]]:
    """Bodies by the dashboards' names."""
    return {
        str(resource.inputs["dashboardName"]): json.loads(resource.inputs["dashboardBody"])
        for resource in recording.of_type(TYPE)
    }


def picture(title: str, body: Mapping[str, Any]) -> str:
    """One SVG: every widget in its place with its title, lines and threshold."""
    widgets: Sequence[Mapping[str, Any]] = body["widgets"]
    height = max((widget["y"] + widget["height"] for widget in widgets), default=1)
    size = (COLUMNS * CELL_WIDTH + 2 * MARGIN, height * CELL_HEIGHT + 3 * MARGIN)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{size[0]}" height="{size[1]}" fill="#f2f3f3"/>',
        _text(MARGIN, MARGIN, title, weight="bold", size=14),
    ]
    for widget in widgets:
        parts += _widget(widget)
    return "\n".join([*parts, "</svg>", ""])


def _widget(widget: Mapping[str, Any]) -> list[str]:
    x = MARGIN + widget["x"] * CELL_WIDTH
    y = MARGIN * 2 + widget["y"] * CELL_HEIGHT
    width, height = widget["width"] * CELL_WIDTH, widget["height"] * CELL_HEIGHT
    properties: Mapping[str, Any] = widget["properties"]
    if widget["type"] == "text":
        return _markdown(properties["markdown"], x, y)
    parts = [
        f'<rect x="{x + 3}" y="{y + 3}" width="{width - 6}" height="{height - 6}" fill="#ffffff" '
        'stroke="#d5dbdb"/>',
        _text(x + 12, y + 20, _cut(properties.get("title", ""), width - 20), weight="bold"),
    ]
    if widget["type"] == "alarm":
        return [*parts, *_states(_alarm_names(properties["alarms"]), x, y, width, height)]
    return [*parts, *_chart(properties, x, y, width, height)]


def _alarm_names(arns: Sequence[str]) -> list[str]:
    """As the stack file calls them: without the system and environment that all begin with."""
    names = [arn.rpartition(":")[2] for arn in arns]
    if len(names) < 2:
        return names
    same = [one == other for one, other in zip(min(names), max(names), strict=False)]
    length = same.index(False) if False in same else len(same)
    shared = names[0][:length].rpartition("-")
    return [name.removeprefix(shared[0] + shared[1]) for name in names]


def _states(alarms: Sequence[str], x: int, y: int, width: int, height: int) -> list[str]:
    parts: list[str] = []
    across = max(1, width // 240)
    rows = max(1, (height - 40) // LINE_HEIGHT)
    for number, name in enumerate(alarms[: across * rows]):
        column, row = number % across, number // across
        left, top = x + 12 + column * 240, y + 38 + row * LINE_HEIGHT
        parts.append(f'<rect x="{left}" y="{top - 9}" width="9" height="9" fill="#1d8102"/>')
        parts.append(_text(left + 14, top, _cut(name, 218)))
    left_out = len(alarms) - across * rows
    if left_out > 0:
        parts.append(_text(x + width - 90, y + 20, f"and {left_out} more"))
    return parts


def _markdown(text: str, x: int, y: int) -> list[str]:
    """Headings large, links by what they are called."""
    parts: list[str] = []
    baseline = y + 24
    for line in text.splitlines():
        heading = line.startswith("#")
        plain = LINK.sub(r"\1", line.lstrip("# "))
        size = 15 if heading else 11
        parts.append(
            _text(x + 8, baseline, plain, weight="bold" if heading else "normal", size=size)
        )
        baseline += 24
    return parts


def _chart(properties: Mapping[str, Any], x: int, y: int, width: int, height: int) -> list[str]:
    lines: Sequence[Sequence[Any]] = properties.get("metrics", ())
    shown = [metric_line for metric_line in lines if _options(metric_line).get("visible", True)]
    rows = min(len(shown), LEGEND_ROWS)
    top, bottom = y + 40, y + height - 14 - LINE_HEIGHT * rows
    left, right = x + 40, x + width - 12
    parts = [
        f'<line x1="{left}" y1="{bottom}" x2="{right}" y2="{bottom}" stroke="#aab7b8"/>',
        f'<line x1="{left}" y1="{top}" x2="{left}" y2="{bottom}" stroke="#aab7b8"/>',
        _text(x + 12, top - 5, properties.get("yAxis", {}).get("left", {}).get("label", "")),
    ]
    thresholds: Sequence[Mapping[str, Any]] = properties.get("annotations", {}).get(
        "horizontal", ()
    )
    above = sorted((e for e in thresholds if not _is_floor(e)), key=_value, reverse=True)
    below = sorted((e for e in thresholds if _is_floor(e)), key=_value)
    ceiling = top + THRESHOLD_STEP * len(above)
    floor = bottom - THRESHOLD_STEP * len(below)
    for number, line in enumerate(shown):
        colour = COLOURS[number % len(COLOURS)]
        level = floor - (floor - ceiling) * (number + 1) // (len(shown) + 2)
        wave = " ".join(
            f"{left + step * (right - left) // 8},{level + (4 if step % 2 else -4)}"
            for step in range(9)
        )
        parts.append(f'<polyline points="{wave}" fill="none" stroke="{colour}"/>')
        if number < rows:
            label = bottom + LINE_HEIGHT * (number + 1)
            parts.append(
                f'<rect x="{x + 12}" y="{label - 8}" width="9" height="9" fill="{colour}"/>'
            )
            more = f", and {len(shown) - rows} more" if number == rows - 1 < len(shown) - 1 else ""
            parts.append(_text(x + 26, label, _cut(_label(line) + more, width - 40)))
    levels = [
        *((value, top + THRESHOLD_STEP * number + 8) for number, value in enumerate(above)),
        *((value, bottom - THRESHOLD_STEP * number - 5) for number, value in enumerate(below)),
    ]
    for limit, level in levels:
        parts.append(
            f'<line x1="{left}" y1="{level}" x2="{right}" y2="{level}" stroke="{limit["color"]}" '
            'stroke-dasharray="5 3"/>'
        )
        text = _cut(f"{limit['label']} {_short(_value(limit))}", right - left)
        parts.append(_text(right, level - 3, text, anchor="end"))
    return parts


def _value(annotation: Mapping[str, Any]) -> float:
    return float(annotation["value"])


def _is_floor(annotation: Mapping[str, Any]) -> bool:
    """Whether what lies under it is bad: it stands under the lines, and others over them."""
    return annotation.get("fill") == "below"


def _short(value: float) -> str:
    """`10.7 G` for 10737418240, as CloudWatch writes numbers on an axis."""
    for exponent, letter in PREFIXES:
        if abs(value) >= max(10**exponent, 10_000):
            return f"{value / 10**exponent:.3g} {letter}"
    return f"{value:g}"


def _options(line: Sequence[Any]) -> Mapping[str, Any]:
    last = line[-1]
    return cast("Mapping[str, Any]", last) if isinstance(last, dict) else {}


def _label(line: Sequence[Any]) -> str:
    options = _options(line)
    return str(options.get("label") or options.get("expression") or line[1])


def _cut(text: str, pixels: float) -> str:
    most = int(pixels / CHARACTER)
    return text if len(text) <= most else text[: max(1, most - 1)] + "…"


def _text(
    x: float, y: float, text: str, *, weight: str = "normal", size: int = 11, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-weight="{weight}" font-size="{size}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )
