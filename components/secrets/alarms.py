"""Alarms of a rotation function, as data."""

from __future__ import annotations

from components.contracts import AlarmSpec, MetricQuery
from components.parts.function_alarms import any_at_all


def rotation_alarms(name: str, function: str, dead_letters: str) -> tuple[AlarmSpec, AlarmSpec]:
    """Errors, and invocations that were given up.

    Args:
        name: of the server, or `random`.
        function: the function's physical name.
        dead_letters: the physical name of its dead-letter queue.
    """
    log = f"Read the log group /aws/lambda/{function}: its last line says what was refused."
    return (
        any_at_all(
            f"rotation-{name}-errors",
            f"Rotation of {name} fails",
            "A new value could not be made; the old one still works.",
            f"{log} Secrets Manager tries again; every step is safe to repeat.",
            MetricQuery(
                id="errors",
                namespace="AWS/Lambda",
                name="Errors",
                dimensions={"FunctionName": function},
                statistic="Sum",
                period=300,
            ),
            f"rotation-{name}",
        ),
        any_at_all(
            f"rotation-{name}-dead-letters",
            f"Rotation of {name} was given up",
            "Lambda repeated an invocation to no avail; the old value still works.",
            f"{log} Then rotate by hand: `aws secretsmanager rotate-secret`.",
            MetricQuery(
                id="dead",
                namespace="AWS/SQS",
                name="ApproximateNumberOfMessagesVisible",
                dimensions={"QueueName": dead_letters},
                statistic="Maximum",
                period=300,
            ),
            f"rotation-{name}",
        ),
    )
