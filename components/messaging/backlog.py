"""Alarms and widgets of a queue, as data."""

from __future__ import annotations

from components.contracts import AlarmSpec, MetricQuery, Severity, WidgetSpec

NAMESPACE = "AWS/SQS"


def queue_alarms(
    name: str, physical_name: str, dead_name: str | None, oldest_minutes: int | None
) -> tuple[AlarmSpec, ...]:
    """Dead letters where there is a queue for them, and old messages where a limit is set.

    Args:
        name: the stack file's key.
        dead_name: physical name of the dead-letter queue, None without one.
        oldest_minutes: age that is too old, None for no alarm.
    """
    found: list[AlarmSpec] = []
    if dead_name is not None:
        found.append(
            AlarmSpec(
                name=f"{name}-dead-letters",
                title=f"Queue {name}: messages nobody could process",
                meaning="A consumer gave up on messages; they wait in the dead-letter queue.",
                action="Read one there and the consumer's log of its time; mend the cause, then "
                "redrive them with `aws sqs start-message-move-task`.",
                severity=Severity.NOTIFY,
                metrics=(_metric("dead", "ApproximateNumberOfMessagesVisible", dead_name),),
                threshold=0,
                comparison="GreaterThanThreshold",
                evaluation_periods=1,
                datapoints_to_alarm=1,
                missing_data="notBreaching",
                parent=f"queue-{name}",
            )
        )
    if oldest_minutes is not None:
        found.append(
            AlarmSpec(
                name=f"{name}-oldest-message",
                title=f"Queue {name}: work is waiting",
                meaning=f"The oldest message has waited more than {oldest_minutes} minutes.",
                action="See whether consumers run and keep up; scale them out or look for one "
                "message that fails again and again.",
                severity=Severity.NOTIFY,
                metrics=(_metric("age", "ApproximateAgeOfOldestMessage", physical_name),),
                threshold=oldest_minutes * 60,
                comparison="GreaterThanThreshold",
                evaluation_periods=3,
                datapoints_to_alarm=3,
                missing_data="notBreaching",
                parent=f"queue-{name}",
            )
        )
    return tuple(found)


def queue_widgets(name: str, physical_name: str, dead_name: str | None) -> tuple[WidgetSpec, ...]:
    """How deep, how old, and what failed."""
    depth = [
        _metric("visible", "ApproximateNumberOfMessagesVisible", physical_name, "waiting"),
        _metric("hidden", "ApproximateNumberOfMessagesNotVisible", physical_name, "in work"),
    ]
    if dead_name is not None:
        depth.append(_metric("dead", "ApproximateNumberOfMessagesVisible", dead_name, "dead"))
    age = _metric("age", "ApproximateAgeOfOldestMessage", physical_name, "oldest")
    return (
        WidgetSpec(f"{name}: messages", "Queues", tuple(depth)),
        WidgetSpec(f"{name}: age of the oldest message", "Queues", (age,), unit="Seconds"),
    )


def _metric(id_: str, metric: str, queue: str, label: str | None = None) -> MetricQuery:
    return MetricQuery(
        id=id_,
        namespace=NAMESPACE,
        name=metric,
        dimensions={"QueueName": queue},
        statistic="Maximum",
        period=60,
        label=label,
    )
