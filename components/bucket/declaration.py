"""How buckets are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.bucket.bucket import bucket_name
from components.bucket.copy_log import copy_log_name
from components.bucket.existing import EXISTING
from components.bucket.links import OFFER
from components.bucket.replication import copy_name
from components.bucket.settings import BucketSettings
from components.contracts import Domain
from components.naming import Naming
from components.parts.adoption import Adopts
from components.parts.changes import Change, Unique
from components.parts.declaration import (
    ACCESS,
    CONFIGURATION,
    RECORDS,
    Data,
    Problem,
    Resource,
    StackFacts,
    TakenName,
    Tier,
    Watched,
)
from components.parts.shown import Category, Shown

ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
TIERING = "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"


def _names(key: str, settings: BucketSettings, naming: Naming) -> Iterator[TakenName]:
    setting = ("bucketName",) if settings.bucket_name else ()
    named = partial(bucket_name, key, settings, naming)
    yield TakenName("bucket", named, setting, "global")
    if settings.replication is not None:
        region = settings.replication.region
        yield TakenName("bucket", lambda: copy_name(named(), region), setting, "global")
        if settings.access_logs != "none":
            yield TakenName("bucket", lambda: copy_log_name(named(), region), setting, "global")


def _copy_is_elsewhere(_: str, settings: BucketSettings, stack: StackFacts) -> Iterator[Problem]:
    if settings.replication is not None and settings.replication.region == stack.region:
        found = f"{stack.region}, where the bucket is"
        yield Problem(("replication", "region"), found, "another region")


TIERS = (
    Tier(
        field="buckets",
        settings=BucketSettings,
        adopts=Adopts(
            ("aws:s3/bucket:Bucket",),
            over=(
                "policy",
                "public-access block",
                "ownership",
                "encryption",
                "versioning",
                "lifecycle",
                "notifications and CORS, where the entry has any",
            ),
            name=bucket_name,
            setting="bucketName",
        ),
        components={
            "trellis:bucket:Bucket": Shown(
                "bucket",
                glyph="M3 4h12l-2 11H5zM3 4c0-1.500 12-1.500 12 0",
                category=Category.STORAGE,
                icon=r"(Simple-Storage-Service|Amazon-S3|\bS3\b)",
            ),
        },
        resources={
            "aws:s3/bucket:Bucket": Resource(
                RECORDS,
                facts=("bucket",),
                data=Data(
                    "objects",
                    "bucket",
                    "copy the objects into a bucket of another name (S3 Batch Operations)",
                ),
                unique=Unique(
                    "world",
                    ("bucket",),
                    hint=(
                        "bucket names are the whole world's: add the account's id or a suffix "
                        "(`bucketName`)"
                    ),
                ),
            ),
            "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": Resource(CONFIGURATION),
            TIERING: Resource(CONFIGURATION),
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Resource(
                CONFIGURATION
            ),
            "aws:s3/bucketLogging:BucketLogging": Resource(CONFIGURATION),
            "aws:s3/bucketMetric:BucketMetric": Resource(
                Watched(("AllRequests", "5xxErrors"), ("bucket",)),
                change=Change(same=("bucket", "name")),
            ),
            "aws:s3/bucketNotification:BucketNotification": Resource(
                CONFIGURATION, change=Change(same=("bucket",))
            ),
            "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": Resource(
                CONFIGURATION
            ),
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Resource(CONFIGURATION),
            "aws:s3/bucketPolicy:BucketPolicy": Resource(ACCESS, change=Change(same=("bucket",))),
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Resource(CONFIGURATION),
            "aws:s3/bucketReplicationConfig:BucketReplicationConfig": Resource(
                "S3 measures failed copies only at a price a metric; each object says by its "
                "replication status"
            ),
            ENCRYPTION: Resource(CONFIGURATION),
            "aws:s3/bucketVersioning:BucketVersioning": Resource(CONFIGURATION),
        },
        keys=frozenset({Domain.DATA}),
        offer=OFFER,
        existing=(EXISTING,),
        names=_names,
        checks=(_copy_is_elsewhere,),
    ),
)
"""What this package adds to a stack file."""
