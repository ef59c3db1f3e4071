"""Charts of one kind of metric as data: a line for each metric or resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.contracts import MetricQuery, WidgetSpec

MINUTE = 60
"""Seconds."""


@dataclass(frozen=True)
class Line:
    """One line of a chart."""

    label: str
    metric: str
    dimensions: Mapping[str, pulumi.Input[str]]


def chart(
    title: str,
    section: str,
    namespace: str,
    lines: Sequence[Line],
    *,
    statistic: str,
    unit: str = "",
    threshold: float | None = None,
) -> WidgetSpec:
    """A chart whose lines are of one namespace and statistic, a value a minute."""
    return WidgetSpec(
        title=title,
        section=section,
        metrics=tuple(
            MetricQuery(
                id=f"m{number}",
                namespace=namespace,
                name=line.metric,
                dimensions=line.dimensions,
                statistic=statistic,
                period=MINUTE,
                label=line.label,
            )
            for number, line in enumerate(lines, 1)
        ),
        unit=unit,
        threshold=threshold,
    )
