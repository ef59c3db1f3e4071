"""Alarms of a Lambda function of our own, as data: its errors, and events it was given up on."""

from __future__ import annotations

from components.contracts import AlarmSpec, MetricQuery
from components.parts.alarm import ANY_AT_ALL, AlarmText, alarm

PERIOD_SECONDS = 300


def function_alarms(
    name: str,
    function: str,
    *,
    title: str,
    meaning: str,
    action: str,
    parent: str,
    dead_letters: str | None = None,
) -> tuple[AlarmSpec, ...]:
    """One alarm on errors, and one on dead letters where events call the function.

    Args:
        name: what the alarms' names begin with.
        function: physical name.
        dead_letters: physical name of its dead-letter queue.
    """
    errors = MetricQuery(
        id="errors",
        namespace="AWS/Lambda",
        name="Errors",
        dimensions={"FunctionName": function},
        statistic="Sum",
        period=PERIOD_SECONDS,
    )
    found = [any_at_all(f"{name}-errors", title, meaning, action, errors, parent)]
    if dead_letters is not None:
        dead = MetricQuery(
            id="dead",
            namespace="AWS/SQS",
            name="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": dead_letters},
            statistic="Maximum",
            period=PERIOD_SECONDS,
        )
        given_up = f"{title}, and Lambda gave up"
        found.append(any_at_all(f"{name}-dead-letters", given_up, meaning, action, dead, parent))
    return tuple(found)


def any_at_all(
    name: str, title: str, meaning: str, action: str, metric: MetricQuery, parent: str
) -> AlarmSpec:
    """An alarm that notifies of a single one of what `metric` counts."""
    return alarm(name, AlarmText(title, meaning, action), metric, ANY_AT_ALL, parent=parent)
