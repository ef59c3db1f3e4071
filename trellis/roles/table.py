"""The dated table of actions by type of resource (`actions.json`, made by `tools.role_actions`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("actions.json")


@cache
def _table() -> Mapping[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def dated() -> str:
    """When the table was made, as in `2026-11-29`."""
    return str(_table()["date"])


def sources() -> Mapping[str, str]:
    """What it was made from, by source."""
    return _table()["sources"]


def types() -> frozenset[str]:
    """Every type that has a row."""
    return frozenset(_table()["types"])


@cache
def actions_of(type_: str) -> Mapping[str, str]:
    """The actions that resources of a type take, with the reason that each is in the table.

    Raises:
        LookupError: the type has no row.
    """
    row = _table()["types"].get(type_)
    if row is None:
        raise LookupError(f"{type_} has no row in the table of actions of {dated()}")
    reasons: Mapping[str, str] = _table()["reasons"]
    return {
        action: reasons[reason] for reason, actions in row["actions"].items() for action in actions
    }
