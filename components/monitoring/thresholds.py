"""Where alarms fire, drawn on the charts of what they look at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.contracts import AlarmSpec, MetricQuery, WidgetSpec

BANDS = (
    "GreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
)
"""Comparisons with an anomaly band, which has no fixed value."""

ADDED_UP = ("Sum", "SampleCount")
"""Statistics that are more over a longer period."""

EXTREMES = ("MAX(", "MIN(")
"""Expressions over several lines that have the value of one of them."""

TOTAL = "SUM("
"""An expression over several lines that is above 0 as soon as one of them is."""

ENOUGH = re.compile(r"^IF\(\w+ >= [\d.]+, (\w+), 0\)$")
"""An expression that has the value of a line wherever it was measured often enough."""


@dataclass(frozen=True)
class Threshold:
    """A line across a chart."""

    label: str
    value: float
    below: bool = False
    """Whether what lies under it is bad, and not what lies above."""


def thresholds_of(widget: WidgetSpec, alarms: Sequence[AlarmSpec]) -> tuple[Threshold, ...]:
    """The alarms on a chart's lines, as the stack file has them; else the producer's own goal.

    An alarm belongs to a chart that shows what it looks at: the same metric, and where values add
    up (`Sum`, `SampleCount`) by the same statistic over the same period. What compares with an
    anomaly band has no line.
    """
    found = [
        Threshold(each.name, each.threshold, each.comparison.startswith("LessThan"))
        for each in alarms
        if each.comparison not in BANDS and _shows(widget, each)
    ]
    if not found and widget.threshold is not None:
        return (Threshold("goal", widget.threshold),)
    lines: dict[tuple[float, bool], list[str]] = {}
    for each in found:
        lines.setdefault((each.value, each.below), []).append(each.label)
    return tuple(
        Threshold(names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more", *at)
        for at, names in lines.items()
    )


def _shows(widget: WidgetSpec, alarm: AlarmSpec) -> bool:
    """Whether the chart has a line of what the alarm looks at."""
    if widget.region != alarm.region:
        return False
    looked_at = next((each for each in alarm.metrics if each.returns), None)
    if looked_at is None:
        return False
    lines = [each for each in widget.metrics if each.expression is None]
    if looked_at.expression is None:
        return any(_same(looked_at, each) and each.returns for each in lines)
    terms = [each for each in alarm.metrics if each.expression is None]
    expression = looked_at.expression
    enough = ENOUGH.match(expression)
    if enough is not None:
        terms = [each for each in terms if each.id == enough.group(1)]
    any_of_them = expression.startswith(TOTAL) and alarm.threshold == 0
    if enough or any_of_them or expression.startswith(EXTREMES):
        return bool(terms) and all(any(_same(term, each) for each in lines) for term in terms)
    return any(each.expression == expression for each in widget.metrics) and all(
        any(term.id == each.id and _same(term, each) for each in lines) for term in terms
    )


def _same(one: MetricQuery, other: MetricQuery) -> bool:
    """One metric, measured so that its numbers can be compared."""
    added_up = {one.statistic, other.statistic} & {*ADDED_UP}
    comparable = not added_up or (one.statistic, one.period) == (other.statistic, other.period)
    return (
        comparable
        and (one.namespace, one.name) == (other.namespace, other.name)
        and _same_dimensions(one.dimensions, other.dimensions)
    )


def _same_dimensions(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Plain values by what they say; AWS's own, which are not known yet, by being one object."""
    if one.keys() != other.keys():
        return False
    return all(
        value is other[key]
        or (isinstance(value, str) and isinstance(other[key], str) and value == other[key])
        for key, value in one.items()
    )
