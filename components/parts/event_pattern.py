"""Patterns of events as EventBridge and Lambda's event filters write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

OR = "$or"
"""A list of patterns of which one holds ("Create event patterns: Or matching", EventBridge User
Guide, 2026-11)."""


def whole_event_pattern(pattern: dict[str, Any]) -> dict[str, Any]:
    """The pattern as it was given.

    Raises:
        ValueError: AWS refuses it: every field says its values as a list ("Amazon EventBridge event
            patterns", "Lambda event filtering: filter rule syntax", 2026-11).
    """
    problem = _problem(pattern, "")
    if problem:
        raise ValueError(problem)
    return pattern


def _problem(pattern: Mapping[str, Any], path: str) -> str:
    if not pattern:
        return f"a pattern that asks for something{path and f', at `{path}`'}"
    for key, value in pattern.items():
        place = f"{path}.{key}" if path else key
        if isinstance(value, Mapping):
            found = _problem(cast("Mapping[str, Any]", value), place)
        elif not isinstance(value, list) or not value:
            found = f"a list of values for `{place}`, as in [{_word(value)}]"
        elif key == OR:
            found = next(filter(None, (_either(part, place) for part in cast("Any", value))), "")
        else:
            found = ""
        if found:
            return found
    return ""


def _either(part: Any, place: str) -> str:
    if not isinstance(part, Mapping):
        return f"a list of patterns for `{place}`"
    return _problem(cast("Mapping[str, Any]", part), place)


def _word(value: Any) -> str:
    return "FAILED" if isinstance(value, (list, Mapping)) or value is None else str(value)
