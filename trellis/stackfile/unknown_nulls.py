"""Finds `null` that takes nothing away, unnoticed: of no setting, or an entry that nothing has."""

from __future__ import annotations

from collections.abc import Iterator

from trellis.stackfile.layers import SYSTEM, Layer, Layers
from trellis.stackfile.nodes import Data
from trellis.stackfile.problems import KeyPath, Problem
from trellis.stackfile.shape import MapOf, Object, at, keys_at
from trellis.stackfile.suggesting import did_you_mean
from trellis.stackfile.tree import get, is_mapping
from trellis.stackfile.wording import listed


def unknown_nulls(layers: Layers) -> list[Problem]:
    """The problems, one a key."""
    result: list[Problem] = []
    for layer in layers.ordered:
        for path in _nulls(layer.data, ()):
            parent, key = path[:-1], str(path[-1])
            known = keys_at(SYSTEM, parent, layer.data)
            free = any(isinstance(shape, MapOf) for shape in at(SYSTEM, parent, layer.data))
            if known and key not in known and not free:
                result.append(
                    Problem(
                        path,
                        f"the unknown key {key}",
                        "one of " + listed(known),
                        did_you_mean(key, known),
                        layer.source(path, key=True),
                    )
                )
            elif _entry(path, layer.data) and not _inherited(layers, layer, path):
                result.append(
                    Problem(
                        path,
                        "nothing",
                        "`{}` for one with every default, or what it is to have",
                        "`null`, or nothing, takes an inherited key away, and there is none",
                        layer.source(path, key=True),
                    )
                )
    return result


def _entry(path: KeyPath, data: Data) -> bool:
    """Whether a person means that something is there: an entry by name."""
    parent = path[:-1]
    return any(
        isinstance(shape, MapOf) and isinstance(shape.value, Object)
        for shape in at(SYSTEM, parent, get(data, parent))
    )


def _inherited(layers: Layers, layer: Layer, path: KeyPath) -> bool:
    return layer is layers.own and layers.shared.has(path)


def _nulls(value: Data, path: KeyPath) -> Iterator[KeyPath]:
    if is_mapping(value):
        for key, element in value.items():
            if element is None:
                yield (*path, key)
            else:
                yield from _nulls(element, (*path, key))
