"""A dashboard's body, as CloudWatch takes it, from widgets in their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pulumi

from components.contracts import AccountRegion, MetricQuery, WidgetSpec
from components.monitoring.dashboards.console import log_group_url
from components.monitoring.dashboards.layout import COLUMNS, Place, Placed
from components.monitoring.dashboards.thresholds import AlarmsBySubject, Threshold, thresholds_of

PERIOD_SECONDS = 300
"""Of a line that says nothing else."""

ALARMS_SHOWN = 100
"""Of one widget ("Alarm widget object", CloudWatch API Reference, 2026-11)."""

ALARMS_ABREAST = 6
"""States that stand beside one another in a widget as wide as the dashboard."""

MOST_ALARM_ROWS = 8
"""Rows of states a widget is made for; more of them scroll."""

LETTERS_ABREAST = 200
"""Of a line of text as wide as the dashboard."""

LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
"""A link in Markdown: what is read, and its address."""

DAY = 86_400
"""Seconds."""

DAILY_RANGE = "-P14D"
"""What a chart of daily values shows, whatever the dashboard's range: hours would be empty."""

RED, GREY = "#d62728", "#7f7f7f"
"""Of a line where an alarm fires, and of a goal."""


def body_of(
    placed: Sequence[Placed],
    where: AccountRegion,
    *,
    alarms: AlarmsBySubject,
    above: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """The document ("Dashboard body structure and syntax", CloudWatch API Reference, 2026-11).

    Every chart keeps its own period: the sum of an hour is another number than the sum of a minute,
    and thresholds are drawn for one of them.

    Args:
        alarms: whose thresholds are drawn on the charts of what they look at.
        above: widgets that stand over the placed ones (`links_row`, `alarm_rows`).
    """
    widgets = [_widget(widget, where, alarms) for widget in placed]
    return {"periodOverride": "inherit", "widgets": [*above, *widgets]}


def links_row(markdown: str, top: int) -> list[dict[str, Any]]:
    """A paragraph of links as wide as the dashboard, as high as what is read of them needs."""
    height = 1 + len(LINK.sub(r"\1", markdown)) // LETTERS_ABREAST
    frame = _frame(Place(0, top, COLUMNS, height))
    return [{"type": "text", **frame, "properties": _text(markdown)}]


def alarm_rows(alarms: Sequence[pulumi.Input[str]], top: int) -> list[dict[str, Any]]:
    """The states of alarms: those that fire first, in as many widgets as they need.

    Args:
        alarms: ARNs.
    """
    rows: list[dict[str, Any]] = []
    for start in range(0, len(alarms), ALARMS_SHOWN):
        shown = list(alarms[start : start + ALARMS_SHOWN])
        height = 1 + min(-(-len(shown) // ALARMS_ABREAST), MOST_ALARM_ROWS)
        rows.append(
            {
                "type": "alarm",
                **_frame(Place(0, top, COLUMNS, height)),
                "properties": {
                    "title": "Alarms",
                    "sortBy": "stateUpdatedTimestamp",
                    "alarms": shown,
                },
            }
        )
        top += height
    return rows


def height_of(widgets: Sequence[dict[str, Any]]) -> int:
    """The first free row under some widgets."""
    return max((widget["y"] + widget["height"] for widget in widgets), default=0)


def _widget(placed: Placed, where: AccountRegion, alarms: AlarmsBySubject) -> dict[str, Any]:
    frame, spec = _frame(placed.place), placed.widget
    if spec is None:
        return {"type": "text", **frame, "properties": _text(_heading(placed, where))}
    if spec.text:
        return {"type": "text", **frame, "properties": {"markdown": spec.text}}
    region = spec.region or where.region
    return {"type": "metric", **frame, "properties": _chart(spec, region, alarms)}


def _chart(spec: WidgetSpec, region: str, alarms: AlarmsBySubject) -> dict[str, Any]:
    period = next((metric.period for metric in spec.metrics if metric.period), PERIOD_SECONDS)
    properties: dict[str, Any] = {
        "title": spec.title,
        "region": region,
        "view": "timeSeries",
        "stacked": spec.stacked,
        "period": period,
        "metrics": [_line(metric) for metric in spec.metrics],
    }
    if period >= DAY:
        properties |= {"start": DAILY_RANGE, "end": "P0D"}
    if spec.unit:
        properties["yAxis"] = {"left": {"label": spec.unit, "showUnits": False}}
    lines = thresholds_of(spec, alarms)
    if lines:
        properties["annotations"] = {"horizontal": [_annotation(line) for line in lines]}
    return properties


def _annotation(threshold: Threshold) -> dict[str, Any]:
    if threshold.label == "goal":
        return {"label": threshold.label, "value": threshold.value, "color": GREY}
    return {
        "label": threshold.label,
        "value": threshold.value,
        "color": RED,
        "fill": "below" if threshold.below else "above",
    }


def _heading(placed: Placed, where: AccountRegion) -> str:
    if not placed.log_groups:
        return f"## {placed.heading}"
    links = " · ".join(f"[{group}]({log_group_url(group, where)})" for group in placed.log_groups)
    return f"## {placed.heading}\nLogs: {links}"


def _text(markdown: str) -> dict[str, Any]:
    return {"markdown": markdown, "background": "transparent"}


def _frame(place: Place) -> dict[str, Any]:
    return {"x": place.x, "y": place.y, "width": place.width, "height": place.height}


def _line(query: MetricQuery) -> list[Any]:
    options: dict[str, Any] = {"id": query.id}
    if query.label:
        options["label"] = query.label
    if not query.returns:
        options["visible"] = False
    if query.expression is not None:
        return [{"expression": query.expression, **options}]
    if query.statistic:
        options["stat"] = query.statistic
    if query.period:
        options["period"] = query.period
    dimensions = [part for pair in query.dimensions.items() for part in pair]
    return [query.namespace, query.name, *dimensions, options]
