"""Turns what pydantic says of the merged settings into problems a person understands."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from components.parts.model import FieldError, HiddenValueError
from trellis.stackfile.foreign_words import foreign
from trellis.stackfile.layers import SYSTEM, Layers
from trellis.stackfile.nodes import Data
from trellis.stackfile.problems import KeyPath, Problem, Source, dotted
from trellis.stackfile.scalars import Scalar as Written
from trellis.stackfile.scalars import key_text, loses, octal
from trellis.stackfile.shape import (
    Choice,
    ListOf,
    MapOf,
    Object,
    Scalar,
    Shape,
    at,
    field_at,
    flat,
    keys_at,
    only_text,
    takes_text,
)
from trellis.stackfile.suggesting import did_you_mean
from trellis.stackfile.tree import get, has, is_list, is_mapping
from trellis.stackfile.wording import described, found, listed

UNTAGGED = ("union_tag_invalid", "union_tag_not_found")
SIZES = ("too_short", "too_long")
HIDDEN = "hidden_value"
VERDICTS = ("value_error", "assertion_error", HIDDEN)
"""Kinds of error whose text our own validators wrote: it says what is allowed."""


@dataclass(frozen=True)
class Finding:
    """One error with the real path it is about."""

    path: KeyPath
    kind: str
    message: str
    is_key: bool
    unions: tuple[tuple[KeyPath, Choice, str], ...]
    """The untagged choices on the way: where, which, and the option that was tried."""


def findings(error: ValidationError, data: dict[str, Data], root: Object = SYSTEM) -> list[Finding]:
    """The errors with real paths; what an untagged choice said of other options is left out."""
    every = [_finding(detail, root) for detail in error.errors(include_url=False)]
    kept = _chosen(every, data)
    paths = {finding.path for finding in kept}
    return [
        finding
        for finding in kept
        if finding.kind not in SIZES
        or not any(p != finding.path and p[: len(finding.path)] == finding.path for p in paths)
    ]


def problems(
    every: Iterable[Finding], data: dict[str, Data], layers: Layers, hidden: Collection[KeyPath]
) -> list[Problem]:
    """The findings as problems, with where the value stands."""
    return [_problem(finding, data, layers, hidden) for finding in every]


def unquoted(data: dict[str, Data], layers: Layers) -> list[Problem]:
    """Unquoted scalars that the engine reads as something else than what is written.

    Pulumi hands a top value on as text whatever it is; below the top, validation finds a number
    where text is wanted.
    """
    result: list[Problem] = []
    for layer in layers.ordered:
        for path, scalar, source in layer.plain_scalars():
            never, top = scalar.kind == "date" or octal(scalar), len(path) == 1
            if scalar.kind in ("text", "null") or not (never or top or loses(scalar)):
                continue
            if (layer is layers.shared and layers.own.has(path)) or not has(data, path):
                continue  # another value holds
            shapes = at(SYSTEM, path, data)
            changed = loses(scalar) and takes_text(shapes)
            if not (never or changed or (top and only_text(shapes))):
                continue
            result.append(
                Problem(
                    path,
                    f"{scalar.raw} without quotes, which the engine reads as {_value(scalar)}",
                    _allowed(shapes) if shapes else "the same in quotes",
                    _quote(scalar, shapes),
                    source,
                )
            )
    return result


def locate(layers: Layers, path: KeyPath, *, key: bool = False) -> Source | None:
    """Where a path is set; for one that is not, where what contains it stands."""
    for length in range(len(path), 0, -1):
        for layer in layers.ordered:
            if layer.has(path[:length]):
                return layer.source(path[:length], key=key or length < len(path))
    return layers.root


def _value(scalar: Written) -> str:
    if scalar.kind == "date":
        return str(scalar.value)
    return f"the {'truth value' if scalar.kind == 'boolean' else 'number'} {key_text(scalar)}"


def _quote(scalar: Written, shapes: tuple[Shape, ...]) -> str:
    if not octal(scalar) or not shapes or takes_text(shapes):
        return f'quote it: "{scalar.raw}"'
    return "write the number without the leading zero"


def _finding(detail: ErrorDetails, root: Object) -> Finding:
    path: list[str | int] = []
    unions: list[tuple[KeyPath, Choice, str]] = []
    shapes: list[Shape] = [root]
    is_key = False
    for part in detail["loc"]:
        if part == "[key]":
            is_key = True
            break
        choices = [shape for shape in shapes if isinstance(shape, Choice)]
        if choices:
            choice = choices[0]
            if choice.tag is None:
                unions.append((tuple(path), choice, str(part)))
                options = [option for _, option in choice.options]
            else:
                options = [option for name, option in choice.options if name == part]
                options = options or [option for _, option in choice.options]
            shapes = [*options, *(shape for shape in shapes if not isinstance(shape, Choice))]
            continue
        below = _below(shapes, part)
        if below is None:
            break
        path.append(part)
        shapes = below
    if detail["type"] in UNTAGGED:
        return _untagged(tuple(path), shapes, detail, tuple(unions))
    error = detail.get("ctx", {}).get("error")
    if isinstance(error, FieldError):
        path.append(to_camel(error.field))
    kind = HIDDEN if isinstance(error, HiddenValueError) else detail["type"]
    return Finding(tuple(path), kind, _message(detail), is_key, tuple(unions))


def _untagged(
    path: KeyPath,
    shapes: list[Shape],
    detail: ErrorDetails,
    unions: tuple[tuple[KeyPath, Choice, str], ...],
) -> Finding:
    """The union's discriminator is missing or unknown."""
    value = detail["input"]
    for key, words in _discriminators(shapes).items():
        if is_mapping(value) and not _is_word(value.get(key), words):
            kind = "choice" if key in value else "missing"
            return Finding((*path, key), kind, "", is_key=False, unions=unions)
    return Finding(path, "choice", "", is_key=False, unions=unions)


