"""Alarms and widgets of the log archive, as data: late, failing, or not reached at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.contracts import AlarmSpec, MetricQuery, Severity, WidgetSpec

FIREHOSE, LOGS = "AWS/Firehose", "AWS/Logs"

MINUTES_5 = 300
"""Seconds."""

LATE_FACTOR = 3
"""Buffering times after which a line that is not delivered is late."""

METRICS_IN_ALARM = 10
"""Of one alarm with metric math ("Using metric math", CloudWatch User Guide, 2026-11)."""


@dataclass(frozen=True)
class WatchedArchive:
    """What alarms need to know of an archive."""

    name: str
    stream: str
    """Physical name of the delivery stream, and of every group's subscription."""
    log_group: str
    """Where Firehose tells what went wrong."""
    buffer_seconds: int
    groups: Mapping[str, str]
    """Names of the log groups by label."""


def archive_alarms(watched: WatchedArchive) -> tuple[AlarmSpec, ...]:
    """Lines that wait, puts that fail, and subscriptions that can't send."""
    late = watched.buffer_seconds * LATE_FACTOR
    action = (
        f"Read the log group {watched.log_group}: a bucket or key policy that refuses is the usual "
        "cause."
    )
    labels = list(watched.groups)
    parts = [labels[at : at + METRICS_IN_ALARM] for at in range(0, len(labels), METRICS_IN_ALARM)]
    return (
        _alarm(
            watched,
            "late",
            "The log archive is late",
            f"Log lines have waited for more than {late // 60} minutes to be put into the bucket; "
            "Firehose keeps them for a day, then the archive lacks them.",
            action,
            (_firehose(watched, "freshness", "DeliveryToS3.DataFreshness", "Maximum"),),
            above=late,
        ),
        _alarm(
            watched,
            "failing",
            "The log archive fails",
            "Some of the puts into the archive's bucket failed in each of three periods of five "
            "minutes.",
            action,
            (_firehose(watched, "success", "DeliveryToS3.Success", "Average"),),
            below=1,
        ),
        *(_not_sent(watched, number, part) for number, part in enumerate(parts, start=1)),
    )


def archive_widgets(watched: WatchedArchive) -> tuple[WidgetSpec, ...]:
    """How much comes, and how long it waits."""
    coming = _firehose(watched, "bytes", "IncomingBytes", "Sum")
    waiting = _firehose(watched, "freshness", "DeliveryToS3.DataFreshness", "Maximum")
    log = (watched.log_group,)
    return (
        WidgetSpec("Log archive: received", "Logs", (coming,), "bytes", log_groups=log),
        WidgetSpec("Log archive: oldest line that waits", "Logs", (waiting,), "s"),
    )


def _not_sent(watched: WatchedArchive, number: int, labels: list[str]) -> AlarmSpec:
    """One alarm for as many groups as one can look at."""
    failures = tuple(
        MetricQuery(
            id=f"m{position}",
            namespace=LOGS,
            name="DeliveryErrors",
            dimensions={
                "LogGroupName": watched.groups[label],
                "DestinationType": "Firehose",
                "FilterName": watched.stream,
            },
            statistic="Sum",
            period=MINUTES_5,
            label=label,
            returns=False,
        )
        for position, label in enumerate(labels, start=1)
    )
    every = MetricQuery(id="all", expression="SUM(METRICS())", label="records not sent")
    return _alarm(
        watched,
        "not-sent" if number == 1 else f"not-sent-{number}",
        "CloudWatch can't send lines to the log archive",
        "Lines of some log groups could not be handed to the archive's delivery stream; CloudWatch "
        "tries again for a day.",
        "See that the delivery stream is active, and that the role of the subscriptions may put "
        "records into it.",
        (every, *failures),
        above=0,
    )


def _alarm(
    watched: WatchedArchive,
    what: str,
    title: str,
    meaning: str,
    action: str,
    metrics: tuple[MetricQuery, ...],
    *,
    above: float | None = None,
    below: float = 0,
) -> AlarmSpec:
    """Three periods in a row; where no line comes there is nothing to deliver."""
    return AlarmSpec(
        name=f"{watched.name}-{what}",
        title=title,
        meaning=meaning,
        action=action,
        severity=Severity.NOTIFY,
        metrics=metrics,
        threshold=below if above is None else above,
        comparison="LessThanThreshold" if above is None else "GreaterThanThreshold",
        evaluation_periods=3,
        datapoints_to_alarm=3,
        missing_data="notBreaching",
        parent=watched.name,
    )


def _firehose(watched: WatchedArchive, id_: str, metric: str, statistic: str) -> MetricQuery:
    return MetricQuery(
        id=id_,
        namespace=FIREHOSE,
        name=metric,
        dimensions={"DeliveryStreamName": watched.stream},
        statistic=statistic,
        period=MINUTES_5,
    )
