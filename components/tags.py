"""Tags: what every resource carries as the provider's default tags, and `Name` for each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

RESERVED = ("System", "Environment", "Stack", "ManagedBy")
"""Keys Trellis sets itself; a stack file may not."""

MANAGED_BY = "Trellis"

EXPIRES = "trellis:expires"
"""Tag of everything in a stack that is there for a while: its last day."""


def default_tags(
    system: str, environment: str, stack: str, own: Mapping[str, str], expires: date | None = None
) -> dict[str, str]:
    """The tags of every resource: Trellis's own four, the last day where there is one, then the
    stack file's."""
    return {
        "System": system,
        "Environment": environment,
        "Stack": stack,
        "ManagedBy": MANAGED_BY,
        **({EXPIRES: expires.isoformat()} if expires is not None else {}),
        **own,
    }


def name_tag(name: str, own: Mapping[str, str] | None = None) -> dict[str, str]:
    """The tags one resource adds to the default ones."""
    return {"Name": name, **(own or {})}


def tagged_anew(_: Mapping[str, object], __: Mapping[str, object]) -> str:
    """What other default tags mean: no resource names them itself."""
    return "every resource that takes tags gets the other ones in place"
