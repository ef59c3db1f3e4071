"""The verdict on an edit: which steps lose data, who agreed to it, and which line did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trellis.compare.meaning import loses
from trellis.compare.step import Operation, Step
from trellis.planner.places import owner_of
from trellis.planner.recording import Recorded
from trellis.stackfile import tree
from trellis.stackfile.findings import locate
from trellis.stackfile.problems import KeyPath, Source, dotted
from trellis.stackfile.resolution import Resolution

MAY_BE_LOST = "mayBeLost"

SYSTEM_WIDE = (
    "profile",
    "expires",
    "region",
    "name",
    "environment",
    "account",
    "tags",
    "provider",
    "keys",
)
"""Parts that every other part may follow."""


@dataclass(frozen=True)
class Edit:
    """One setting that differs."""

    path: KeyPath
    source: Source | None
    """Where it stands now; where it stood, for one that is gone."""

    def __str__(self) -> str:
        place = f"{self.source}: " if self.source is not None else ""
        return f"{place}{dotted(self.path)}"


@dataclass(frozen=True)
class Agreement:
    """What a stack file says of data that may be lost."""

    reason: str
    owner: str
    until: date


@dataclass(frozen=True)
class Judged:
    """One step with what a stack file has to do with it."""

    step: Step
    owner: KeyPath
    """The part and key of the stack file whose component holds the resource; empty for none."""
    edits: tuple[Edit, ...]
    """The settings that did it, the likeliest first; empty where the program itself changed."""
    agreement: Agreement | None
    """What allows the loss; None where nothing does, or where nothing is lost."""

    @property
    def refused(self) -> bool:
        """Whether data would be lost that nobody agreed to lose."""
        return bool(loses(self.step)) and self.agreement is None


@dataclass(frozen=True)
class Verdict:
    """All steps of an edit, judged."""

    project: str
    stack: str
    judged: tuple[Judged, ...]
    edits: tuple[Edit, ...] = ()
    """The settings that differ, where both stack files are there."""
    supposed: tuple[str, ...] = ()
    """Images and values of secrets that were taken for there, in words."""

    @property
    def sound(self) -> bool:
        """Whether no data would be lost that nobody agreed to lose."""
        return not any(judged.refused for judged in self.judged)

    @property
    def stops(self) -> int:
        """Steps at which the update would stop half-way."""
        return sum(
            judged.step.protected or bool(judged.step.taken or judged.step.refused)
            for judged in self.judged
        )

    @property
    def undone(self) -> int:
        """New resources that the deletion of another one takes along."""
        return sum(bool(judged.step.taken_along) for judged in self.judged)

    @property
    def idle(self) -> tuple[Edit, ...]:
        """Settings that differ and do nothing to what is deployed."""
        judged_edits = {edit for judged in self.judged for edit in judged.edits}
        return tuple(edit for edit in self.edits if edit not in judged_edits)

    def count(self, operation: Operation, *, data: bool | None = None) -> int:
        """Steps of one kind; with `data`, those that lose some or those that don't."""
        return sum(
            judged.step.operation == operation
            and (data is None or bool(loses(judged.step)) == data)
            for judged in self.judged
        )


def judge(
    steps: Iterable[Step],
    before: tuple[Mapping[str, Recorded], Resolution | None],
    after: tuple[Mapping[str, Recorded], Resolution | None],
    *,
    stack: tuple[str, str],
    today: date,
) -> Verdict:
    """Judge the steps of an edit.

    Args:
        before: every resource by URN, and the stack file; None where there is none.
        after: the same of what is to be.
        stack: project and stack.
    """
    edits = edited(before[1], after[1])
    found: list[Judged] = []
    for step in steps:
        side = before if step.new is None else after
        resources, resolution = side
        resolution = resolution or after[1]
        resource = step.new or step.old
        owner: KeyPath = ()
        if resource is not None and resolution is not None:
            owner = owner_of(resource, {**resources, step.urn: resource}, resolution.layers)
        agreement = _agreement(owner, (before[1], after[1]), today) if loses(step) else None
        found.append(Judged(step, owner, _causes(step, owner, edits), agreement))
    return Verdict(stack[0], stack[1], tuple(found), edits)


def edited(before: Resolution | None, after: Resolution | None) -> tuple[Edit, ...]:
    """The settings that differ between two stack files, each with its place."""
    if before is None or after is None:
        return ()
    old, new = dict(tree.leaves(before.data)), dict(tree.leaves(after.data))
    found: dict[KeyPath, Edit] = {}
    for path in sorted({*old, *new}, key=lambda p: [str(part) for part in p]):
        if old.get(path, tree.MISSING) == new.get(path, tree.MISSING):
            continue
        if (
            tree.has(before.data, path)
            and tree.has(after.data, path)
            and not (path in old and path in new)
        ):
            continue  # an empty mapping that is filled: what fills it is told
        side = after if path in new else before
        if any(path[:length] in side.profiled for length in range(1, len(path) + 1)):
            continue  # the profile's own values: whoever chose it is told
        whole = _whole(path, before.data, after.data)
        layers = (after if tree.has(after.data, whole) else before).layers
        found.setdefault(whole, Edit(whole, locate(layers, whole, key=whole != path)))
    return tuple(found.values())


def _whole(path: KeyPath, before: object, after: object) -> KeyPath:
    """The entry that came or went with a setting, else the setting itself."""
    for length in range(1, len(path)):
        if tree.has(before, path[:length]) != tree.has(after, path[:length]):
            return path[:length]
    return path


def _causes(step: Step, owner: KeyPath, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits that did it: those of the resource's own entry, else those it can follow."""
    if step.operation == "same":
        return ()
    own = [edit for edit in edits if owner and edit.path[: len(owner)] == owner]
    if own:
        return tuple(own)
    named = [
        edit
        for edit in edits
        if any(isinstance(part, str) and part in step.name for part in edit.path[1:])
    ]
    if named:
        return tuple(named)
    wide = [edit for edit in edits if edit.path[0] in SYSTEM_WIDE]
    return tuple(wide or edits)


def _agreement(
    owner: KeyPath, sides: tuple[Resolution | None, Resolution | None], today: date
) -> Agreement | None:
    """What the entry says of losing what it holds, before or after the edit, while it holds."""
    for resolution in sides:
        if resolution is None or not owner:
            continue
        agreement: Any = tree.get(resolution.data, (*owner, MAY_BE_LOST))
        if not tree.is_mapping(agreement):
            continue
        until = date.fromisoformat(str(agreement["until"]))
        if until >= today:
            return Agreement(str(agreement["reason"]), str(agreement["owner"]), until)
    return None
