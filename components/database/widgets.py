"""Dashboard widgets of a database."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.contracts import WidgetSpec
from components.database.alarms import CPU_PERCENT, NAMESPACE
from components.parts.chart import Line
from components.parts.chart import chart as chart_of

SECTION = "Databases"

Servers = Mapping[str, Mapping[str, pulumi.Input[str]]]
"""Label of a line to the dimensions of its metric."""


def chart(
    title: str,
    servers: Servers,
    *names: str,
    statistic: str = "Average",
    unit: str = "",
    threshold: float | None = None,
) -> WidgetSpec:
    """One chart: each metric of each server is a line."""
    lines = [
        Line(label if len(names) == 1 else f"{label} {name}", name, dimensions)
        for label, dimensions in servers.items()
        for name in names
    ]
    return chart_of(
        title, SECTION, NAMESPACE, lines, statistic=statistic, unit=unit, threshold=threshold
    )


def server_widgets(
    label: str, servers: Servers, connections: int, *, insights: bool
) -> tuple[WidgetSpec, ...]:
    """What every kind of database shows: processor, connections, queries, disk latency, IOPS.

    Args:
        connections: how many an alarm allows.
        insights: whether Performance Insights measures the load: sessions that run or wait for a
            query, which is how slow queries show ("DBLoad", Amazon RDS User Guide, 2026-11).
    """
    load = (chart(f"{label}: sessions in queries", servers, "DBLoad"),)
    return (
        chart(f"{label}: CPU", servers, "CPUUtilization", unit="%", threshold=CPU_PERCENT),
        chart(
            f"{label}: connections",
            servers,
            "DatabaseConnections",
            statistic="Maximum",
            threshold=connections,
        ),
        *(load if insights else ()),
        chart(f"{label}: disk latency", servers, "ReadLatency", "WriteLatency", unit="s"),
        chart(f"{label}: IOPS", servers, "ReadIOPS", "WriteIOPS", unit="1/s"),
    )
