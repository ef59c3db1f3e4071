"""Dashboard widgets of a cache."""

from __future__ import annotations

from collections.abc import Sequence

from components.cache.alarms import CPU_PERCENT, MEMORY_PERCENT, NAMESPACE
from components.contracts import WidgetSpec
from components.parts.chart import Line
from components.parts.chart import chart as chart_of

SECTION = "Caches"

MOST_LINES = 60
"""Lines of one chart: a large cluster shows its first nodes."""


def chart(
    title: str,
    nodes: Sequence[str],
    name: str,
    *,
    statistic: str = "Average",
    unit: str = "",
    threshold: float | None = None,
) -> WidgetSpec:
    """One metric, a line a node."""
    lines = [Line(node, name, {"CacheClusterId": node}) for node in nodes[:MOST_LINES]]
    return chart_of(
        title, SECTION, NAMESPACE, lines, statistic=statistic, unit=unit, threshold=threshold
    )


def cache_widgets(label: str, nodes: Sequence[str], replicated: bool) -> tuple[WidgetSpec, ...]:
    """Hit rate, evictions, processor, memory, connections, and the replicas' delay."""
    lag = chart(f"{label}: replica lag", nodes, "ReplicationLag", unit="s")
    return (
        chart(f"{label}: hit rate", nodes, "CacheHitRate", unit="%"),
        chart(f"{label}: evictions", nodes, "Evictions", statistic="Sum", threshold=0),
        chart(f"{label}: CPU", nodes, "EngineCPUUtilization", unit="%", threshold=CPU_PERCENT),
        chart(
            f"{label}: memory",
            nodes,
            "DatabaseMemoryUsagePercentage",
            unit="%",
            threshold=MEMORY_PERCENT,
        ),
        chart(f"{label}: connections", nodes, "CurrConnections", statistic="Maximum"),
        *((lag,) if replicated else ()),
    )
