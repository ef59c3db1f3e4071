"""What the settings allow at a path: the models' types, seen as mappings, lists and scalars.

Errors name the nearest key with it, profile defaults are found with it, and the reference and
`trellis explain` describe fields with it, so none of them declares a setting a second time.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel, Discriminator, StringConstraints, Tag
from pydantic.fields import FieldInfo

from components.parts.model import Confidential, Development
from components.parts.reference import Reference
from trellis.stackfile.docstrings import attribute_docstrings
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.tree import get, is_list, is_mapping


@dataclass(frozen=True)
class Scalar:
    """Text, a number, a truth value, a date or one of some words."""

    kind: Literal["text", "integer", "number", "boolean", "date", "choice", "anything"]
    choices: tuple[Any, ...] = ()
    least: Any = None
    most: Any = None
    above: bool = False
    """Whether `least` itself is too little."""
    pattern: str | None = None
    shortest: int | None = None
    longest: int | None = None
    confidential: bool = False
    reference: Reference | None = None
    """Which entry it names; None where it names none."""


@dataclass(frozen=True)
class ListOf:
    """A list of one kind of item."""

    element: Shape
    shortest: int | None = None
    longest: int | None = None


@dataclass(frozen=True)
class MapOf:
    """A mapping whose keys a person chooses."""

    key: Shape
    value: Shape
    shortest: int | None = None
    longest: int | None = None


@dataclass(frozen=True)
class Object:
    """A mapping with the fields of one model."""

    model: type[BaseModel]

    @property
    def fields(self) -> Mapping[str, Field]:
        return fields(self.model)


@dataclass(frozen=True)
class Choice:
    """One of several shapes."""

    options: tuple[tuple[str | None, Shape], ...]
    """Each with its tag, where the choice is by tag."""
    tag: Callable[[Any], Any] | str | None = None
    """What gives the tag: a function of the value, or the name of a field."""

    def tagged(self, value: Any) -> tuple[Shape, ...]:
        """The option that the value's tag names; none where the choice is not by tag."""
        if self.tag is None:
            return ()
        tag = self._tag(value)
        return tuple(shape for name, shape in self.options if name == tag)

    def of(self, value: Any) -> tuple[Shape, ...]:
        """The shapes that a value can be meant for; all when that can't be told."""
        chosen = self.tagged(value)
        if chosen:
            return chosen
        every = tuple(shape for _, shape in self.options)
        fitting = tuple(s for s in every if _takes(s, value)) if self.tag is None else ()
        return fitting or every

    def _tag(self, value: Any) -> Any:
        if callable(self.tag):
            return self.tag(value)
        return get(value, (self.tag,)) if isinstance(self.tag, str) else None


Shape: TypeAlias = Scalar | ListOf | MapOf | Object | Choice


@dataclass(frozen=True)
class Field:
    """One field of a model, by the name a person types."""

    key: str
    name: str
    """In Python."""
    shape: Shape
    model: type[BaseModel]
    info: FieldInfo
    development: Development | None

    @property
    def doc(self) -> str:
        """What its docstring says; empty where it has none."""
        return attribute_docstrings(self.model).get(self.name, "")


@cache
def fields(model: type[BaseModel]) -> dict[str, Field]:
    """A model's fields by their YAML keys."""
    found: dict[str, Field] = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        development = next((m for m in info.metadata if isinstance(m, Development)), None)
        found[key] = Field(
            key,
            name,
            _shape(info.annotation, tuple(info.metadata), info),
            model,
            info,
            development,
        )
    return found


def at(shape: Shape, path: KeyPath, value: Any = None, *, whole: bool = False) -> tuple[Shape, ...]:
    """The shapes a path can have below a shape, given the value there; empty for a wrong path.

    Args:
        whole: every option of a choice at the end, not only those that its value is meant for.
    """
    shapes = _options(shape, None if whole and not path else value)
    for length, part in enumerate(path, 1):
        value = get(value, (part,))
        inner = None if whole and length == len(path) else value
        below: list[Shape] = []
        for variant in shapes:
            if isinstance(variant, Object) and part in variant.fields:
                below.extend(_options(variant.fields[str(part)].shape, inner))
            elif isinstance(variant, MapOf) and isinstance(part, str):
                below.extend(_options(variant.value, inner))
            elif isinstance(variant, ListOf) and isinstance(part, int):
                below.extend(_options(variant.element, inner))
        shapes = tuple(below)
    return shapes


