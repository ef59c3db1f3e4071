"""Dashboard widgets of a table."""

from __future__ import annotations

from components.contracts import WidgetSpec
from components.parts.chart import Line, chart
from components.table.alarms import NAMESPACE, THROTTLES

SECTION = "Tables"

CAPACITY = ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")
LATENCY_OPERATIONS = ("GetItem", "PutItem", "Query")


def table_widgets(label: str, table_name: str) -> tuple[WidgetSpec, ...]:
    """Capacity used, throttled requests and latency."""
    own = {"TableName": table_name}
    used = [Line(metric, metric, own) for metric in CAPACITY]
    throttled = [Line(metric, metric, own) for metric in THROTTLES]
    latency = [
        Line(operation, "SuccessfulRequestLatency", {**own, "Operation": operation})
        for operation in LATENCY_OPERATIONS
    ]
    return (
        chart(f"{label}: capacity used", SECTION, NAMESPACE, used, statistic="Sum"),
        chart(f"{label}: throttles", SECTION, NAMESPACE, throttled, statistic="Sum"),
        chart(f"{label}: latency", SECTION, NAMESPACE, latency, statistic="Average", unit="ms"),
    )
