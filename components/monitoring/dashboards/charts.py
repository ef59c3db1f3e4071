"""The stack file's own charts as widgets."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

import pulumi

from components.contracts import MetricQuery, WidgetSpec
from components.monitoring.alarms.custom import Metric
from components.monitoring.dashboards.settings import ChartSettings, DashboardSettings, LineSettings

ACRONYMS = {"ai": "AI", "api": "API", "cpu": "CPU", "http": "HTTP", "sms": "SMS", "sql": "SQL"}
"""Words of a section's key that are not written as they are spelt."""


def charts_of(settings: DashboardSettings, metrics: Mapping[str, Metric]) -> list[WidgetSpec]:
    """The widgets of one dashboard, section by section in the order of their keys.

    Raises:
        pulumi.RunError: a line names a metric that is nowhere.
    """
    return [
        WidgetSpec(
            title=chart.title,
            section=_title(section),
            metrics=tuple(
                query
                for number, line in enumerate(chart.lines, 1)
                for query in _line(number, line, chart, metrics)
            ),
            unit=chart.unit,
            threshold=chart.threshold,
            stacked=chart.stacked,
            width=chart.width,
            height=chart.height,
            text=chart.text or "",
        )
        for section, charts in settings.sections.items()
        for chart in charts
    ]


def _title(section: str) -> str:
    """`ai-use-and-cost` as `AI use and cost`."""
    words = [ACRONYMS.get(word, word) for word in section.split("-")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def _line(
    number: int, line: LineSettings, chart: ChartSettings, metrics: Mapping[str, Metric]
) -> list[MetricQuery]:
    """The line, after the hidden terms it is made of where it is an expression."""
    if line.metric is not None:
        label = line.label or f"{line.metric} {line.statistic}"
        return [_measured(f"m{number}", line.metric, line.statistic, chart, metrics, label)]
    # Two lines of a chart may call different metrics by one name.
    expression = line.expression or ""
    terms: list[MetricQuery] = []
    for name, term in line.terms.items():
        id_ = f"m{number}_{name}"
        expression = _renamed(expression, name, id_)
        terms.append(_measured(id_, term.metric, term.statistic, chart, metrics, name, shown=False))
    label = line.label or line.expression
    return [*terms, MetricQuery(id=f"m{number}", expression=expression, label=label)]


def _measured(
    id_: str,
    metric: str,
    statistic: str,
    chart: ChartSettings,
    metrics: Mapping[str, Metric],
    label: str,
    *,
    shown: bool = True,
) -> MetricQuery:
    found = metrics.get(metric)
    if found is None:
        near = difflib.get_close_matches(metric, metrics, 1)
        raise pulumi.RunError(
            f"monitoring.dashboards, {chart.title!r}: found the metric {metric!r}; allowed "
            "is a key under monitoring.metrics, or <log>-<metric> of a log group's"
            + (f"; nearest is {near[0]}" if near else "")
        )
    return MetricQuery(
        id=id_,
        namespace=found.namespace,
        name=found.name,
        dimensions=found.dimensions,
        statistic=statistic,
        period=chart.period,
        label=label,
        returns=shown,
    )


def _renamed(expression: str, name: str, id_: str) -> str:
    """The expression with a whole word replaced."""
    return re.sub(rf"\b{re.escape(name)}\b", id_, expression)
