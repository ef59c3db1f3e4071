"""What a change, a replacement or a deletion means to people beyond what the engine says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trellis.compare.step import Step
from trellis.compare.types import change
from trellis.compare.values import plain


def meant(step: Step) -> Iterator[str]:
    """What a person should know of a change or a deletion, one thing a line."""
    known = change(step.type)
    if known.leaves is not None and step.old is not None:
        after = plain(step.new.inputs, Path()) if step.new is not None else None
        left = known.leaves(plain(step.old.inputs, Path()), after)
        if left:
            yield left
    if step.operation == "delete":
        if known.deletion and not step.retained:
            yield known.deletion
        return
    if step.operation != "update" or step.old is None or step.new is None:
        return
    old, new = plain(step.old.inputs, Path()), plain(step.new.inputs, Path())
    for key, (what, unit) in known.shorter.items():
        if key in step.changed and _less(new.get(key), old.get(key)):
            yield f"goes: {what} {new[key]} {unit}"
    for meaning in known.meanings:
        text = meaning(old, new)
        if text:
            yield text


def _less(new: Any, old: Any) -> bool:
    """Whether a time is shorter; none, and nought of a log group, is for ever."""
    return isinstance(new, int) and new > 0 and (not isinstance(old, int) or not 0 < old <= new)
