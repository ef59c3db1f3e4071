"""One alarm as a row: what it measures, when it fires, what it says. All tiers' alarms read so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi

from components.contracts import AlarmSpec, MetricQuery, Severity

Missing = Literal["breaching", "notBreaching", "ignore", "missing"]
Comparison = Literal[
    "GreaterThanThreshold",
    "GreaterThanOrEqualToThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
]


@dataclass(frozen=True)
class AlarmText:
    """What whoever is told reads."""

    title: str
    meaning: str
    action: str


@dataclass(frozen=True)
class Limit:
    """When an alarm fires."""

    value: float
    periods: int = 1
    """All of so many must be beyond the value."""
    missing: Missing = "notBreaching"
    """What a period without data counts as."""
    comparison: Comparison = "GreaterThanThreshold"
    datapoints: int | None = None
    """So many of the periods, instead of all."""


def alarm(
    name: str,
    text: AlarmText,
    metrics: MetricQuery | tuple[MetricQuery, ...],
    limit: Limit,
    *,
    parent: str,
    severity: Severity = Severity.NOTIFY,
    region: str | None = None,
) -> AlarmSpec:
    """The row as an AlarmSpec."""
    return AlarmSpec(
        name=name,
        title=text.title,
        meaning=text.meaning,
        action=text.action,
        severity=severity,
        metrics=metrics if isinstance(metrics, tuple) else (metrics,),
        threshold=limit.value,
        comparison=limit.comparison,
        evaluation_periods=limit.periods,
        datapoints_to_alarm=limit.datapoints or limit.periods,
        missing_data=limit.missing,
        parent=parent,
        region=region,
    )


ANY_AT_ALL = Limit(0)
"""A single one of what is counted, in one period; no data is none."""


def measured(
    namespace: str,
    name: str,
    dimensions: Mapping[str, pulumi.Input[str]],
    statistic: str = "Average",
    period: int = 60,
    *,
    id_: str = "m1",
    shown: bool = True,
) -> MetricQuery:
    """One metric of an alarm.

    Args:
        period: seconds.
        shown: whether the alarm looks at it, and not at an expression over it.
    """
    return MetricQuery(id_, namespace, name, dimensions, statistic, period, returns=shown)


def enough(value: str, samples: str, least: int, label: str) -> MetricQuery:
    """A metric that counts only where there are enough samples, by their ids; else it is 0."""
    expression = f"IF({samples} >= {least}, {value}, 0)"
    return MetricQuery(id="enough", expression=expression, label=label)
