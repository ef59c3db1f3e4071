"""Alarms of a table: throttled requests, and requests that DynamoDB itself fails."""

from __future__ import annotations

from collections.abc import Sequence

from components.contracts import AlarmSpec, MetricQuery, Severity

NAMESPACE = "AWS/DynamoDB"
MINUTE = 60
"""Seconds."""

OPERATIONS = (
    "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem",
    "BatchWriteItem",
)  # fmt: skip
"""DynamoDB counts errors by table and operation ("DynamoDB metrics and dimensions", 2026-11)."""

THROTTLES = ("ReadThrottleEvents", "WriteThrottleEvents")


def table_alarms(name: str, table_name: str, indexes: Sequence[str]) -> tuple[AlarmSpec, ...]:
    """Throttles of the table, of each global index, and system errors."""
    producer = f"table-{name}"
    return (
        _throttles(producer, producer, {"TableName": table_name}),
        *(
            _throttles(
                producer,
                f"{producer}-{index}",
                {"TableName": table_name, "GlobalSecondaryIndexName": index},
            )
            for index in indexes
        ),
        _system_errors(producer, table_name),
    )


def _throttles(producer: str, label: str, dimensions: dict[str, str]) -> AlarmSpec:
    return AlarmSpec(
        name=f"{label}-throttles",
        title=f"{label}: requests are throttled",
        meaning="Reads or writes were refused for lack of capacity, five minutes on end.",
        action="Look for one hot key first; then raise the capacity's `max`, or go on demand.",
        severity=Severity.NOTIFY,
        metrics=(
            MetricQuery(id="throttles", expression="FILL(m1, 0) + FILL(m2, 0)", label="throttles"),
            *(
                MetricQuery(
                    id=f"m{number}",
                    namespace=NAMESPACE,
                    name=metric,
                    dimensions=dimensions,
                    statistic="Sum",
                    period=MINUTE,
                    returns=False,
                )
                for number, metric in enumerate(THROTTLES, 1)
            ),
        ),
        threshold=0,
        comparison="GreaterThanThreshold",
        evaluation_periods=5,
        datapoints_to_alarm=5,
        missing_data="notBreaching",
        parent=producer,
    )


def _system_errors(producer: str, table_name: str) -> AlarmSpec:
    terms = " + ".join(f"FILL(m{number}, 0)" for number in range(1, len(OPERATIONS) + 1))
    return AlarmSpec(
        name=f"{producer}-errors",
        title=f"{producer}: DynamoDB fails requests",
        meaning="DynamoDB answered with errors of its own for five minutes.",
        action="Look at the AWS Health Dashboard; clients that retry usually carry it over.",
        severity=Severity.NOTIFY,
        metrics=(
            MetricQuery(id="errors", expression=terms, label="system errors"),
            *(
                MetricQuery(
                    id=f"m{number}",
                    namespace=NAMESPACE,
                    name="SystemErrors",
                    dimensions={"TableName": table_name, "Operation": operation},
                    statistic="Sum",
                    period=MINUTE,
                    returns=False,
                )
                for number, operation in enumerate(OPERATIONS, 1)
            ),
        ),
        threshold=0,
        comparison="GreaterThanThreshold",
        evaluation_periods=5,
        datapoints_to_alarm=5,
        missing_data="notBreaching",
        parent=producer,
    )
