"""S3 storage classes and what Amazon asks of a lifecycle that moves objects through them.

Order and days: "Transitioning objects using Amazon S3 Lifecycle"; shortest billed storage:
"Understanding and managing Amazon S3 storage classes" (Amazon S3 User Guide, 2026-11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class StorageClass(StrEnum):
    """Where a lifecycle may move an object, in the only order it may."""

    INFREQUENT_ACCESS = "infrequentAccess"
    INTELLIGENT_TIERING = "intelligentTiering"
    ONE_ZONE = "oneZone"
    GLACIER_INSTANT = "glacierInstant"
    GLACIER = "glacier"
    DEEP_ARCHIVE = "deepArchive"


@dataclass(frozen=True)
class Rule:
    """What S3 asks of one class."""

    api: str
    """Its name in the API."""
    after: int
    """Days an object must be old before it goes there."""
    billed: int
    """Days it is billed for at least."""


RULES: dict[StorageClass, Rule] = {
    StorageClass.INFREQUENT_ACCESS: Rule("STANDARD_IA", 30, 30),
    StorageClass.INTELLIGENT_TIERING: Rule("INTELLIGENT_TIERING", 0, 0),
    StorageClass.ONE_ZONE: Rule("ONEZONE_IA", 30, 30),
    StorageClass.GLACIER_INSTANT: Rule("GLACIER_IR", 0, 90),
    StorageClass.GLACIER: Rule("GLACIER", 0, 90),
    StorageClass.DEEP_ARCHIVE: Rule("DEEP_ARCHIVE", 0, 180),
}

ORDER = tuple(StorageClass)

CLOSED = {(StorageClass.ONE_ZONE, StorageClass.GLACIER_INSTANT)}
"""Moves forward in the order that S3 refuses all the same ("Unsupported lifecycle transitions" on
that page)."""


def lifecycle_problem(steps: Sequence[tuple[int, StorageClass]], expires: int | None) -> str | None:
    """What S3, or its bill, has against a lifecycle, or None.

    Args:
        steps: days and class of each transition, in any order.
        expires: days after which the object goes.

    Returns:
        What would be allowed, as the end of an error message.
    """
    before: tuple[int, StorageClass] | None = None
    for days, to in sorted(steps, key=lambda step: (step[0], ORDER.index(step[1]))):
        rule = RULES[to]
        if days < rule.after:
            return f"{to} after {rule.after} days or more"
        if before is not None:
            problem = _after(before, (days, to))
            if problem:
                return problem
        before = (days, to)
    if before is None or expires is None:
        return None
    days, last = before
    least = days + max(RULES[last].billed, 1)
    if expires < least:
        billed = RULES[last].billed
        why = f": {last} is billed for {billed} days at least" if billed else ""
        return f"expiry after {least} days or more{why}"
    return None


def _after(before: tuple[int, StorageClass], now: tuple[int, StorageClass]) -> str | None:
    (earlier, source), (days, to) = before, now
    open_ = [
        target for target in ORDER[ORDER.index(source) + 1 :] if (source, target) not in CLOSED
    ]
    if to not in open_:
        return f"after {source} only {' or '.join(open_)}" if open_ else f"nothing after {source}"
    # S3 refuses a move out of an infrequent-access class within 30 days, and bills the archive
    # classes for their shortest stay whatever happens.
    least = earlier + max(RULES[source].billed, 1)
    if days < least:
        return (
            f"{to} after {least} days or more: an object stays {least - earlier} days in {source}"
        )
    return None
