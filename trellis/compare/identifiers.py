"""Identifiers that a recording makes up, and those that the deployed resources have instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from trellis.compare.step import Side
from trellis.compare.values import kept, plain, texts
from trellis.planner import simulate
from trellis.planner.monitor import parent_types
from trellis.planner.recording import EXAMPLE_ACCOUNT, Recorded, Recording
from trellis.stackfile.tree import is_list, is_mapping

SHORTEST = 6
"""Characters: a shorter text is no identifier that only one resource has."""

SALT = "\N{BULLET}"
"""What makes the made-up identifiers of a replacement other ones."""


def known_as(before: Side, after: Side, former: Mapping[str, Recorded]) -> Callable[[str], str]:
    """What turns identifiers of this run into those that the deployed resources have.

    A recording makes identifiers up from names: those of a resource that was renamed, and all
    where the other side is an exported state, are other ones for the same thing.
    """
    names: dict[str, str] = {}
    for new in after.recording:
        old = former.get(new.urn)
        if old is None or not new.custom:
            continue
        # What was imported has AWS's own identifiers, and goes on with them once `adopt` went.
        if before.deployed or (old.import_id and not new.import_id):
            own = set(texts(plain(new.inputs, after.folder)))
            theirs = {"id": old.id, **plain(old.outputs, before.folder)}
            _pair_texts({"id": new.id, **plain(new.outputs, after.folder)}, theirs, own, names)
            continue
        # What the engine ignores goes on as it was, also where outputs follow from it.
        left = kept(old.inputs, new.inputs, new.ignore_changes) if new.ignore_changes else None
        made = new if left is None or left == new.inputs else replace(new, inputs=left)
        if old.urn != new.urn or made is not new:
            id_, outputs = _simulated(made, old.name, old.urn, after.recording)
            _pair_texts({"id": new.id, **plain(new.outputs, after.folder)},
                        {"id": id_, **plain(outputs, after.folder)}, set(), names)  # fmt: skip
    return _substitution(names)


def _pair_texts(ours: Any, theirs: Any, own: set[str], names: dict[str, str]) -> None:
    """What a text of one value is in the other one, at the same place."""
    if isinstance(ours, str) and isinstance(theirs, str):
        if ours != theirs and len(ours) >= SHORTEST and ours not in own:
            names[ours] = theirs
    elif is_mapping(ours) and is_mapping(theirs):
        for key in ours.keys() & theirs.keys():
            if key.endswith("Prefix"):
                continue  # the beginning of other names too, and nobody refers to it
            _pair_texts(ours[key], theirs[key], own, names)
    elif is_list(ours) and is_list(theirs):
        for one, other in zip(ours, theirs, strict=False):
            _pair_texts(one, other, own, names)


def _substitution(names: Mapping[str, str]) -> Callable[[str], str]:
    if not names:
        return str
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest)))
    return lambda text: pattern.sub(lambda found: names[found[0]], text)


def _simulated(
    resource: Recorded, name: str, urn: str, recording: Recording
) -> tuple[str, Mapping[str, Any]]:
    world = simulate.World(region=recording.region, account=recording.account or EXAMPLE_ACCOUNT)
    try:
        return simulate.outputs(
            resource.type, name, resource.inputs, world=world, preview=False,
            parent=parent_types(urn),
        )  # fmt: skip
    except simulate.SimulationError:
        return resource.id, resource.outputs


def new_texts(new: Recorded, after: Side) -> set[str]:
    """The identifiers that a replacement does not have any more."""
    id_, outputs = _simulated(new, f"{new.name}{SALT}", new.urn, after.recording)
    names: dict[str, str] = {}
    _pair_texts({"id": new.id, **plain(new.outputs, after.folder)},
                {"id": id_, **plain(outputs, after.folder)}, set(), names)  # fmt: skip
    return set(names)
