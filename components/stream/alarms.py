"""Alarms and charts of a stream: readers that fall behind, and refused reads and writes."""

from __future__ import annotations

from collections.abc import Sequence

from components.contracts import AlarmSpec, WidgetSpec
from components.parts.alarm import AlarmText, Limit, alarm, measured
from components.parts.chart import Line, chart

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

    def lines(title: str, *metrics: str, statistic: str, unit: str = "") -> WidgetSpec:
        drawn = [Line(metric, metric, own) for metric in metrics]
        return chart(title, SECTION, NAMESPACE, drawn, statistic=statistic, unit=unit)

    return (
        lines(f"{label}: bytes in", "IncomingBytes", statistic="Sum", unit="bytes"),
        lines(f"{label}: readers behind", AGE, statistic="Maximum", unit="ms"),
        lines(f"{label}: refused", REFUSED_WRITES, REFUSED_READS, statistic="Sum"),
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
