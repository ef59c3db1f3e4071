"""Buckets that exist already."""

from __future__ import annotations

from components.bucket.links import OBJECTS, OFFER, bucket_link, environment_file_link
from components.bucket.settings import BucketName
from components.contracts import AccountRegion, Link
from components.parts.existing import Existing, ExistingSettings, KeyArn
from components.parts.offer import Offer


class ExistingBucket(ExistingSettings):
    """A bucket of this region that somebody else made."""

    name: BucketName
    """Name of the bucket in S3."""
    key: KeyArn | None = None
    """The customer key that encrypts its objects, where one does."""


EXISTING_OFFER = Offer[ExistingBucket](
    kind=OFFER.kind, accesses=tuple(OBJECTS), variables=OFFER.variables, shared=OFFER.shared
)


def _link(key: str, settings: ExistingBucket, access: str | None, where: AccountRegion) -> Link:
    return bucket_link(
        EXISTING_OFFER,
        key,
        settings,
        access,
        name=settings.name,
        arn=f"arn:{where.partition}:s3:::{settings.name}",
        key_arn=settings.key,
        where=where,
    )


def existing_environment_file(
    key: str, settings: ExistingBucket, file: str, where: AccountRegion
) -> Link:
    """What a task needs to read its variables from an object as it starts."""
    arn = f"arn:{where.partition}:s3:::{settings.name}"
    return environment_file_link(key, file, arn=arn, key_arn=settings.key)


EXISTING = Existing("buckets", ExistingBucket, EXISTING_OFFER, _link)
