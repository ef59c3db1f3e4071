"""Edits of small stacks, compared as `trellis compare` does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.components.small_systems import small_system
from trellis.compare.step import Side, Step
from trellis.compare.steps import steps
from trellis.planner.record import Recording


def compared(before: Recording, after: Recording) -> dict[str, Step]:
    """The steps between two recordings that do something, by `Type name`."""
    found = steps(Side(before, Path()), Side(after, Path()))
    return by_name(found)


def by_name(found: Iterable[Step]) -> dict[str, Step]:
    return {
        f"{step.type.rsplit(':', 1)[-1]} {step.name}": step
        for step in found
        if step.operation != "same"
    }


def edited(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Step]:
    """The steps of an edit of the small system."""
    return compared(small_system(**before), small_system(**after))