def _is_word(value: Any, words: set[Any]) -> bool:
    """Whether it is one of the words; a list or a mapping is none, and has no hash either."""
    return not is_mapping(value) and not is_list(value) and value in words


def _discriminators(shapes: list[Shape]) -> dict[str, set[Any]]:
    """The keys that every option has with words of its own, and all those words."""
    options = [variant for shape in shapes for variant in flat(shape)]
    models = [option for option in options if isinstance(option, Object)]
    if not models or len(models) < len(options):
        return {}
    words: dict[str, set[Any]] = {}
    for key in models[0].fields:
        own = [model.fields[key].shape for model in models if key in model.fields]
        choices = [shape.choices for shape in own if isinstance(shape, Scalar) and shape.choices]
        if len(choices) == len(models) and len(set(choices)) > 1:
            words[key] = {word for choice in choices for word in choice}
    return words


def _below(shapes: list[Shape], part: str | int) -> list[Shape] | None:
    below: list[Shape] = []
    taken = False
    for shape in shapes:
        if isinstance(shape, Object):
            taken = True
            if part in shape.fields:
                below.append(shape.fields[str(part)].shape)
        elif isinstance(shape, MapOf) and isinstance(part, str):
            taken = True
            below.append(shape.value)
        elif isinstance(shape, ListOf) and isinstance(part, int):
            taken = True
            below.append(shape.element)
    return below if taken else None


def _chosen(every: list[Finding], data: dict[str, Data]) -> list[Finding]:
    """Of each untagged choice, what its most fitting option says, or one finding for all."""
    outer: dict[KeyPath, list[Finding]] = {}
    for finding in every:
        if finding.unions:
            outer.setdefault(finding.unions[0][0], []).append(finding)
    kept = [finding for finding in every if not finding.unions]
    for path, group in outer.items():
        choice = group[0].unions[0][1]
        labels = list(dict.fromkeys(finding.unions[0][2] for finding in group))
        fitting = choice.of(get(data, path))
        if len(labels) == len(choice.options):
            right = {
                label
                for label, (_, shape) in zip(labels, choice.options, strict=True)
                if shape in fitting
            }
            chosen = [finding for finding in group if finding.unions[0][2] in right]
        else:
            right, chosen = set(labels), group
        if len(right) == 1 and (
            any(finding.path != path for finding in chosen) or chosen[0].kind in (*VERDICTS, *SIZES)
        ):
            inner = [Finding(f.path, f.kind, f.message, f.is_key, f.unions[1:]) for f in chosen]
            kept.extend(_chosen(inner, data))
        else:
            kept.append(Finding(path, "choice", "", is_key=False, unions=()))
    return kept


