"""Merges the layers and fills in what the profile says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, cast

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from trellis.stackfile.nodes import Data
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.shape import Choice, Field, ListOf, MapOf, Object, Shape
from trellis.stackfile.tree import is_list, is_mapping


def merged(over: Mapping[str, Data], under: Mapping[str, Data]) -> dict[str, Data]:
    """One mapping over another: mappings merge, lists replace, `null` takes a key away."""
    result: dict[str, Data] = {k: _kept(v) for k, v in under.items() if v is not None}
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif is_mapping(value):
            below = result.get(key)
            result[key] = merged(value, below if is_mapping(below) else {})
        else:
            result[key] = _kept(value)
    return result


def apply_profile(shape: Object, data: dict[str, Data]) -> set[KeyPath]:
    """Puts development values where nobody set anything.

    Changes `data`; returns the paths that were put there.
    """
    taken: set[KeyPath] = set()
    _fill(shape, data, (), taken)
    return taken


def jsonable(value: Any) -> Data:
    """A default as a person would type it: only what was set explicitly in it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Mapping):
        entries = cast("Mapping[Any, Any]", value).items()
        return {str(k.value if isinstance(k, Enum) else k): jsonable(v) for k, v in entries}
    if isinstance(value, (list, tuple, frozenset, set)):
        return [jsonable(element) for element in cast("Iterable[Any]", value)]
    return to_jsonable_python(value)


def _kept(value: Data) -> Data:
    return merged(value, {}) if is_mapping(value) else value


def _fill(shape: Object, data: dict[str, Data], path: KeyPath, taken: set[KeyPath]) -> None:
    for key, field in shape.fields.items():
        below = (*path, key)
        if key in data:
            _descend(field.shape, data[key], below, taken)
        elif field.development is not None:
            data[key] = jsonable(field.development.value)
            taken.add(below)
        else:
            _fill_default(field, data, below, taken)


def _fill_default(field: Field, data: dict[str, Data], path: KeyPath, taken: set[KeyPath]) -> None:
    """A part that was left out whole can have development values inside."""
    info = field.info
    if info.is_required() or getattr(info, "default_factory_takes_validated_data", False):
        return
    default = info.get_default(call_default_factory=True)
    if not isinstance(default, (BaseModel, dict, list, tuple)):
        return
    value = jsonable(default)
    inner: set[KeyPath] = set()
    _descend(field.shape, value, path, inner)
    if inner:
        data[field.key] = value
        taken |= inner


def _descend(shape: Shape, value: Data, path: KeyPath, taken: set[KeyPath]) -> None:
    if isinstance(shape, Choice):
        chosen = shape.of(value) if shape.tag is None else shape.tagged(value)
        for option in chosen[:1]:
            _descend(option, value, path, taken)
    elif isinstance(shape, Object) and is_mapping(value):
        _fill(shape, value, path, taken)
    elif isinstance(shape, MapOf) and is_mapping(value):
        for key, element in value.items():
            _descend(shape.value, element, (*path, key), taken)
    elif isinstance(shape, ListOf) and is_list(value):
        for position, element in enumerate(value):
            _descend(shape.element, element, (*path, position), taken)
