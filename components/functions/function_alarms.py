"""Alarms and widgets of a function, as data.

Names of metrics: "Types of metrics for Lambda functions" (AWS Lambda Developer Guide, 2026-11).
"""

from __future__ import annotations

from dataclasses import dataclass

from components.contracts import AlarmSpec, MetricQuery, WidgetSpec
from components.parts.alarm import ANY_AT_ALL, AlarmText, Limit, alarm, measured

NAMESPACE = "AWS/Lambda"
FIVE_MINUTES = 300
"""Seconds."""

SLOW_SHARE = 0.8
"""Of the timeout: a run that takes longer is close to being cut off."""

OLD_CHANGES_MINUTES = 15
"""After which changes and records that wait are told."""

SECTION = "Functions"


@dataclass(frozen=True)
class Watched:
    """What alarms and widgets of one function name."""

    key: str
    name: str
    """In AWS."""
    log_name: str
    dead_name: str
    """Of the queue with events that it failed on."""
    timeout: int
    """Seconds."""
    follows_changes: bool
    """Whether it reads a table's changes or a stream."""
    warm: bool
    """Whether runs wait ready."""


def alarms_of(watched: Watched) -> tuple[AlarmSpec, ...]:
    """Errors and throttles as they last, slow runs, events given up, changes left behind."""
    key, parent = watched.key, f"function-{watched.key}"
    slow_ms = watched.timeout * 1000 * SLOW_SHARE
    found = [
        alarm(
            f"{parent}-errors",
            AlarmText(
                f"Function {key}: runs fail",
                f"{key} failed in two of the last three five-minute periods.",
                f"Read {watched.log_name} for the error; a change of the function may have "
                "brought it.",
            ),
            error_share(watched),
            Limit(0, periods=3, datapoints=2),
            parent=parent,
        ),
        alarm(
            f"{parent}-throttles",
            AlarmText(
                f"Function {key}: runs are throttled",
                "More runs were asked for at once than the function or the account may have.",
                "Raise concurrency.reserved, or ask AWS for more concurrent executions.",
            ),
            _metric(watched, "Throttles", "Sum"),
            Limit(0, periods=3, datapoints=2),
            parent=parent,
        ),
        alarm(
            f"{parent}-slow",
            AlarmText(
                f"Function {key}: runs take nearly as long as they may",
                f"One run in twenty took more than {SLOW_SHARE:.0%} of the {watched.timeout} "
                "seconds after which it is cut off.",
                "See in its log or traces what it waits for; give it more memory or time.",
            ),
            _metric(watched, "Duration", "p95"),
            Limit(slow_ms, periods=3, datapoints=2),
            parent=parent,
        ),
        alarm(
            f"{parent}-failed-events",
            AlarmText(
                f"Function {key}: events were given up",
                f"{key} failed on events as often as it tries; they are kept for 14 days.",
                f"Read them in the queue {watched.dead_name} and the errors in "
                f"{watched.log_name}; send them again once the cause is mended.",
            ),
            measured(
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                {"QueueName": watched.dead_name},
                "Maximum",
                FIVE_MINUTES,
            ),
            ANY_AT_ALL,
            parent=parent,
        ),
    ]
    if watched.follows_changes:
        found.append(
            alarm(
                f"{parent}-behind",
                AlarmText(
                    f"Function {key}: changes or records wait",
                    f"The oldest that {key} has not seen is {OLD_CHANGES_MINUTES} minutes old.",
                    "Look for a batch that fails again and again; give it more memory, a larger "
                    "batch or more of `parallel`.",
                ),
                _metric(watched, "IteratorAge", "Maximum"),
                Limit(OLD_CHANGES_MINUTES * 60_000, periods=3),
                parent=parent,
            )
        )
    if watched.warm:
        found.append(
            alarm(
                f"{parent}-spillover",
                AlarmText(
                    f"Function {key}: more runs than wait ready",
                    "Some runs had to start cold.",
                    "Raise concurrency.provisioned if this lasts.",
                ),
                _metric(watched, "ProvisionedConcurrencySpilloverInvocations", "Sum"),
                Limit(0, periods=3),
                parent=parent,
            )
        )
    return tuple(found)


def error_share(watched: Watched) -> tuple[MetricQuery, ...]:
    """Percent of runs that fail; no value where nothing runs."""
    return (
        _metric(watched, "Errors", "Sum", id_="errors", shown=False),
        _metric(watched, "Invocations", "Sum", id_="runs", shown=False),
        MetricQuery(id="share", expression="100 * errors / runs", label="failed (%)"),
    )


def widgets_of(watched: Watched) -> tuple[WidgetSpec, ...]:
    """Runs and what became of them, how long they took, and how many there were at once."""
    key, logs = watched.key, (watched.log_name,)
    counted = tuple(
        _metric(watched, name, "Sum", id_=name.lower())
        for name in ("Invocations", "Errors", "Throttles")
    )
    took = tuple(
        _metric(watched, "Duration", statistic, id_=statistic)
        for statistic in ("p50", "p95", "p99")
    )
    at_once = (_metric(watched, "ConcurrentExecutions", "Maximum"),)
    return (
        WidgetSpec(f"{key}: runs and errors", SECTION, counted, log_groups=logs),
        WidgetSpec(f"{key}: duration", SECTION, took, "ms", watched.timeout * 1000.0),
        WidgetSpec(f"{key}: runs at once", SECTION, at_once),
    )


def _metric(
    watched: Watched, name: str, statistic: str, *, id_: str = "m1", shown: bool = True
) -> MetricQuery:
    own = {"FunctionName": watched.name}
    return measured(NAMESPACE, name, own, statistic, FIVE_MINUTES, id_=id_, shown=shown)
