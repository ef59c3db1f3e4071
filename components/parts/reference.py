"""The mark of a setting that names an entry of the stack file by its key.

Whatever must know which settings name which part (entries that are renamed, completion, where a
key leads) finds the marks: `trellis.stackfile.references`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """Marks a setting that names an entry.

    Example: ``bucket: Annotated[Key, Reference("buckets")]``
    """

    part: str = ""
    """Where the entries stand, as the stack file says it (`loadBalancers`); with `within`, the
    whole path of theirs with `{}` for the key that stands there."""
    beside: str = ""
    """The setting beside it whose value says which part it is, where that depends."""
    parts: tuple[tuple[str, str], ...] = ()
    """The part by the value of `beside`; what is not among them names no entry."""
    within: str = ""
    """The setting beside it that names the entry in which this one stands."""
