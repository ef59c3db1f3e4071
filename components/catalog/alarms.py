"""Alarms and widgets of a catalog: records late, refused by S3, or failed."""

from __future__ import annotations

from components.catalog.delivery import delivery_log
from components.catalog.settings import CatalogSettings
from components.contracts import AlarmSpec, MetricQuery, WidgetSpec
from components.parts.alarm import ANY_AT_ALL, AlarmText, Limit, alarm, measured

FIREHOSE, LOGS = "AWS/Firehose", "AWS/Logs"
SECTION = "Streams"

PERIOD = 300
"""Seconds."""

LATE_FACTOR = 3
"""Buffering times after which a record that is not delivered is late."""


def catalog_alarms(name: str, stream: str, settings: CatalogSettings) -> tuple[AlarmSpec, ...]:
    """Records that wait, puts that fail, and records that were put apart.

    Args:
        name: the catalog's key.
        stream: physical name of the delivery stream.
    """
    producer = f"catalog-{name}"
    log = delivery_log(stream)
    late = settings.buffer.seconds * LATE_FACTOR
    return (
        alarm(
            f"{producer}-late",
            AlarmText(
                f"{producer}: records are late",
                f"Records have waited for more than {late // 60} minutes to be put into the "
                "bucket; queries do not find them yet.",
                f"Read the log group {log}: a bucket or key policy that refuses is the usual "
                "cause.",
            ),
            _firehose(stream, "DeliveryToS3.DataFreshness", "Maximum"),
            Limit(late, periods=3),
            parent=producer,
        ),
        alarm(
            f"{producer}-failing",
            AlarmText(
                f"{producer}: puts into the bucket fail",
                "Some of the delivery's puts failed in each of three periods of five minutes.",
                f"Read the log group {log}.",
            ),
            _firehose(stream, "DeliveryToS3.Success", "Average"),
            Limit(1, periods=3, comparison="LessThanThreshold"),
            parent=producer,
        ),
        alarm(
            f"{producer}-failed-records",
            AlarmText(
                f"{producer}: records were put apart",
                "The delivery told of errors: records without a type that has a table, or that do "
                "not fit the columns, stand under the failed prefix and no table shows them.",
                f"Read the log group {log} and an object under {settings.failed_prefix}; then mend "
                "what writes them, or add the table or column.",
            ),
            measured(LOGS, "IncomingLogEvents", {"LogGroupName": log}, "Sum", PERIOD),
            ANY_AT_ALL,
            parent=producer,
        ),
        alarm(
            f"{producer}-unconverted",
            AlarmText(
                f"{producer}: records could not be converted",
                "Records did not fit the columns of the delivery's schema.",
                f"Read an object under {settings.failed_prefix}format-conversion-failed/.",
            ),
            _firehose(stream, "FailedConversion.Records", "Sum"),
            ANY_AT_ALL,
            parent=producer,
        ),
    )


def catalog_widgets(name: str, stream: str) -> tuple[WidgetSpec, ...]:
    """How much comes, how long it waits, and what could not be converted."""
    label = f"catalog-{name}"
    log = (delivery_log(stream),)

    def chart(title: str, metric: MetricQuery, unit: str = "") -> WidgetSpec:
        return WidgetSpec(f"{label}: {title}", SECTION, (metric,), unit, log_groups=log)

    return (
        chart("received", _firehose(stream, "IncomingBytes", "Sum"), "bytes"),
        chart("oldest that waits", _firehose(stream, "DeliveryToS3.DataFreshness", "Maximum"), "s"),
        chart("not converted", _firehose(stream, "FailedConversion.Records", "Sum")),
    )


def _firehose(stream: str, metric: str, statistic: str) -> MetricQuery:
    return measured(FIREHOSE, metric, {"DeliveryStreamName": stream}, statistic, PERIOD)
