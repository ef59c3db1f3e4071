"""Widgets of a bucket, as data."""

from __future__ import annotations

from components.contracts import MetricQuery, WidgetSpec

DAY = 86_400
"""Seconds between S3's storage metrics ("Amazon S3 metrics and dimensions", 2026-11)."""


def size_widgets(name: str, physical_name: str) -> tuple[WidgetSpec, ...]:
    """How much is stored, and how many objects."""
    return (
        WidgetSpec(
            f"{name}: size",
            "Buckets",
            (_metric("bytes", "BucketSizeBytes", physical_name, "StandardStorage"),),
            unit="bytes",
        ),
        WidgetSpec(
            f"{name}: objects",
            "Buckets",
            (_metric("objects", "NumberOfObjects", physical_name, "AllStorageTypes"),),
        ),
    )


def _metric(id_: str, metric: str, bucket: str, storage: str) -> MetricQuery:
    return MetricQuery(
        id=id_,
        namespace="AWS/S3",
        name=metric,
        dimensions={"BucketName": bucket, "StorageType": storage},
        statistic="Average",
        period=DAY,
    )
