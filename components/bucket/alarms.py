"""Alarms of a bucket's requests, as data; S3 measures those only where it is asked to."""

from __future__ import annotations

from dataclasses import replace

from components.contracts import AlarmSpec, MetricQuery
from components.parts.alarm import AlarmText, Limit, alarm, measured

FILTER = "everything"
"""Name of the configuration that measures all requests."""

FIVE_MINUTES = 300
"""Seconds."""

BAND = 3
"""Standard deviations around what CloudWatch expects from the two weeks before."""


def request_alarms(name: str, physical_name: str) -> tuple[AlarmSpec, ...]:
    """Requests unlike the weeks before, and requests that S3 itself fails."""
    own = {"BucketName": physical_name, "FilterId": FILTER}
    unusual = alarm(
        f"bucket-{name}-requests",
        AlarmText(
            f"Bucket {name}: unusual number of requests",
            "For a quarter of an hour there were far more or far fewer requests than the weeks "
            "before let expect.",
            "Far fewer: see whether what writes here still runs. Far more: the access log says "
            "who.",
        ),
        (
            measured("AWS/S3", "AllRequests", own, "Sum", FIVE_MINUTES, shown=False),
            MetricQuery(
                id="band", expression=f"ANOMALY_DETECTION_BAND(m1, {BAND})", label="expected"
            ),
        ),
        Limit(BAND, 3),
        parent=f"bucket-{name}",
    )
    failed = alarm(
        f"bucket-{name}-errors",
        AlarmText(
            f"Bucket {name}: S3 fails requests",
            "S3 answered with 5xx for a quarter of an hour; clients that retry usually carry it "
            "over.",
            "Look for many requests under one prefix, then at the AWS Health Dashboard.",
        ),
        measured("AWS/S3", "5xxErrors", own, "Sum", FIVE_MINUTES),
        Limit(0, 3),
        parent=f"bucket-{name}",
    )
    return replace(unusual, comparison="LessThanLowerOrGreaterThanUpperThreshold"), failed
