"""Edits of random deployed stacks: each is in place, a safe replacement, refused, or told.

Every edit is one that a person makes: a setting changed to another valid value, an entry added,
taken away or renamed with `formerly`, the profile switched. `compare` judges it. There is no other
outcome: an exception, a name twice, a type that the table does not know, a renamed entry whose
resources change, or a step that is told nothing of is bad. Where Terraform's AWS provider is there,
it is asked about the same change of every resource that exists before and after, and has to say the
same of replacing it.
"""

from __future__ import annotations

import copy
import json
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pulumi

from components.parts.model import Entry
from testing.drawn_stacks import Draw, GaveUpError, pattern, random_stack
from testing.random_stacks import prepare, recorded
from testing.random_values import LEAVE
from testing.tally import Tally
from tools.replacement.judge import judged
from tools.replacement.provider import Provider
from trellis.compare import replacing
from trellis.compare.meaning import loses
from trellis.compare.step import Side, Step
from trellis.compare.steps import steps
from trellis.compare.values import kept, plain
from trellis.planner.record import Recording
from trellis.stackfile.identity import FORMERLY, with_mentions
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.shape import Choice, MapOf, Object, Shape, at
from trellis.stackfile.tree import get, is_list, is_mapping, leaves

PER_STACK = 25
DENSITY = 0.25
PARTS = 0.4
KINDS = ("changed", "changed", "changed", "added", "removed", "renamed", "profile")
"""Kinds of edits, drawn in turn: most of them change a setting."""

Tree = dict[str, Any]


@dataclass(frozen=True)
class Edit:
    """One edit: what kind, where, and the stack file after it."""

    kind: str
    path: KeyPath
    after: Tree


def edits(settings: Tree, seed: int, count: int) -> Iterator[Edit]:
    """So many edits of a stack file, the same for the same seed."""
    random = Random(seed)
    draw = Draw(random, DENSITY, PARTS)
    draw.tree = settings
    made = 0
    for attempt in range(count * 10):
        if made == count:
            return
        edit = _edit(KINDS[attempt % len(KINDS)], settings, draw, random)
        if edit is not None and edit.after != settings:
            made += 1
            yield edit


def _edit(kind: str, settings: Tree, draw: Draw, random: Random) -> Edit | None:
    after = copy.deepcopy(settings)
    if kind == "profile":
        after["profile"] = "development" if after["profile"] == "production" else "production"
        return Edit(kind, ("profile",), after)
    if kind == "changed":
        paths = [path for path, _ in leaves(settings) if len(path) > 1]
        if not paths:
            return None
        path = random.choice(paths)
        shapes = at(SYSTEM, path, settings)
        value = draw.values.draw(random.choice(shapes), path) if shapes else LEAVE
        if value is LEAVE:
            return None
        get(after, path[:-1])[path[-1]] = value
        return Edit(kind, path, after)
    parts = [part for part in settings if _entries(part) and is_mapping(settings[part])]
    parts = [part for part in parts if settings[part]]
    if not parts:
        return None
    part = random.choice(parts)
    key = random.choice(sorted(settings[part]))
    if kind == "removed":
        del after[part][key]
        return Edit(kind, (part, key), after)
    new = f"{key[:24]}-next"
    if kind == "added":
        value = draw.values.draw(_entries(part)[0], (part, new))
        if value is LEAVE:
            return None
        after[part][new] = value
        return Edit(kind, (part, new), after)
    after[part] = {new if name == key else name: entry for name, entry in after[part].items()}
    after = with_mentions(after, {(part, key): new})
    formerly: Any = settings[part][key].get(FORMERLY)
    earlier: list[str] = formerly if is_list(formerly) else [formerly] if formerly else []
    after[part][new] = {**after[part][new], FORMERLY: [*earlier, key]}
    return Edit(kind, (part, key), after)


def _entries(part: str) -> list[Shape]:
    """The shapes of a part's entries; none for a part without keys of a person's choice."""
    shape = Object(SYSTEM.model).fields[part].shape if part in SYSTEM.fields else None
    if not isinstance(shape, MapOf):
        return []
    value = shape.value
    options = [option for _, option in value.options] if isinstance(value, Choice) else [value]
    return [
        option
        for option in options
        if isinstance(option, Object) and issubclass(option.model, Entry)
    ]


