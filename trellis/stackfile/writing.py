"""Settings as text of a stack file: plain where that means the same, quoted where it does not."""

from __future__ import annotations

import json
from typing import Any

from trellis.stackfile import scalars, tree

WIDTH = 100
"""Characters of a line that a mapping or list may take; a longer one goes over several."""


def one_line(value: Any) -> str:
    """A value on one line: plain where every reader takes it so, else as JSON, which YAML takes.

    >>> one_line({"account": "012345678901", "zones": 2})
    '{account: "012345678901", zones: 2}'
    """
    if isinstance(value, str) and value:
        return value if _is_plain(value) else json.dumps(value, ensure_ascii=False)
    if tree.is_mapping(value):
        entries = (f"{one_line(key)}: {one_line(element)}" for key, element in value.items())
        return "{" + ", ".join(entries) + "}"
    if tree.is_list(value):
        return "[" + ", ".join(map(one_line, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def entry(key: str, value: Any, indent: int = 0, *, open_to: int = 0) -> list[str]:
    """The lines of a key and its value: on one line where there is room.

    Args:
        indent: spaces before the key.
        open_to: levels of mappings that stand over several lines even where there is room.
    """
    before = " " * indent
    whole = f"{before}{one_line(key)}: {one_line(value)}"
    is_collection = bool(value) and (tree.is_mapping(value) or tree.is_list(value))
    if not is_collection or (not open_to and len(whole) <= WIDTH):
        return [whole]
    lines = [f"{before}{one_line(key)}:"]
    if tree.is_mapping(value):
        for name, element in value.items():
            lines += entry(name, element, indent + 2, open_to=max(0, open_to - 1))
        return lines
    for element in value:
        lines += _item(element, indent + 2)
    return lines


def _item(value: Any, indent: int) -> list[str]:
    before = " " * indent
    whole = f"{before}- {one_line(value)}"
    if len(whole) <= WIDTH or not tree.is_mapping(value):
        return [whole]
    lines = [line for name, element in value.items() for line in entry(name, element, indent + 2)]
    return [f"{before}- {lines[0].lstrip()}", *lines[1:]]


def _is_plain(value: str) -> bool:
    """Whether text stays the same text without quotes, for the engine and for other readers."""
    import yaml

    if "\n" in value or scalars.resolve(value).kind != "text":
        return False
    try:
        return yaml.safe_load(f"[{value}]") == [value] and yaml.safe_load(value) == value
    except yaml.YAMLError:
        return False
