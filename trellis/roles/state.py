"""What the engine's own files take: the state in its bucket, and the key that encrypts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trellis.roles.arns import Place
from trellis.roles.statements import Statement


@dataclass(frozen=True)
class State:
    """Where the state of the engine is."""

    bucket: str
    key_arn: str | None
    """Key that it is encrypted with; None for S3's own."""


def state_statements(place: Place, state: State | None, *, writes: bool) -> Iterator[Statement]:
    """The engine's files: its lock, checkpoint, history and backups, all below `.pulumi`."""
    if state is None:
        return
    bucket = f"arn:{place.partition}:s3:::{state.bucket}"
    yield Statement("ListState", ("s3:ListBucket",), (bucket,))
    objects = ("s3:DeleteObject", "s3:GetObject", "s3:PutObject") if writes else ("s3:GetObject",)
    yield Statement("State", objects, (f"{bucket}/.pulumi/*",))
    yield Statement("SeeTheFreeze", ("s3:GetObject",), (f"{bucket}/trellis/*",))
    if state.key_arn is not None:
        # S3 asks for the caller, and so does the engine itself: the stack's own key, which stands
        # in its file, is encrypted by this one (`secrets/cloud/manager.go`, pulumi 3.259).
        uses = ("kms:Decrypt", "kms:GenerateDataKey") if writes else ("kms:Decrypt",)
        yield Statement("StateKey", uses, (state.key_arn,))