def campaign(
    count: int,
    seed: int,
    folder: Path,
    provider: Provider | None,
    *,
    density: float = DENSITY,
    parts: float = PARTS,
) -> Tally:
    """Make so many edits and judge each.

    Args:
        provider: asked too, where it is there.
        density: how likely an optional setting of a stack is given.
        parts: how likely a part of it is there.
    """
    tally = Tally()
    prepare(folder)
    stack = seed
    while (left := count - tally.kinds.total()) > 0:
        stack += 1
        tally.add(of_stack(stack, min(PER_STACK, left), folder, provider, density, parts))
    return tally


def of_stack(
    stack: int,
    count: int,
    folder: Path,
    provider: Provider | None,
    density: float = DENSITY,
    parts: float = PARTS,
) -> Tally:
    """Make so many edits of the random stack of this seed; none where no such stack stands."""
    tally = Tally()
    try:
        settings = random_stack(stack, density, parts).settings
        before = recorded(settings, folder)
    except (GaveUpError, pulumi.RunError):
        return tally
    for edit in edits(settings, stack, count):
        tally.kinds[edit.kind] += 1
        tally.settings.add(pattern(edit.path))
        judge(edit, before, folder, provider, tally)
    return tally


def judge(
    edit: Edit, before: Recording, folder: Path, provider: Provider | None, tally: Tally
) -> None:
    """Judge one edit of a stack whose recording is `before`, and note how it ends."""
    name = f"{edit.kind} {'.'.join(map(str, edit.path))}"
    try:
        after = recorded(edit.after, folder)
        found = steps(Side(before, folder), Side(after, folder))
    except pulumi.RunError as error:
        tally.outcomes["refused"] += 1
        if "found" not in str(error):
            tally.bad.append(f"{name}: refused without a word on what was found: {error}")
        return
    except Exception:  # noqa: BLE001 - what a user would see as a traceback is counted
        tally.bad.append(f"{name}: {traceback.format_exc(limit=-2)}")
        return
    moving = [step for step in found if step.operation != "same"]
    if edit.kind == "renamed" and moving:
        tally.bad.append(f"{name}: {moving[0].operation} {moving[0].type} {moving[0].name}")
    unknown = {step.type for step in moving if step.type.startswith("aws:")} - replacing.types()
    if unknown:
        tally.bad.append(f"{name}: not in the table: {sorted(unknown)}")
    tally.outcomes[_outcome(moving)] += 1
    if provider is not None:
        _asked(name, moving, folder, provider, tally)


def stops(step: Step) -> bool:
    """Whether `compare` tells that the update ends there, or that what it made is gone after it."""
    return bool(step.protected or step.taken or step.taken_along or step.refused)


def _outcome(moving: list[Step]) -> str:
    if any(loses(step) or stops(step) for step in moving):
        return "told"
    return "safe replacement" if any(step.operation == "replace" for step in moving) else "in place"


def _asked(name: str, moving: list[Step], folder: Path, provider: Provider, tally: Tally) -> None:
    """Whether the provider replaces what `compare` does, by the values of this very change."""
    agreed, disagreed = tally.agreed, len(tally.disagreed)
    for step in moving:
        if step.old is None or step.new is None or set(step.because) - set(step.changed):
            continue
        old, new = plain(step.old.inputs, folder), plain(step.new.inputs, folder)
        new = kept(old, new, step.new.ignore_changes)
        if old == new:
            continue  # what it refers to is made anew: only AWS knows the values
        answer = judged(provider, step.type, old, new)
        if answer is None or answer.errors:
            tally.not_judged += 1
            continue
        theirs = {path for path in answer.replaced_by if path != "id"}
        if _own_words(step, old, new) == bool(theirs):
            tally.agreed += 1
        else:
            tally.disagreed.append(
                f"{name}: {step.type} {step.name}: compare {step.because}, provider "
                f"{sorted(theirs)}"
            )
    tally.agreed_edits += tally.agreed > agreed and len(tally.disagreed) == disagreed


def _own_words(step: Step, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether `compare` replaces it for values that differ: not the program's own wish, and not
    because of something else that is made anew."""
    wishes = step.new.replace_on_changes if step.new is not None else ()
    wished = {path.split(".")[0].split("[")[0] for path in wishes}
    differing = {
        key for key in {*old, *new} if json.dumps(old.get(key)) != json.dumps(new.get(key))
    }
    tops = {path.split(".")[0] for path in step.because}
    return bool(tops & differing - wished)
