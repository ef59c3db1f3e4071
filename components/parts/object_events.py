"""Which events of objects S3 tells of, and when two receivers would ask for the same one.

Names: "Event notification types and destinations"; overlaps: "Configuring event notifications using
object key name filtering" (Amazon S3 User Guide, 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

KINDS = {
    "s3:ObjectCreated": ("Put", "Post", "Copy", "CompleteMultipartUpload"),
    "s3:ObjectRemoved": ("Delete", "DeleteMarkerCreated"),
    "s3:ObjectRestore": ("Post", "Completed", "Delete"),
    "s3:Replication": (
        "OperationFailedReplication",
        "OperationNotTracked",
        "OperationMissedThreshold",
        "OperationReplicatedAfterThreshold",
    ),
    "s3:LifecycleExpiration": ("Delete", "DeleteMarkerCreated"),
    "s3:ObjectTagging": ("Put", "Delete"),
    "s3:ObjectAnnotation": ("Put", "Delete"),
}
"""What `*` stands for, by what comes before it."""

SINGLE = (
    "s3:ReducedRedundancyLostObject",
    "s3:LifecycleTransition",
    "s3:IntelligentTiering",
    "s3:ObjectAcl:Put",
    "s3:ObjectRetention:Put",
)
"""Events that no `*` covers."""

EVENTS = (
    *(f"{kind}:{name}" for kind, names in KINDS.items() for name in ("*", *names)),
    *SINGLE,
)


def common(first: Iterable[str], second: Iterable[str]) -> str | None:
    """An event that both ask for, or None; `s3:ObjectCreated:*` asks for each of its kind."""
    asked = [one for event in first for one in _covered(event)]
    others = {one for event in second for one in _covered(event)}
    return next((event for event in asked if event in others), None)


def keys_overlap(
    first: tuple[str | None, str | None], second: tuple[str | None, str | None]
) -> bool:
    """Whether a key may begin and end as both say: prefix and suffix of each, None for any."""
    (prefix, suffix), (other_prefix, other_suffix) = first, second
    begin, other_begin = prefix or "", other_prefix or ""
    end, other_end = suffix or "", other_suffix or ""
    same_start = begin.startswith(other_begin) or other_begin.startswith(begin)
    same_end = end.endswith(other_end) or other_end.endswith(end)
    return same_start and same_end


def _covered(event: str) -> list[str]:
    kind, _, name = event.rpartition(":")
    return [f"{kind}:{kind_name}" for kind_name in KINDS[kind]] if name == "*" else [event]


def _event(name: str) -> str:
    if name not in EVENTS:
        raise ValueError(f"an event of S3: one of {', '.join(EVENTS)}")
    return name


ObjectEvent = Annotated[
    str, AfterValidator(_event), Field(json_schema_extra={"enum": list(EVENTS)})
]
"""As in `s3:ObjectCreated:*`."""
