"""The stack file's own charts as widgets."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import pulumi

from components.contracts import MetricQuery, WidgetSpec
from components.monitoring.custom import Metric
from components.monitoring.dashboard_settings import ChartSettings, DashboardSettings, LineSettings


def charts_of(settings: DashboardSettings, metrics: Mapping[str, Metric]) -> list[WidgetSpec]:
    """The widgets of one dashboard, in order.

    Raises:
        pulumi.RunError: a line names a metric that is nowhere.
    """
    return [
        WidgetSpec(
            title=chart.title,
            section=section.replace("-", " ").capitalize(),
            metrics=tuple(
                _line(number, line, chart, metrics) for number, line in enumerate(chart.lines, 1)
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


def _line(
    number: int, line: LineSettings, chart: ChartSettings, metrics: Mapping[str, Metric]
) -> MetricQuery:
    found = metrics.get(line.metric)
    if found is None:
        near = difflib.get_close_matches(line.metric, metrics, 1)
        raise pulumi.RunError(
            f"monitoring.dashboards, {chart.title!r}: found the metric {line.metric!r}; allowed "
            "is a key under monitoring.metrics, or <log>-<metric> of a log group's"
            + (f"; nearest is {near[0]}" if near else "")
        )
    return MetricQuery(
        id=f"m{number}",
        namespace=found.namespace,
        name=found.name,
        dimensions=found.dimensions,
        statistic=line.statistic,
        period=chart.period,
        label=line.label or f"{line.metric} {line.statistic}",
    )
