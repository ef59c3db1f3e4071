"""The bucket that log lines or a canary's artifacts are put into, and the grants to put them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.contracts import AccountRegion, Arn, Grant
from components.parts.key_grant import WRITE, key_grant, of_bucket


@dataclass(frozen=True)
class TargetBucket:
    """A bucket by what is known of it from the start."""

    name: str
    arn: str
    key_arn: Arn | None = None
    """Of the customer key that encrypts it; None where S3's own does."""


def put_grants(
    bucket: TargetBucket, prefixes: Sequence[str], where: AccountRegion, *more: str
) -> list[Grant]:
    """Put objects under these prefixes and nowhere else; what is there is not read back.

    Args:
        more: actions on the same objects.
    """
    objects = tuple(f"{bucket.arn}/{prefix}*" for prefix in prefixes)
    grants = [Grant("PutObjects", ("s3:PutObject", *more), objects)]
    if bucket.key_arn is not None:
        context = of_bucket(bucket.arn)
        grants.append(key_grant("KeyOfBucket", bucket.key_arn, WRITE, "s3", where, context))
    return grants
