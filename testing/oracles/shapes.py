"""What a botocore service model allows in a value: enums, patterns, lengths and ranges."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape

from trellis.planner.wire import UNKNOWN, FileContent, Secret

_CLASSES = {
    "L": "A-Za-z\u00aa-\u02af\u0370-\u1fff\u2c00-\ud7ff",
    "IsL": "A-Za-z\u00aa-\u02af\u0370-\u1fff\u2c00-\ud7ff",
    "Letter": "A-Za-z\u00aa-\u02af\u0370-\u1fff\u2c00-\ud7ff",
    "Lu": "A-Z\u00c0-\u00de",
    "Ll": "a-z\u00df-\u00ff",
    "N": "0-9\u00b2\u00b3\u00b9\u0660-\u0669",
    "Nd": "0-9\u0660-\u0669",
    "Z": " \u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
    "Zs": " \u00a0\u2000-\u200a\u202f\u205f\u3000",
    "M": "\u0300-\u036f",
    "P": "!-#%-*,-/:;?@\\[-\\]_{}\u00a1\u00a7\u00ab\u00b6\u00bb\u00bf",
    "S": "$+<-=>\\^`|~\u00a2-\u00a9",
    "C": "\x00-\x1f\x7f-\x9f",
    "Cntrl": "\x00-\x1f\x7f",
    "ASCII": "\x00-\x7f",
    "Alnum": "A-Za-z0-9",
    "Alpha": "A-Za-z",
    "Digit": "0-9",
    "Lower": "a-z",
    "Upper": "A-Z",
    "XDigit": "0-9A-Fa-f",
    "Punct": "!-/:-@\\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Space": " \t\n\x0b\f\r",
    "Blank": " \t",
}
"""Java's character classes as what stands inside brackets, as far as AWS's patterns use them."""


_ALL_PAIRS = re.compile(r"\\uD800\\uDC00-\\uDBFF\\uDFFF", re.IGNORECASE)
"""How Java writes the characters beyond the basic plane: as UTF-16 pairs."""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A service model's pattern, which is Java's, as Python's.

    Raises:
        re.error, KeyError: it uses something that is not translated.
    """
    # Java may change to any case in the middle; Python may not, so small letters have to do.
    pattern = pattern.replace("(?i)", "")
    pattern = _ALL_PAIRS.sub(r"\\U00010000-\\U0010ffff", pattern)
    parts: list[str] = []
    inside = False
    position = 0
    while position < len(pattern):
        found = re.match(r"\\p\{(\w+)\}", pattern[position:])
        if found:
            characters = _CLASSES[found[1]]
            parts.append(characters if inside else f"[{characters}]")
            position += found.end()
            if inside and pattern[position : position + 1] == "-":
                # After a class, which begins no range, Java takes it as itself.
                parts.append("\\-")
                position += 1
            continue
        character = pattern[position]
        if character == "\\":
            parts.append(pattern[position : position + 2])
            position += 2
            continue
        if character == "[" and not inside:
            inside = True
        elif character == "[":
            character = "\\["
        elif character == "]" and inside:
            inside = False
        parts.append(character)
        position += 1
    return re.compile("".join(parts))


@cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


@cache
def operation_input(service: str, operation: str) -> StructureShape:
    """The request of one API operation, as botocore's newest model of the service has it."""
    shape = _session().get_service_model(service).operation_model(operation).input_shape
    assert isinstance(shape, StructureShape)
    return shape


def member(shape: Shape, key: str) -> Shape | None:
    """A structure's member by a Pulumi property's name: case and a plural `s` aside."""
    if not isinstance(shape, StructureShape):
        return None
    wanted = key.lower()
    for name, shape_member in shape.members.items():
        if name.lower() in {wanted, wanted.removesuffix("s"), wanted + "s"}:
            return shape_member
    return None


def complaints(value: Any, shape: Shape, path: str) -> Iterator[str]:
    """What the model says against a value; nothing for what is not known yet."""
    if isinstance(value, Secret):
        value = value.value
    if value is None or value is UNKNOWN or isinstance(value, FileContent):
        return
    if isinstance(value, bool):
        return
    if isinstance(value, str):
        yield from _text(value, shape, path)
    elif isinstance(value, int | float):
        yield from _number(value, shape, path)
    elif isinstance(value, Mapping):
        yield from _mapping(cast("Mapping[str, Any]", value), shape, path)
    elif isinstance(value, list):
        yield from _list(cast("list[Any]", value), shape, path)


def _text(value: str, shape: Shape, path: str) -> Iterator[str]:
    if isinstance(shape, ListShape | StructureShape) and value[:1] in {"[", "{"}:
        yield from complaints(json.loads(value), shape, path)
        return
    if isinstance(shape, ListShape):
        yield from complaints(value, shape.member, path)
        return
    if shape.type_name in {"integer", "long", "float", "double"}:
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            yield from _number(float(value), shape, path)
        return
    if shape.type_name != "string":
        return
    enum = shape.metadata.get("enum")
    if enum and value not in enum:
        yield f"{path}: {value!r} is none of {', '.join(enum[:12])}"
    limits = shape.metadata
    if not limits.get("min", 0) <= len(value) <= limits.get("max", len(value)):
        yield f"{path}: {len(value)} characters, allowed {_range(limits)}: {value[:80]!r}"
    pattern = limits.get("pattern")
    if pattern and not compiled(pattern).fullmatch(value):
        yield f"{path}: {value[:120]!r} does not match {pattern}"


def _number(value: float, shape: Shape, path: str) -> Iterator[str]:
    limits = shape.metadata
    if shape.type_name in {"integer", "long", "float", "double"} and not (
        limits.get("min", value) <= value <= limits.get("max", value)
    ):
        yield f"{path}: {value:g}, allowed {_range(limits)}"
    if shape.type_name == "string":
        yield from _text(f"{value:g}", shape, path)


def _mapping(value: Mapping[str, Any], shape: Shape, path: str) -> Iterator[str]:
    if isinstance(shape, MapShape):
        for key, element in value.items():
            yield from complaints(key, shape.key, f"{path}.{key} (the key)")
            yield from complaints(element, shape.value, f"{path}.{key}")
    elif isinstance(shape, ListShape):
        pair = shape.member
        names = (
            {name.lower(): entry for name, entry in pair.members.items()}
            if isinstance(pair, StructureShape)
            else {}
        )
        if {"key", "value"} <= names.keys():
            for key, element in value.items():
                yield from complaints(key, names["key"], f"{path}.{key} (the key)")
                yield from complaints(element, names["value"], f"{path}.{key}")
        else:
            yield from complaints(value, pair, path)
    else:
        for key, element in value.items():
            found = member(shape, key)
            if found is not None:
                yield from complaints(element, found, f"{path}.{key}")


def _list(value: list[Any], shape: Shape, path: str) -> Iterator[str]:
    if isinstance(shape, ListShape):
        limits = shape.metadata
        if not limits.get("min", 0) <= len(value) <= limits.get("max", len(value)):
            yield f"{path}: {len(value)} items, allowed {_range(limits)}"
        for index, element in enumerate(value):
            yield from complaints(element, shape.member, f"{path}[{index}]")
        return
    if isinstance(shape, StructureShape):
        # Older APIs wrap a list in a structure of `Quantity` and `Items`, or of the list alone.
        lists = [entry for entry in shape.members.values() if isinstance(entry, ListShape)]
        if len(lists) == 1:
            yield from _list(value, lists[0], path)


def _range(limits: Mapping[str, Any]) -> str:
    return f"{limits.get('min', 0)} to {limits.get('max', 'any number')}"