def _message(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    return str(context["error"]) if "error" in context else detail["msg"]


def _problem(
    finding: Finding, data: dict[str, Data], layers: Layers, hidden: Collection[KeyPath]
) -> Problem:
    path = finding.path
    shapes = at(SYSTEM, path, data, whole=finding.kind == "choice")
    if finding.kind == "missing":
        field = field_at(SYSTEM, path, data)
        hint = field.doc if field is not None else ""
        return Problem(path, "nothing", _allowed(shapes), _line(hint), locate(layers, path))
    if finding.kind == "extra_forbidden" or finding.is_key:
        return _wrong_key(finding, data, layers)
    value = get(data, path)
    source = locate(layers, path)
    secret = any(path[: len(prefix)] == prefix for prefix in hidden)
    allowed = finding.message if finding.kind in VERDICTS and not secret else _allowed(shapes)
    written = next((layer.written(path) for layer in layers.ordered if layer.has(path)), None)
    if is_mapping(value):
        value = {k: v for k, v in value.items() if any(y.has((*path, k)) for y in layers.ordered)}
    confidential = any(isinstance(shape, Scalar) and shape.confidential for shape in shapes)
    shown = (
        "a secret value"
        if secret
        else "a value that is kept secret"
        if finding.kind == HIDDEN or (confidential and isinstance(value, str))
        else (finding.kind in VERDICTS and _named(value, finding.message, shapes))
        or found(value, written)
    )
    return Problem(path, shown, allowed, "" if secret else _hint(finding, value, shapes, data),
                   source)  # fmt: skip


def _named(value: Any, message: str, shapes: tuple[Shape, ...]) -> str:
    """The settings that a message is about, as they stand; empty where it names none."""
    if not is_mapping(value):
        return ""
    shown = {
        key
        for shape in shapes
        if isinstance(shape, Object)
        for key, field in shape.fields.items()
        if not any(
            isinstance(option, Scalar) and option.confidential for option in flat(field.shape)
        )
    }
    words = [word for word in re.findall(r"`(\w+)`", message) if word in value and word in shown]
    return ", ".join(
        f"`{word}: {found(value[word])}`"
        for word in dict.fromkeys(words)
        if not is_mapping(value[word]) and not is_list(value[word])
    )


def _wrong_key(finding: Finding, data: dict[str, Data], layers: Layers) -> Problem:
    path, parent = finding.path, finding.path[:-1]
    key = str(path[-1])
    source = locate(layers, path, key=True)
    known = [k for k in keys_at(SYSTEM, parent, data) if k != "region" or parent]
    if known:
        return Problem(path, f"the unknown key {key}", "one of " + listed(known),
                       foreign(path) or did_you_mean(key, known), source)  # fmt: skip
    keys = [shape.key for shape in at(SYSTEM, parent, data) if isinstance(shape, MapOf)]
    allowed = described(keys[0]) if keys else "no keys"
    if finding.kind in VERDICTS:  # the validator's own sentence says more than the form
        allowed = finding.message
    return Problem(path, f"the key {key}", f"as a key, {allowed}", "", source)


def _hint(finding: Finding, value: Any, shapes: tuple[Shape, ...], data: dict[str, Data]) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and takes_text(shapes):
        return f'quote it: "{json.dumps(value)}"'
    if isinstance(value, str):
        wants = {shape.kind for shape in shapes if isinstance(shape, Scalar)}
        words = [str(c) for s in shapes if isinstance(s, Scalar) for c in s.choices]
        suggestion = did_you_mean(value, words)
        if suggestion:
            return suggestion
        if "boolean" in wants and value.lower() in ("yes", "on", "y", "no", "off", "n"):
            word = "true" if value.lower() in ("yes", "on", "y") else "false"
            return f"did you mean `{word}`?"
        if wants & {"integer", "number"} and value.replace(".", "", 1).isdigit():
            return "write the number without quotes"
    if finding.kind in VERDICTS:
        return ""
    field = field_at(SYSTEM, finding.path, data)
    return _line(field.doc) if field is not None else ""


def _allowed(shapes: tuple[Shape, ...]) -> str:
    words = [word for s in shapes if isinstance(s, Scalar) for word in s.choices]
    if shapes and all(isinstance(shape, Scalar) and shape.choices for shape in shapes):
        return described(Scalar("choice", tuple(dict.fromkeys(words))))
    return ", or ".join(dict.fromkeys(described(shape) for shape in shapes)) or "something else"


def _line(doc: str) -> str:
    return " ".join(doc.split())


def secure_problems(layers: Layers, data: dict[str, Data]) -> tuple[list[Problem], set[KeyPath]]:
    """Encrypted values where none is taken, and the paths of all encrypted values."""
    result: list[Problem] = []
    paths: set[KeyPath] = set()
    for layer in layers.ordered:
        for path in layer.secure():
            if layer is layers.shared and layers.own.has(path):
                continue
            paths.add(path)
            shapes = at(SYSTEM, path, data)
            if shapes and not any(isinstance(s, Scalar) and s.confidential for s in shapes):
                field = field_at(SYSTEM, path, data)
                where = f"`{field.key}`" if field is not None else f"`{dotted(path)}`"
                result.append(
                    Problem(
                        path,
                        "an encrypted value (`secure:`)",
                        _allowed(shapes),
                        f"{where} is no secret; secrets stay out of stack files",
                        layer.source(path, key=True),
                    )
                )
    return result, paths
