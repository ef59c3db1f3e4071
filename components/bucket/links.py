"""What follows from using a bucket, made here or not: its name, and grants on its objects."""

from __future__ import annotations

from typing import TypeVar

import pulumi

from components.bucket.settings import BucketSettings
from components.contracts import AccountRegion, Arn, EnvironmentFile, Grant, Link
from components.parts.access import sid_part
from components.parts.key_grant import READ, WRITE, key_grant, of_bucket
from components.parts.offer import Offer

S = TypeVar("S")

LISTING = ("s3:GetBucketLocation", "s3:ListBucket")

_READ = ("s3:GetObject",)
_WRITE = ("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject")
_DELETE = ("s3:DeleteObject",)
OBJECTS: dict[str, tuple[str, ...]] = {
    "read": _READ,
    "write": _WRITE,
    "delete": _DELETE,
    "readWrite": tuple(sorted((*_READ, *_WRITE, *_DELETE))),
}
"""Actions on objects by access. `write` only adds: it reads nothing back and deletes nothing."""

OFFER = Offer[BucketSettings](
    kind="bucket",
    accesses=tuple(OBJECTS),
    variables={"name": "S3_{KEY}_BUCKET", "region": "S3_REGION"},
    shared=frozenset({"region"}),
)


def bucket_link(
    offer: Offer[S],
    key: str,
    settings: S,
    access: str | None,
    *,
    name: str,
    arn: str,
    key_arn: Arn | None,
    where: AccountRegion,
    depends_on: tuple[pulumi.Resource, ...] = (),
) -> Link:
    """The link of one access.

    Args:
        key_arn: customer key of the objects, where they have one.

    Raises:
        UnknownAccessError: `access` is not one of `OBJECTS`.
    """
    access = offer.chosen(key, settings, access)
    sid = f"{access[0].upper()}{access[1:]}{sid_part(key)}"
    grants = [Grant(sid, OBJECTS[access], (f"{arn}/*",))]
    if access in {"read", "readWrite"}:
        grants.append(Grant(f"List{sid}", LISTING, (arn,)))
    if key_arn is not None and access != "delete":
        actions = READ if access == "read" else WRITE
        # S3 sends the bucket's ARN as the context of a bucket key, else the object's.
        context = of_bucket(arn)
        grants.append(key_grant(f"KeyOf{sid}", key_arn, actions, "s3", where, context))
    return Link(
        producer=f"bucket-{key}",
        access=access,
        grants=tuple(grants),
        environment=offer.environment(key, settings, {"name": name, "region": where.region}),
        depends_on=depends_on,
    )


def environment_file_link(
    key: str,
    file: str,
    *,
    arn: str,
    key_arn: pulumi.Input[str] | None,
    depends_on: tuple[pulumi.Resource, ...] = (),
) -> Link:
    """What a task needs to read its variables from an object as it starts."""
    return Link(
        producer=f"environmentFile-{key}",
        access="start",
        depends_on=depends_on,
        environment_files=(EnvironmentFile(f"{arn}/{file}", arn, key_arn),),
    )
