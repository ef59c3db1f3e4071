"""Walks values as JSON has them: mappings, lists and scalars, by path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeGuard

from trellis.stackfile.problems import KeyPath


class _Missing:
    pass


MISSING: Final = _Missing()


def is_mapping(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a value is a mapping (JSON's have text keys only)."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a value is a list."""
    return isinstance(value, list)


def child(value: object, part: str | int) -> Any:
    """What is below a value under a key or position; `MISSING` if nothing is."""
    if is_mapping(value):
        return value.get(part, MISSING) if isinstance(part, str) else MISSING
    if is_list(value) and isinstance(part, int) and part < len(value):
        return value[part]
    return MISSING


def at(value: object, path: KeyPath) -> Any:
    """What is at a path; `MISSING` if nothing is."""
    for part in path:
        value = child(value, part)
    return value


def has(value: object, path: KeyPath) -> bool:
    """Whether something is at a path."""
    return at(value, path) is not MISSING


def get(value: object, path: KeyPath) -> Any:
    """What is at a path; None if nothing is."""
    found = at(value, path)
    return None if found is MISSING else found


def leaves(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every scalar and every empty list or mapping below a value, with its path."""
    if is_mapping(value) and value:
        for key, element in value.items():
            yield from leaves(element, (*path, key))
    elif is_list(value) and value:
        for position, element in enumerate(value):
            yield from leaves(element, (*path, position))
    else:
        yield path, value
