"""Edits of random stacks that stand in the real engine: it does what `compare` said it would.

A random stack is deployed, then edited again and again, each edit from where the one before it left
the stack. Of each, `compare` has to say what the engine's preview says: the same things made,
replaced and deleted, in the same order, and the same ones that protection keeps. Where `compare`
tells of nothing that stops it, the edit is carried out by an update that nothing refuses; the next
preview is from that state, so a difference that an update leaves behind shows there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pulumi

from testing.drawn_stacks import GaveUpError, pattern, random_stack
from testing.edits import Edit, edits, stops
from testing.random_stacks import prepare, recorded, stack_file
from testing.tally import Tally
from trellis.compare.documents import previewed
from trellis.compare.meaning import loses
from trellis.compare.step import Side, Step
from trellis.compare.steps import steps

DENSITY, PARTS = 0.1, 0.15
"""How likely an optional setting, and a part, is given: small stacks, which deploy soon."""

Done = dict[str, tuple[str, bool, bool]]


class Standing(Protocol):
    """A stack in the engine, as `tests/engine/engine.py` makes it."""

    def rewrite(self, text: str) -> None:
        """Put another stack file in place."""

    def up(self) -> object:
        """Make it so; raises where something refuses."""

    def preview_json(self) -> str:
        """What a preview of it prints as JSON; raises where something refuses."""
        ...


Deploy = Callable[[Path, str], Standing]
"""Makes a stack of a project's folder and a stack file's text, with nothing in it yet."""


def of_stack(seed: int, count: int, folder: Path, deploy: Deploy) -> Tally:
    """Deploy the random stack of this seed and make so many edits of it, one after the other.

    Args:
        folder: an empty one; becomes the project.
        deploy: how a stack is made in the engine.
    """
    tally = Tally()
    prepare(folder)
    try:
        settings = random_stack(seed, DENSITY, PARTS).settings
        before = Side(recorded(settings, folder), folder)
    except (GaveUpError, pulumi.RunError):
        return tally
    stack = deploy(folder, stack_file(settings))
    wrong = _refusal(stack.up)
    if wrong:
        tally.bad.append(f"{seed} first up: {wrong}")
        return tally
    for number in range(count):
        edit = next(edits(settings, 1_000 * seed + number, 1), None)
        if edit is None:
            continue
        tally.kinds[edit.kind] += 1
        tally.settings.add(pattern(edit.path))
        try:
            after = Side(recorded(edit.after, folder), folder)
        except pulumi.RunError:
            tally.outcomes["refused"] += 1
            continue
        compared = steps(before, after)
        wrong = _disagreement(stack, edit, compared, folder)
        outcome = _outcome(compared)
        if not wrong and outcome != "told that it stops":
            wrong = _refusal(stack.up)
        if wrong:
            tally.bad.append(
                f"{seed}.{number} {edit.kind} {'.'.join(map(str, edit.path))}: {wrong}"
            )
            return tally
        tally.outcomes[outcome] += 1
        if outcome != "told that it stops":
            settings, before = edit.after, after
    return tally


def _disagreement(stack: Standing, edit: Edit, compared: tuple[Step, ...], folder: Path) -> str:
    """How the engine's preview differs from what `compare` says; empty where it does not."""
    stack.rewrite(stack_file(edit.after))
    try:
        text = stack.preview_json()
    except Exception as error:  # noqa: BLE001 - whatever the engine says against it
        return "" if _outcome(compared) == "told that it stops" else f"preview: {_last(error)}"
    document = folder / "preview.json"
    document.write_text(text, encoding="utf-8")
    ours, theirs = done(compared), done(previewed(document)[1])
    differing = sorted(urn for urn in {*ours, *theirs} if ours.get(urn) != theirs.get(urn))
    return "; ".join(
        f"{urn.rpartition('::')[0].rpartition('$')[2]} {urn.rpartition('::')[2]}: compare "
        f"{ours.get(urn)}, engine {theirs.get(urn)}"
        for urn in differing[:5]
    )


def done(found: tuple[Step, ...]) -> Done:
    """What is made, replaced and deleted, whether the old one goes first or is protected."""
    return {
        step.urn: (step.operation, step.delete_first, step.protected)
        for step in found
        if step.operation in ("create", "replace", "delete")
    }


def _outcome(compared: tuple[Step, ...]) -> str:
    if any(map(stops, compared)):
        return "told that it stops"
    if any(loses(step) for step in compared):
        return "told what is lost"
    return (
        "safe replacement" if any(step.operation == "replace" for step in compared) else "in place"
    )


def _refusal(operation: Callable[[], object]) -> str:
    """What an operation is refused with; empty where it goes through."""
    try:
        operation()
    except Exception as error:  # noqa: BLE001 - whatever the engine says against it
        return _last(error)
    return ""


def _last(error: Exception) -> str:
    """The lines of an engine's text that say what is wrong."""
    lines = [line.strip() for line in str(error).splitlines()]
    errors = [line for line in lines if line.startswith("error:") or "rror: " in line]
    return " | ".join(dict.fromkeys(errors or lines[-5:]))[:1500]
