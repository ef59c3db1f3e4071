"""Alarms and charts of a stream: readers that fall behind, and refused reads and writes."""

from __future__ import annotations

from collections.abc import Sequence

from components.contracts import AlarmSpec, MetricQuery, WidgetSpec
from components.parts.alarm import AlarmText, Limit, alarm, measured

NAMESPACE = "AWS/Kinesis"
SECTION = "Streams"

AGE = "GetRecords.IteratorAgeMilliseconds"
FAN_OUT_AGE = "SubscribeToShardEvent.MillisBehindLatest"
REFUSED_WRITES = "WriteProvisionedThroughputExceeded"
REFUSED_READS = "ReadProvisionedThroughputExceeded"
"""Metrics of a stream ("Monitoring the Kinesis Data Streams service with CloudWatch", 2026-11)."""

MINUTE_MS = 60_000


def stream_alarms(
    key: str, stream_name: str, consumers: Sequence[str], behind_minutes: int | None
) -> tuple[AlarmSpec, ...]:
    """Refused writes and reads, and how far readers are behind.

    Args:
        consumers: with enhanced fan-out, each measured by itself.
        behind_minutes: None for no alarm on it.
    """
    producer = f"stream-{key}"
    own = {"StreamName": stream_name}
    found = [
        alarm(
            f"{producer}-refused-writes",
            AlarmText(
                f"{producer}: writes are refused",
                "Producers send more than the stream takes, five minutes on end.",
                "Look for one hot partition key first; then raise `capacity.shards`, or go on "
                "demand.",
            ),
            measured(NAMESPACE, REFUSED_WRITES, own, "Sum"),
            Limit(0, periods=5),
            parent=producer,
        ),
        alarm(
            f"{producer}-refused-reads",
            AlarmText(
                f"{producer}: reads are refused",
                "Consumers together read more than the shards give, five minutes on end.",
                "Give the busiest reader a way of its own (`consumers`), or raise the shards.",
            ),
            measured(NAMESPACE, REFUSED_READS, own, "Sum"),
            Limit(0, periods=5),
            parent=producer,
        ),
    ]
    if behind_minutes is not None:
        found.append(_behind(producer, producer, AGE, own, behind_minutes))
        found.extend(
            _behind(
                producer,
                f"{producer}-{consumer}",
                FAN_OUT_AGE,
                {**own, "ConsumerName": consumer},
                behind_minutes,
            )
            for consumer in consumers
        )
    return tuple(found)


def stream_widgets(key: str, stream_name: str) -> tuple[WidgetSpec, ...]:
    """What comes in, how far readers are behind, and what was refused."""
    label = f"stream-{key}"
    own = {"StreamName": stream_name}
    return (
        _chart(f"{label}: bytes in", own, ("IncomingBytes",), "Sum", "bytes"),
        _chart(f"{label}: readers behind", own, (AGE,), "Maximum", "ms"),
        _chart(f"{label}: refused", own, (REFUSED_WRITES, REFUSED_READS), "Sum", ""),
    )


def _behind(
    producer: str, label: str, metric: str, dimensions: dict[str, str], minutes: int
) -> AlarmSpec:
    return alarm(
        f"{label}-behind",
        AlarmText(
            f"{label}: readers are behind",
            f"The slowest reader is more than {minutes} minutes behind what comes in.",
            "See whether consumers run and which record stops them: what is older than "
            "`retentionHours` is lost to them.",
        ),
        measured(NAMESPACE, metric, dimensions, "Maximum"),
        Limit(minutes * MINUTE_MS, periods=3),
        parent=producer,
    )


def _chart(
    title: str, dimensions: dict[str, str], metrics: Sequence[str], statistic: str, unit: str
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
                period=60,
                label=metric,
            )
            for number, metric in enumerate(metrics, 1)
        ),
        unit=unit,
    )
