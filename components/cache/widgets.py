"""Dashboard widgets of a cache."""

from __future__ import annotations

from collections.abc import Sequence

from components.cache.alarms import CPU_PERCENT, MEMORY_PERCENT, MINUTE, NAMESPACE
from components.contracts import MetricQuery, WidgetSpec

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
    return WidgetSpec(
        title=title,
        section=SECTION,
        metrics=tuple(
            MetricQuery(
                id=f"m{number}",
                namespace=NAMESPACE,
                name=name,
                dimensions={"CacheClusterId": node},
                statistic=statistic,
                period=MINUTE,
                label=node,
            )
            for number, node in enumerate(nodes[:MOST_LINES], 1)
        ),
        unit=unit,
        threshold=threshold,
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
