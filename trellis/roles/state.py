"""What the engine's own files take: the state in its bucket, and the key that encrypts it.

One bucket holds the state of all stacks of a system, and often of several. A role gets the files of
its own stacks: who could write another's checkpoint could have the engine delete what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trellis.roles.arns import Place
from trellis.roles.statements import Statement

MOST_NAME = 63
"""Characters of a bucket's name ("General purpose bucket naming rules", Amazon S3, 2026-11)."""

LOOKS = (
    "s3:GetBucketLogging", "s3:GetBucketOwnershipControls", "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
)  # fmt: skip
"""What `trellis backend check` asks of the bucket and of its log's."""


@dataclass(frozen=True)
class State:
    """Where the state of the engine is."""

    bucket: str
    key_arn: str | None
    """Key that it is encrypted with; None for S3's own."""


def state_statements(
    place: Place,
    state: State | None,
    files: tuple[str, ...],
    *,
    writes: bool,
    frozen: str = "",
    begins: bool = False,
) -> Iterator[Statement]:
    """The engine's files of some stacks, and of no other; what tells that the bucket is as it must
    be, where the role deploys.

    Args:
        files: keys of objects, as `of_stack` and `of_stacks` have them.
        frozen: the key of the freeze that `trellis backend check` looks for.
        begins: whether the role makes stacks too, whose own key is encrypted then.
    """
    if state is None:
        return
    bucket = f"arn:{place.partition}:s3:::{state.bucket}"
    log = f"arn:{place.partition}:s3:::{_log_of(place, state.bucket)}"
    both = tuple(dict.fromkeys((bucket, log)))
    yield Statement("ListState", ("s3:ListBucket",), both if frozen else (bucket,))
    yield Statement("SeeTheLayout", ("s3:GetObject",), (f"{bucket}/.pulumi/meta.yaml",))
    objects = ("s3:DeleteObject", "s3:GetObject", "s3:PutObject") if writes else ("s3:GetObject",)
    yield Statement("State", objects, tuple(f"{bucket}/.pulumi/{file}" for file in files))
    if frozen:
        yield Statement("SeeTheBackend", LOOKS, both)
        yield Statement("SeeTheFreeze", ("s3:GetObject",), (f"{bucket}/{frozen}",))
    if state.key_arn is not None:
        # S3 asks for the caller, and so does the engine itself: the stack's own key, which stands
        # in its file, is encrypted by this one (`secrets/cloud/manager.go`, pulumi 3.259).
        uses = ("kms:Decrypt", "kms:GenerateDataKey") if writes else ("kms:Decrypt",)
        uses = (*uses, "kms:Encrypt") if begins else uses
        looks = ("kms:DescribeKey", "kms:GetKeyRotationStatus") if frozen else ()
        yield Statement("StateKey", (*uses, *looks), (state.key_arn,))


def of_stack(project: str, stack: str) -> tuple[str, ...]:
    """The files of one stack, below `.pulumi`: its checkpoint, in any compression and the one
    before it, its tags, its history, backups and locks (`backend/diy/store.go`, `state.go`,
    `stack_tags.go` and `lock.go`, pulumi 3.259). A stack whose name goes on with a dot has files
    that begin alike, so no pattern ends in the name."""
    checkpoint = f"stacks/{project}/{stack}"
    return (
        f"{checkpoint}.json", f"{checkpoint}.json.*", f"{checkpoint}.pulumi-tags",
        *(f"{part}/{project}/{stack}/*" for part in ("backups", "history", "locks/organization")),
    )  # fmt: skip


def of_stacks(project: str, prefix: str) -> tuple[str, ...]:
    """The files of all stacks whose names begin with a prefix and a hyphen."""
    parts = ("backups", "history", "locks/organization", "stacks")
    return tuple(f"{part}/{project}/{prefix}-*" for part in parts)


def freeze_of(project: str, stack: str) -> str:
    """The key of a stack's freeze (`trellis backend freeze`)."""
    return f"trellis/freeze/{project}/{stack}.json"


def _log_of(place: Place, bucket: str) -> str:
    """The bucket of the log of who reads and writes the state; a bucket that `trellis backend` did
    not name has none."""
    where = f"{place.account}-{place.region}"
    system = bucket.removesuffix(f"-state-{where}")
    if system == bucket:
        return bucket
    rest = f"-state-log-{where}"
    return f"{system[: MOST_NAME - len(rest)]}{rest}"
