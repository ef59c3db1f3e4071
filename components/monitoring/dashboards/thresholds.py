"""Where alarms fire, drawn on the charts of what they look at."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
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


Subject = Hashable
"""What a line shows: a metric with its dimensions, or an expression."""

AlarmsBySubject = Mapping[Subject, Sequence[tuple[int, AlarmSpec]]]
"""Alarms that have a fixed limit by all they look at, each with its place among all alarms."""


def by_subject(alarms: Sequence[AlarmSpec]) -> AlarmsBySubject:
    """The alarms, so that a chart need not be held against each of them."""
    found: dict[Subject, list[tuple[int, AlarmSpec]]] = {}
    for place, alarm in enumerate(alarms):
        if alarm.comparison not in BANDS:
            for subject in dict.fromkeys(map(_subject, alarm.metrics)):
                found.setdefault(subject, []).append((place, alarm))
    return found


def thresholds_of(widget: WidgetSpec, alarms: AlarmsBySubject) -> tuple[Threshold, ...]:
    """The alarms on a chart's lines, as the stack file has them; else the producer's own goal.

    An alarm belongs to a chart that shows what it looks at: the same metric, and where values add
    up (`Sum`, `SampleCount`) by the same statistic over the same period. What compares with an
    anomaly band has no line.
    """
    near = dict(pair for metric in widget.metrics for pair in alarms.get(_subject(metric), ()))
    found = [
        Threshold(threshold.name, threshold.threshold, threshold.comparison.startswith("LessThan"))
        for _, threshold in sorted(near.items(), key=lambda pair: pair[0])
        if _shows(widget, threshold)
    ]
    if not found and widget.threshold is not None:
        return (Threshold("goal", widget.threshold),)
    lines: dict[tuple[float, bool], list[str]] = {}
    for threshold in found:
        lines.setdefault((threshold.value, threshold.below), []).append(threshold.label)
    return tuple(
        Threshold(names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more", *at)
        for at, names in lines.items()
    )


def _shows(widget: WidgetSpec, alarm: AlarmSpec) -> bool:
    """Whether the chart has a line of what the alarm looks at."""
    if widget.region != alarm.region:
        return False
    looked_at = next((metric for metric in alarm.metrics if metric.returns), None)
    if looked_at is None:
        return False
    lines = [metric for metric in widget.metrics if metric.expression is None]
    if looked_at.expression is None:
        return any(_same(looked_at, line) and line.returns for line in lines)
    terms = [metric for metric in alarm.metrics if metric.expression is None]
    expression = looked_at.expression
    enough = ENOUGH.match(expression)
    if enough is not None:
        terms = [query for query in terms if query.id == enough.group(1)]
    any_of_them = expression.startswith(TOTAL) and alarm.threshold == 0
    if enough or any_of_them or expression.startswith(EXTREMES):
        return bool(terms) and all(any(_same(term, line) for line in lines) for term in terms)
    return any(metric.expression == expression for metric in widget.metrics) and all(
        any(term.id == line.id and _same(term, line) for line in lines) for term in terms
    )


def _same(one: MetricQuery, other: MetricQuery) -> bool:
    """One metric, measured so that its numbers can be compared."""
    added_up = {one.statistic, other.statistic} & {*ADDED_UP}
    comparable = not added_up or (one.statistic, one.period) == (other.statistic, other.period)
    return comparable and _subject(one) == _subject(other)


def _subject(query: MetricQuery) -> Subject:
    """Dimensions by what they say; AWS's own, which are not known yet, by being one object."""
    if query.expression is not None:
        return query.expression
    dimensions = frozenset(
        (name, value if isinstance(value, str) else id(value))
        for name, value in query.dimensions.items()
    )
    return (query.namespace, query.name, dimensions)
