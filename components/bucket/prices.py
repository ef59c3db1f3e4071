"""What this package's resources cost.

Sources: "Amazon S3 pricing", "Amazon S3 request metrics in CloudWatch", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.parts.asked import Asked, Rule, known
from components.parts.charges import Charge, Free, NotPriced, Pricing, Row
from components.parts.spread import Spread

LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"

CLASSES = {
    "STANDARD_IA": "standardIa", "ONEZONE_IA": "oneZoneIa", "GLACIER": "glacierFlexible",
    "GLACIER_IR": "glacierInstant", "DEEP_ARCHIVE": "deepArchive",
    "INTELLIGENT_TIERING": "intelligentTiering",
}  # fmt: skip
"""Storage classes as price keys have them."""

COLDEST_LAST = ("STANDARD_IA", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE")

REQUEST_METRICS = 16
"""Metrics of one filter ("Amazon S3 request metrics in CloudWatch"), billed as custom ones."""


def bucket(asked: Asked) -> Iterator[Pricing]:
    """What is stored by class, and requests."""
    if asked.resource.name == f"{asked.key}-copy-logs":
        yield NotPriced(
            "the access log of the copy", "how many requests the copy gets is not stated anywhere",
            (asked.because("", "replication"),),
        )  # fmt: skip
        return
    classes = _classes(asked)
    gb, why = asked.used("buckets", "gb")
    tiering = "INTELLIGENT_TIERING" in classes
    first = "intelligentTiering/frequent" if tiering else "standard"
    named = "Intelligent-Tiering" if tiering else "standard"
    yield Charge(f"AmazonS3/{first}/gbMonth", f"stored, {named}", gb, (why,))
    infrequent, reason = asked.used("buckets", "infrequent_gb")
    if not infrequent.is_nothing:
        yield Charge(
            "AmazonS3/standardIa/gbMonth", "stored, infrequent access", infrequent, (reason,)
        )
    archive, reason = asked.used("buckets", "archive_gb")
    coldest = [storage_class for storage_class in COLDEST_LAST if storage_class in classes]
    if not archive.is_nothing:
        class_ = CLASSES[coldest[-1]] if coldest else "glacierFlexible"
        yield Charge(f"AmazonS3/{class_}/gbMonth", f"stored, {class_}", archive, (reason,))
    for measure, key in (("writes", "put"), ("reads", "get")):
        requests, reason = asked.used("buckets", measure)
        yield Charge(f"AmazonS3/standard/{key}/request", measure, requests, (reason,))
    moved, reason = asked.used("buckets", "transitions")
    if not moved.is_nothing:
        class_ = CLASSES[coldest[0]] if coldest else "standardIa"
        yield Charge(f"AmazonS3/lifecycleTransition/{class_}/request", "moved", moved, (reason,))


def _classes(asked: Asked) -> set[str]:
    """Storage classes that the bucket's lifecycle moves objects to."""
    found: set[str] = set()
    for lifecycle in asked.plan.of_type(LIFECYCLE):
        if lifecycle.parent != asked.resource.parent:
            continue
        if lifecycle.name != asked.resource.name and asked.resource.urn not in (
            lifecycle.property_dependencies.get("bucket", ())
        ):
            continue
        rules: Sequence[Mapping[str, Any]] = known(lifecycle.inputs.get("rules"), ())
        for rule in rules:
            for change in known(rule.get("transitions"), ()):
                found.add(str(known(change.get("storageClass"))))
    return found


def request_metrics(asked: Asked) -> Iterator[Pricing]:
    """Billed like an application's own metrics."""
    why = asked.because(f"{REQUEST_METRICS} request metrics", "requestMetrics")
    yield Charge(
        "AmazonCloudWatch/metric/custom/metricMonth", "request metrics",
        Spread.flat(REQUEST_METRICS), (why,),
    )  # fmt: skip


def replication(asked: Asked) -> Iterator[Pricing]:
    """Copies are billed as requests, storage and traffic of another bucket."""
    yield NotPriced(
        "copies to another bucket", "how much is copied, and where to, is not stated anywhere",
        (asked.because("", "replication"),),
    )  # fmt: skip


RULES: Mapping[str, Rule] = {
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketMetric:BucketMetric": request_metrics,
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": replication,
}

_S3 = Free("a setting of a bucket that is priced", "Amazon S3 pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": _S3,
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": _S3,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _S3,
    "aws:s3/bucketLogging:BucketLogging": _S3,
    "aws:s3/bucketNotification:BucketNotification": _S3,
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _S3,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _S3,
    "aws:s3/bucketPolicy:BucketPolicy": _S3,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _S3,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _S3,
    "aws:s3/bucketVersioning:BucketVersioning": _S3,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("buckets", "gb"): ((0, 5, 50), (1, 50, 500), (50, 500, 5_000)),
    ("buckets", "infrequent_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("buckets", "archive_gb"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ("buckets", "writes"): ((0, 1e4, 1e5), (1e4, 1e5, 1e6), (1e5, 1e6, 1e7)),
    ("buckets", "reads"): ((0, 1e5, 1e6), (1e5, 1e6, 1e7), (1e6, 1e7, 1e8)),
    ("buckets", "transitions"): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
}  # fmt: skip
