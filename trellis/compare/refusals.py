"""Why AWS refuses a change in place or a deletion, as far as it is known beforehand."""

from __future__ import annotations

from collections.abc import Collection

from components.parts.changes import Inputs
from trellis.compare.types import change


def refusal(type_: str, before: Inputs, after: Inputs, changed: Collection[str]) -> str:
    """Why AWS refuses a change in place; empty where it does not.

    Args:
        changed: properties that differ, also those that refer to something made anew.
    """
    known = change(type_)
    for path, why in known.fixed.items():
        if path in changed:
            return why
    found = (rule(before, after) for rule in known.refusals)
    return next((text for text in found if text), "")


def guarded(type_: str, old: Inputs) -> str:
    """Why AWS does not delete it; empty where it does."""
    guard = old.get(change(type_).guard)
    if guard not in (True, "ACTIVE"):
        return ""
    return "its deletion protection is on (take it off first, in an update of its own)"
