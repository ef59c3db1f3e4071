"""Properties whose change makes AWS's provider replace a resource, by type.

The table (`replacing.json`) is made by `make replacing` from the provider's own plans and from
CloudFormation's create-only properties; its date and sources are in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

FILE = Path(__file__).with_name("replacing.json")

Kind = Literal["change", "add", "remove"]
"""What happens to a property: another value, one where none was, none where one was."""


@dataclass(frozen=True)
class Entry:
    """One property whose change replaces."""

    path: str
    """Dotted, without positions: `rootBlockDevice.volumeType`."""
    kinds: frozenset[Kind]
    sources: tuple[str, ...]
    """Who says so: `provider`, `cloudformation`."""
    why: str
    """Why one source alone says so; empty where both do."""


@dataclass(frozen=True)
class Rules:
    """What is known of one type."""

    entries: Mapping[str, Entry]
    unordered: frozenset[str]
    """Paths of sets: another order is no change."""
    delete_first: bool
    """Whether the provider takes the old one away before it makes the new one, whatever its name
    (`DeleteBeforeReplace` in the resources of pulumi-aws 7.51)."""
    auto_named: str
    """The property that the provider makes a name up for where none is given; a name given by hand
    makes it take the old one away first. Empty where there is none."""


@cache
def _table() -> Mapping[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def dated() -> date:
    """When the table was made."""
    return date.fromisoformat(_table()["date"])


def types() -> frozenset[str]:
    """The types that are in the table."""
    return frozenset(_table()["types"])


@cache
def rules(type_: str) -> Rules:
    """The rules of a type; none for one that is not in the table."""
    found = _table()["types"].get(type_, {})
    return Rules(
        {
            path: Entry(
                path,
                frozenset(entry["kinds"]),
                tuple(entry["sources"]),
                entry.get("why", ""),
            )
            for path, entry in found.get("properties", {}).items()
        },
        frozenset(found.get("unordered", ())),
        bool(found.get("deleteFirst")),
        str(found.get("autoNamed", "")),
    )


def forcing(type_: str, changes: Iterable[tuple[str, Kind]]) -> tuple[str, ...]:
    """Which of the changed properties replace a resource.

    Args:
        changes: dotted paths without positions, with what happens to each.
    """
    entries = rules(type_).entries
    return tuple(
        dict.fromkeys(
            path for path, kind in changes if (found := entries.get(path)) and kind in found.kinds
        )
    )