def field_at(shape: Shape, path: KeyPath, value: Any = None) -> Field | None:
    """The field that a path ends in, or None where it ends in a list item or a chosen key."""
    if not path or not isinstance(path[-1], str):
        return None
    for parent in at(shape, path[:-1], value):
        if isinstance(parent, Object) and path[-1] in parent.fields:
            return parent.fields[path[-1]]
    return None


def keys_at(shape: Shape, path: KeyPath, value: Any = None) -> list[str]:
    """The keys that may stand below a path, where they are fixed."""
    keys: dict[str, None] = {}
    for step in at(shape, path, value):
        if isinstance(step, Object):
            keys.update(dict.fromkeys(step.fields))
        elif isinstance(step, MapOf) and isinstance(step.key, Scalar):
            keys.update(dict.fromkeys(map(str, step.key.choices)))
    return list(keys)


def meaning(field: Field) -> str:
    """What a field is, on one line: its own words, else those of the model it holds."""
    models = (leaf.model.__doc__ for leaf in flat(field.shape) if isinstance(leaf, Object))
    return " ".join((field.doc or next(filter(None, models), "")).split())


def takes_text(shapes: Iterable[Shape]) -> bool:
    """Whether text is allowed."""
    return any(
        isinstance(s, Scalar)
        and (
            s.kind in ("text", "anything")
            or (s.kind == "choice" and any(isinstance(word, str) for word in s.choices))
        )
        for s in shapes
    )


def only_text(shapes: Iterable[Shape]) -> bool:
    """Whether nothing but text is allowed."""
    every = [leaf for shape in shapes for leaf in flat(shape)]
    return bool(every) and all(
        isinstance(leaf, Scalar)
        and (
            leaf.kind in ("text", "date")
            or (leaf.kind == "choice" and all(isinstance(word, str) for word in leaf.choices))
        )
        for leaf in every
    )


def flat(shape: Shape) -> tuple[Shape, ...]:
    """The shapes that a shape is a choice of."""
    if isinstance(shape, Choice):
        return tuple(leaf for _, option in shape.options for leaf in flat(option))
    return (shape,)


def _options(shape: Shape, value: Any) -> tuple[Shape, ...]:
    if not isinstance(shape, Choice):
        return (shape,)
    chosen = flat(shape) if value is None else shape.of(value)
    return tuple(leaf for option in chosen for leaf in _options(option, value))


def _takes(shape: Shape, value: Any) -> bool:
    if isinstance(shape, Choice):
        return any(_takes(option, value) for _, option in shape.options)
    if isinstance(shape, Object):
        return is_mapping(value) and (value.keys() <= shape.fields.keys() or not shape.fields)
    if isinstance(shape, MapOf):
        return is_mapping(value)
    if isinstance(shape, ListOf):
        return is_list(value)
    kinds: dict[str, tuple[type, ...]] = {
        "text": (str,), "date": (str,), "boolean": (bool,), "integer": (int,),
        "number": (int, float), "anything": (object,),
    }  # fmt: skip
    if shape.kind == "choice":
        return any(type(choice) is type(value) for choice in shape.choices)
    if isinstance(value, bool):
        return shape.kind in ("boolean", "anything")
    return isinstance(value, kinds[shape.kind])


def _shape(annotation: Any, metadata: tuple[Any, ...], info: FieldInfo | None = None) -> Shape:
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *extra = get_args(annotation)
            metadata = (*metadata, *extra)
        elif hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        else:
            break
    metadata = tuple(_flattened((*metadata, *((info,) if info is not None else ()))))
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return _choice(annotation, metadata)
    if origin is Literal:
        return Scalar("choice", tuple(get_args(annotation)))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Object(annotation)
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        key, value = get_args(annotation)
        limits = _limits(metadata)
        shortest, longest = limits.get("shortest"), limits.get("longest")
        return MapOf(_shape(key, ()), _shape(value, ()), shortest, longest)
    if origin in (list, tuple, frozenset, set) or (
        isinstance(origin, type) and issubclass(origin, Iterable)
    ):
        items = [arg for arg in get_args(annotation) if arg is not Ellipsis]
        shapes = list(dict.fromkeys(_shape(element, ()) for element in items))
        shape = shapes[0] if len(shapes) == 1 else Choice(tuple((None, s) for s in shapes))
        limits = _limits(metadata)
        return ListOf(shape, limits.get("shortest"), limits.get("longest"))
    return _scalar(annotation, metadata)


