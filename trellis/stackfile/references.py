"""Which settings name an entry of the stack file, and where entries stand within others.

Both are computed from the settings: a setting that names an entry is marked with `Reference`, a
`uses:` line names one by each of its kinds, and an entry is whatever has `formerly`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from components.parts.model import Keyed
from components.parts.reference import Reference
from components.parts.uses import KINDS, UseSettings
from trellis.registry import DeclarationError, camel, part_of
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.shape import Choice, ListOf, MapOf, Object, Shape

_Path = tuple[str, ...]


@cache
def references() -> Mapping[str, Reference]:
    """Settings that name an entry, as paths with `*` for keys and positions.

    Those that name an entry within another one stand first: what names the outer entry then still
    says the key that the file has.

    Raises:
        DeclarationError: a setting names a part that no stack file has.
    """
    found = {".".join(path): reference for path, reference in _marked(Object(SystemSettings), ())}
    parts = {str(field.alias) for field in SystemSettings.model_fields.values()}
    for path, reference in found.items():
        named = {part for _, part in reference.parts} if reference.beside else {reference.part}
        if unknown := sorted(part for part in named if part.split(".")[0] not in parts):
            raise DeclarationError(f"{path} names an entry of {unknown[0]}, which is no part")
    return dict(sorted(found.items(), key=lambda pair: not pair[1].within))


@cache
def nested() -> tuple[str, ...]:
    """Where entries stand within others, as paths with `*` for keys."""
    places = {".".join(path) for path in _entries(Object(SystemSettings), ())}
    return tuple(sorted(place for place in places if "." in place))


def _marked(shape: Shape, path: _Path) -> Iterator[tuple[_Path, Reference]]:
    match shape:
        case Object():
            for key, field in shape.fields.items():
                if shape.model is UseSettings and key in KINDS:
                    part = part_of(key)
                    # What stands deeper has no former keys.
                    if "." not in part:
                        yield (*path, key), Reference(camel(part))
                else:
                    yield from _marked(field.shape, (*path, key))
        case MapOf():
            yield from _marked(shape.value, (*path, "*"))
        case ListOf():
            yield from _marked(shape.element, (*path, "*"))
        case Choice():
            for _, option in shape.options:
                yield from _marked(option, path)
        case _:
            if shape.reference is not None:
                yield path, shape.reference


def _entries(shape: Shape, path: _Path) -> Iterator[_Path]:
    match shape:
        case Object():
            for key, field in shape.fields.items():
                yield from _entries(field.shape, (*path, key))
        case MapOf():
            if any(_is_entry(option) for option in _options(shape.value)):
                yield path
            yield from _entries(shape.value, (*path, "*"))
        case ListOf():
            yield from _entries(shape.element, (*path, "*"))
        case Choice():
            for _, option in shape.options:
                yield from _entries(option, path)
        case _:
            pass


def _options(shape: Shape) -> tuple[Shape, ...]:
    return tuple(option for _, option in shape.options) if isinstance(shape, Choice) else (shape,)


def _is_entry(shape: Shape) -> bool:
    return isinstance(shape, Object) and issubclass(shape.model, Keyed)
