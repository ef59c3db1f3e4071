"""Inputs of resources as they are compared: which properties differ, and what is held equal."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from trellis.compare.replacing import Kind
from trellis.planner.wire import UNKNOWN, FileContent, Secret
from trellis.stackfile.tree import is_list

Change = tuple[str, Kind]
"""A dotted path without positions, and what happens there."""

HIDDEN: Final = "a value that is encrypted in the state"
"""What a secret of an exported state is compared as: it can't be told from any other."""

NAMED_BY_CONTENT: Final = re.compile(r"(?:^|-)[0-9a-f]{16}\.zip$")
"""Names of packages that Trellis writes: the digest of what they hold (`components.parts.package`,
`components.functions.package`). A plan names them; only a deployment writes them."""

_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.\[\]]+)')


def plain(value: Any, folder: Path) -> Any:
    """A value without marks: secrets opened, files as a digest of what they hold.

    Args:
        folder: what relative paths of files start from.
    """
    if isinstance(value, Secret):
        return plain(value.value, folder)
    if isinstance(value, FileContent):
        return f"{value.kind} {_digest(value.value, folder)}"
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {key: plain(inner, folder) for key, inner in items if inner is not None}
    if isinstance(value, (list, tuple)):
        return [plain(inner, folder) for inner in cast("list[Any]", value)]
    return value


def _digest(value: Any, folder: Path) -> str:
    digest = hashlib.sha256()
    if isinstance(value, Mapping):
        for key, inner in sorted(cast("Mapping[str, Any]", value).items()):
            digest.update(f"{key}\0{plain(inner, folder)}\0".encode())
    elif isinstance(value, str):
        place = folder / value
        if NAMED_BY_CONTENT.search(place.name):
            return place.name
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(place)}\0".encode() + file.read_bytes())
        if not place.exists():
            digest.update(value.encode())
    return digest.hexdigest()[:16]


def kept(before: Any, after: Any, paths: tuple[str, ...]) -> Any:
    """The new inputs with the old values where `ignoreChanges` says so, as the engine does."""
    for path in paths:
        steps = ["".join(found) for found in cast("list[tuple[str, ...]]", _STEP.findall(path))]
        after = _reset(steps, before, after)
    return after


def _reset(steps: list[str], before: Any, after: Any) -> Any:
    head, rest = steps[0], steps[1:]
    if isinstance(before, list) and isinstance(after, list):
        old, new = cast("list[Any]", before), cast("list[Any]", after)
        return [
            (_reset(rest, old[place], element) if rest else old[place])
            if place < len(old) and head in ("*", str(place))
            else element
            for place, element in enumerate(new)
        ]
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    old, new = cast("dict[str, Any]", before), dict(cast("dict[str, Any]", after))
    for key in {*old, *new} if head == "*" else {head}:
        if rest:
            if key in old and key in new:
                new[key] = _reset(rest, old[key], new[key])
        elif key in old:
            new[key] = old[key]
        else:
            new.pop(key, None)
    return new


def differences(
    before: Any, after: Any, unordered: frozenset[str], path: str = ""
) -> Iterator[Change]:
    """Where two values differ: each path, and every path above it."""
    if _alike(before, after, path in unordered):
        return
    if path:
        yield path, "add" if before is None else "remove" if after is None else "change"
    if isinstance(before, dict) or isinstance(after, dict):
        old = cast("dict[str, Any]", before) if isinstance(before, dict) else {}
        new = cast("dict[str, Any]", after) if isinstance(after, dict) else {}
        for key in {**old, **new}:
            below = f"{path}.{key}" if path else key
            yield from differences(old.get(key), new.get(key), unordered, below)
    elif isinstance(before, list) or isinstance(after, list):
        old_items = cast("list[Any]", before) if isinstance(before, list) else []
        new_items = cast("list[Any]", after) if isinstance(after, list) else []
        for place in range(max(len(old_items), len(new_items))):
            one = old_items[place] if place < len(old_items) else None
            other = new_items[place] if place < len(new_items) else None
            if isinstance(one, dict) or isinstance(other, dict):
                yield from _inside(one, other, unordered, path)


def _inside(before: Any, after: Any, unordered: frozenset[str], path: str) -> Iterator[Change]:
    """The differences inside two items of a list: the list itself is told already."""
    old = cast("dict[str, Any]", before) if isinstance(before, dict) else {}
    new = cast("dict[str, Any]", after) if isinstance(after, dict) else {}
    for key in {**old, **new}:
        yield from differences(old.get(key), new.get(key), unordered, f"{path}.{key}")


def _alike(before: Any, after: Any, unordered: bool) -> bool:
    if HIDDEN in (before, after):
        return before is not None and after is not None
    if before is UNKNOWN or after is UNKNOWN:
        return before is after
    if before == after and type(before) is type(after):
        return True
    if isinstance(before, (int, float, bool)) and isinstance(after, str):
        before, after = after, before
    if isinstance(before, str) and isinstance(after, (int, float, bool)):
        return before == (str(after).lower() if isinstance(after, bool) else str(after))
    if isinstance(before, str) and isinstance(after, str):
        return _same_json(before, after)
    if unordered and is_list(before) and is_list(after):
        return _sorted(before) == _sorted(after)
    if before in (None, [], {}) and after in (None, [], {}):
        return True
    return before == after


def _sorted(items: list[Any]) -> list[str]:
    return sorted(json.dumps(element, sort_keys=True, default=str) for element in items)


def _same_json(before: str, after: str) -> bool:
    if before[:1] not in ("{", "[") or after[:1] not in ("{", "["):
        return False
    try:
        return json.loads(before) == json.loads(after)
    except ValueError:
        return False


def replaced_text(value: Any, change: Callable[[str], str]) -> Any:
    """A value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {key: replaced_text(inner, change) for key, inner in items}
    if isinstance(value, list):
        return [replaced_text(inner, change) for inner in cast("list[Any]", value)]
    return value


def texts(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in cast("dict[str, Any]", value).values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from texts(inner)