def _scalar(annotation: Any, metadata: tuple[Any, ...]) -> Scalar:
    limits = _limits(metadata)
    confidential = any(isinstance(mark, Confidential) for mark in metadata)
    reference = next((mark for mark in metadata if isinstance(mark, Reference)), None)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return Scalar("choice", tuple(member.value for member in annotation))
    if limits.get("choices"):
        return Scalar("choice", limits["choices"])
    kinds: dict[Any, Any] = {
        str: "text",
        bool: "boolean",
        int: "integer",
        float: "number",
        date: "date",
    }
    kind = kinds.get(annotation, "anything")  # fmt: skip
    limits.pop("choices", None)
    return Scalar(kind, confidential=confidential, reference=reference, **limits)


def _choice(annotation: Any, metadata: tuple[Any, ...]) -> Shape:
    tag = next((found for found in map(_discriminator, metadata) if found is not None), None)
    arguments = [argument for argument in get_args(annotation) if argument is not type(None)]
    # What is said of a choice holds for its only option, beside None; of several, only the secrecy.
    marks = tuple(m for m in metadata if len(arguments) == 1 or isinstance(m, Confidential))
    options: list[tuple[Any, Shape]] = []
    for argument in arguments:
        inner = tuple(get_args(argument)[1:]) if get_origin(argument) is Annotated else ()
        name = next((m.tag for m in inner if isinstance(m, Tag)), None)
        shape = _shape(argument, marks)
        if isinstance(tag, str) and isinstance(shape, Object):
            options.extend((value, shape) for value in _tag_values(shape, tag))
        else:
            options.append((name, shape))
    if len(arguments) == 1:
        return options[0][1]
    return Choice(tuple(options), tag)


def _discriminator(mark: Any) -> Any:
    """What gives the tag of a choice: a function of the value, or a field's name; or None."""
    given = mark.discriminator if isinstance(mark, (FieldInfo, Discriminator)) else None
    return given.discriminator if isinstance(given, Discriminator) else given


def _tag_values(shape: Object, tag: str) -> tuple[Any, ...]:
    for field in shape.fields.values():
        if tag in (field.key, field.name) and isinstance(field.shape, Scalar):
            return field.shape.choices
    return ()


def _flattened(metadata: Iterable[Any]) -> Iterable[Any]:
    for mark in metadata:
        if isinstance(mark, FieldInfo):
            yield from (
                annotation for annotation in mark.metadata if not isinstance(annotation, FieldInfo)
            )
            if mark.discriminator is not None:
                yield mark
            extra = mark.json_schema_extra
            if isinstance(extra, dict) and "enum" in extra:
                yield _Enumerated(tuple(extra["enum"]))  # type: ignore[arg-type]
        else:
            yield mark


@dataclass(frozen=True)
class _Enumerated:
    choices: tuple[Any, ...]


def _limits(metadata: tuple[Any, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for mark in metadata:
        if isinstance(mark, StringConstraints):
            found.update(
                pattern=str(mark.pattern) if mark.pattern is not None else None,
                shortest=mark.min_length,
                longest=mark.max_length,
            )
        elif isinstance(mark, annotated_types.Ge):
            found["least"] = mark.ge
        elif isinstance(mark, annotated_types.Gt):
            found.update(least=mark.gt, above=True)
        elif isinstance(mark, annotated_types.Le):
            found["most"] = mark.le
        elif isinstance(mark, annotated_types.Lt):
            found["most"] = mark.lt
        elif isinstance(mark, annotated_types.MinLen):
            found["shortest"] = mark.min_length
        elif isinstance(mark, annotated_types.MaxLen):
            found["longest"] = mark.max_length
        elif isinstance(mark, _Enumerated):
            found["choices"] = mark.choices
        elif getattr(mark, "pattern", None) is not None:
            found["pattern"] = str(mark.pattern)
    return found
