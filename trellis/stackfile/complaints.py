"""What a check of the whole stack file says, and the words for a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from trellis.stackfile.problems import KeyPath
from trellis.stackfile.suggesting import did_you_mean

Complaint: TypeAlias = tuple[KeyPath, str, str, str]
"""Path, what was found, what is allowed, and a hint."""


def unknown(path: KeyPath, kind: str, name: str, known: Iterable[str]) -> Complaint:
    """A `kind` (as in `queue`) that nothing in the stack file has the name of."""
    names = sorted(known)
    allowed = f"one of {', '.join(names)}" if names else f"none: the stack file has no {kind}"
    return path, f"{kind} {name}", allowed, did_you_mean(name, names)
