"""Dashboard widgets of a table."""

from __future__ import annotations

from components.contracts import MetricQuery, WidgetSpec
from components.table.alarms import MINUTE, NAMESPACE, THROTTLES

SECTION = "Tables"

CAPACITY = ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")
LATENCY_OPERATIONS = ("GetItem", "PutItem", "Query")


def table_widgets(label: str, table_name: str) -> tuple[WidgetSpec, ...]:
    """Capacity used, throttled requests and latency."""
    own = {"TableName": table_name}
    latency = [(each, {**own, "Operation": each}) for each in LATENCY_OPERATIONS]
    return (
        _chart(f"{label}: capacity used", [(each, each, own) for each in CAPACITY], "Sum"),
        _chart(f"{label}: throttles", [(each, each, own) for each in THROTTLES], "Sum"),
        _chart(
            f"{label}: latency",
            [(each, "SuccessfulRequestLatency", dims) for each, dims in latency],
            "Average",
            unit="ms",
        ),
    )


def _chart(
    title: str, lines: list[tuple[str, str, dict[str, str]]], statistic: str, unit: str = ""
) -> WidgetSpec:
    return WidgetSpec(
        title=title,
        section=SECTION,
        metrics=tuple(
            MetricQuery(
                id=f"m{number}",
                namespace=NAMESPACE,
                name=metric,
                dimensions=dimensions,
                statistic=statistic,
                period=MINUTE,
                label=label,
            )
            for number, (label, metric, dimensions) in enumerate(lines, 1)
        ),
        unit=unit,
    )
