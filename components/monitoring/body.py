"""A dashboard's body, as CloudWatch takes it, from widgets in their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from components.contracts import MetricQuery
from components.monitoring.layout import COLUMNS, Placed

PERIOD_SECONDS = 300
"""Of a line that says nothing else."""


ALARMS_SHOWN = 100
"""Of one widget ("Alarm widget object", CloudWatch API Reference, 2026-11)."""

ALARMS_HEIGHT = 4


def body_of(
    placed: Sequence[Placed], region: str, alarms: Sequence[pulumi.Input[str]] = ()
) -> dict[str, Any]:
    """The document ("Dashboard body structure and syntax", CloudWatch API Reference, 2026-11).

    Args:
        alarms: ARNs whose states are shown at the top, above everything else.
    """
    if not alarms:
        return {"periodOverride": "auto", "widgets": [_widget(each, region) for each in placed]}
    states: dict[str, Any] = {
        "type": "alarm",
        "x": 0,
        "y": 0,
        "width": COLUMNS,
        "height": ALARMS_HEIGHT,
        "properties": {"title": "Alarms", "alarms": list(alarms[:ALARMS_SHOWN])},
    }
    below = [_widget(each, region, down=ALARMS_HEIGHT) for each in placed]
    return {"periodOverride": "auto", "widgets": [states, *below]}


def _widget(placed: Placed, region: str, down: int = 0) -> dict[str, Any]:
    place = placed.place
    frame: dict[str, Any] = {
        "x": place.x,
        "y": place.y + down,
        "width": place.width,
        "height": place.height,
    }
    spec = placed.widget
    if spec is None:
        return {
            "type": "text",
            **frame,
            "properties": {"markdown": f"## {placed.heading}", "background": "transparent"},
        }
    if spec.text:
        return {"type": "text", **frame, "properties": {"markdown": spec.text}}
    if spec.log_query:
        sources = " | ".join(f"SOURCE '{group}'" for group in spec.log_groups)
        return {
            "type": "log",
            **frame,
            "properties": {
                "title": spec.title,
                "region": region,
                "view": "table",
                "query": f"{sources} | {spec.log_query}",
            },
        }
    properties: dict[str, Any] = {
        "title": spec.title,
        "region": region,
        "view": "timeSeries",
        "stacked": spec.stacked,
        "period": next((each.period for each in spec.metrics if each.period), PERIOD_SECONDS),
        "metrics": [_line(each) for each in spec.metrics],
    }
    if spec.unit:
        properties["yAxis"] = {"left": {"label": spec.unit, "showUnits": False}}
    if spec.threshold is not None:
        properties["annotations"] = {
            "horizontal": [{"label": "threshold", "value": spec.threshold, "color": "#d62728"}]
        }
    return {"type": "metric", **frame, "properties": properties}


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
