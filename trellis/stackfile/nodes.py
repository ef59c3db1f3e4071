"""The values of a YAML file with their positions: scalars, lists and mappings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from trellis.stackfile.problems import KeyPath
from trellis.stackfile.scalars import Scalar

Data: TypeAlias = Any
"""What JSON can say: dicts, lists, strings, numbers, booleans and None."""


@dataclass(slots=True)
class Leaf:
    """A scalar and where its text begins."""

    scalar: Scalar
    line: int
    column: int
    size: int = 1
    depth: int = 1


@dataclass(slots=True)
class Sequence:
    """A list."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list["Node"])
    size: int = 1
    depth: int = 1


@dataclass(slots=True)
class Entry:
    """A value under its key, and where the key stands."""

    line: int
    column: int
    node: Node


@dataclass(slots=True)
class Mapping:
    """A mapping, merge keys (`<<`) already followed."""

    line: int
    column: int
    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    size: int = 1
    depth: int = 1


Node: TypeAlias = Leaf | Sequence | Mapping


def plain(node: Node) -> Data:
    """The value of a node as JSON has it."""
    if isinstance(node, Leaf):
        return node.scalar.value
    if isinstance(node, Sequence):
        return [plain(element) for element in node.items]
    return {key: plain(entry.node) for key, entry in node.entries.items()}


def scalars(node: Node, path: KeyPath) -> Iterator[tuple[KeyPath, Leaf]]:
    """Every scalar below a node, with its path."""
    if isinstance(node, Leaf):
        yield path, node
    elif isinstance(node, Sequence):
        for position, element in enumerate(node.items):
            yield from scalars(element, (*path, position))
    else:
        for key, entry in node.entries.items():
            yield from scalars(entry.node, (*path, key))


def find(node: Node, path: KeyPath) -> tuple[Node, int, int] | None:
    """The node at a path, with the line and column to point at, or None.

    A scalar is pointed at itself, a list or mapping at its key.
    """
    line, column = node.line, node.column
    for part in path:
        if isinstance(node, Mapping) and part in node.entries:
            entry = node.entries[str(part)]
            node, line, column = entry.node, entry.line, entry.column
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            line, column = node.line, node.column
        else:
            return None
    if isinstance(node, Leaf) and node.scalar.kind != "null":
        line, column = node.line, node.column
    return node, line, column


def find_key(node: Node, path: KeyPath) -> tuple[int, int] | None:
    """Where the key at a path stands, or None."""
    if not path:
        return node.line, node.column
    found = find(node, path[:-1])
    if found is None:
        return None
    parent, last = found[0], path[-1]
    if isinstance(parent, Mapping) and last in parent.entries:
        entry = parent.entries[str(last)]
        return entry.line, entry.column
    if isinstance(parent, Sequence) and isinstance(last, int) and last < len(parent.items):
        return parent.items[last].line, parent.items[last].column
    return None
