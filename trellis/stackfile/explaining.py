"""Says what a setting is, where it came from, what lost against it and what is allowed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from trellis.stackfile import tree
from trellis.stackfile.findings import locate
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.merging import jsonable
from trellis.stackfile.nodes import Data
from trellis.stackfile.problems import KeyPath, Problem, Source, StackFileError, dotted
from trellis.stackfile.provenance import DEFAULT, PROFILE, resolved, source_of
from trellis.stackfile.resolution import Resolution
from trellis.stackfile.shape import Field, Object, Scalar, Shape, at, field_at, keys_at, meaning
from trellis.stackfile.suggesting import did_you_mean
from trellis.stackfile.wording import described, listed

SUBJECT = "the path has"
NOT_SHOWN = "(secret, not shown)"
_PART = re.compile(r'\["(?P<quoted>[^"]*)"\]|\[(?P<position>\d+)\]|\.?(?P<key>[^.\[\]]+)')


@dataclass(frozen=True)
class Row:
    """One value of a stack, for a table."""

    path: str
    value: str
    source: str


def parsed(text: str) -> KeyPath:
    """A path from what a person typed: `services.backend.routes[0].host`.

    Raises:
        StackFileError: it is no path.
    """
    text = text.strip().removeprefix("trellis:")
    if text == "aws:region":
        return ("region",)
    path: list[str | int] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None:
            allowed = "a path such as services.backend.routes[0].host"
            raise StackFileError([Problem((), f"the path {text}", allowed)], subject=SUBJECT)
        if match["position"] is not None:
            path.append(int(match["position"]))
        else:
            path.append(match["quoted"] if match["quoted"] is not None else match["key"])
        position = match.end()
    return tuple(path)


def rows(resolution: Resolution, below: KeyPath = ()) -> list[Row]:
    """Every value at and below a path, with its source."""
    value = tree.at(resolved(resolution), below)
    return [
        Row(dotted(path), _shown(resolution, path, leaf), _from(source_of(resolution, path)))
        for path, leaf in tree.leaves(value, below)
    ]


def explained(resolution: Resolution, path: KeyPath) -> str:
    """One setting: its value, its source, the candidates that lost, its meaning.

    Raises:
        StackFileError: no setting has that path; says the nearest one.
    """
    return "\n".join([*provenance(resolution, path), *meant(path, resolution.data)])


def meant(path: KeyPath, data: Data) -> list[str]:
    """What a setting means and may be, whatever its value; empty where there is none."""
    words, allowed = about(path, data)
    lines = [f"  {words}"] if words else []
    return [*lines, f"  allowed: {allowed}"] if allowed else lines


def provenance(resolution: Resolution, path: KeyPath) -> list[str]:
    """The value of a setting, its source, and the candidates that lost, a line each.

    Raises:
        StackFileError: no setting has that path; says the nearest one.
    """
    value = tree.at(resolved(resolution), path)
    if value is tree.MISSING:
        if not at(SYSTEM, path, resolution.data, whole=True):
            raise StackFileError([_unknown(resolution, path)], subject=SUBJECT)
        return [f"{dotted(path)} is not set"]
    if (tree.is_mapping(value) or tree.is_list(value)) and value:
        return [dotted(path), *_table(rows(resolution, path), "  ")]
    field = field_at(SYSTEM, path, resolution.data)
    return [
        f"{dotted(path)} = {_shown(resolution, path, value)}",
        f"  from {_from(source_of(resolution, path))}",
        *(f"  over {lost}" for lost in _lost(resolution, path, field)),
    ]


def about(path: KeyPath, data: Data) -> tuple[str, str]:
    """What a setting means and what it allows; both empty where there is no such setting.

    Args:
        data: what is set, which tells what a choice is meant for.
    """
    shapes = at(SYSTEM, path, data, whole=True)
    words = _meaning(field_at(SYSTEM, path, data), shapes)
    return words, ", or ".join(dict.fromkeys(described(shape) for shape in shapes))


def whole(resolution: Resolution) -> str:
    """The whole resolved system, a line a value."""
    return "\n".join(_table(rows(resolution), ""))


def _table(table: list[Row], indent: str) -> list[str]:
    paths = max((len(row.path) for row in table), default=0)
    values = max((len(row.value) for row in table), default=0)
    return [f"{indent}{r.path:<{paths}}  {r.value:<{values}}  {r.source}" for r in table]


def _from(source: Source) -> str:
    if source.file is not None:
        return f"{source} ({source.layer})"
    return {PROFILE: "the development profile", DEFAULT: "the default"}.get(
        source.layer, source.layer
    )


def _lost(resolution: Resolution, path: KeyPath, field: Field | None) -> list[str]:
    """What would hold if the winner were not there, the nearest first."""
    winner = source_of(resolution, path)
    lost: list[str] = []
    for layer in resolution.layers.ordered:
        if layer.has(path) and layer.source(path) != winner:
            value = layer.value(path)
            shown = (
                "null, which takes away what is below"
                if value is None
                else (_shown(resolution, path, value))
            )
            lost.append(f"{shown} in {_from(layer.source(path))}")
    if field is None:
        return lost
    development = resolution.data.get("profile") == "development"
    if development and field.development is not None and winner.layer != PROFILE:
        lost.append(f"{_json(jsonable(field.development.value))}, the development profile's")
    if not field.info.is_required() and winner.layer != DEFAULT:
        default = jsonable(field.info.get_default(call_default_factory=True))
        lost.append(f"{_json(default)}, the default")
    return lost


def _meaning(field: Field | None, shapes: tuple[Shape, ...]) -> str:
    if field is not None:
        return meaning(field)
    docs = (shape.model.__doc__ for shape in shapes if isinstance(shape, Object))
    return " ".join((next(filter(None, docs), "")).split())


def _shown(resolution: Resolution, path: KeyPath, value: object) -> str:
    shapes = at(SYSTEM, path, resolution.data)
    if value is not None and any(isinstance(s, Scalar) and s.confidential for s in shapes):
        return NOT_SHOWN
    return _json(value)


def _json(value: object) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _unknown(resolution: Resolution, path: KeyPath) -> Problem:
    """The first part of a path that leads nowhere."""
    value: object = resolved(resolution)
    for length, part in enumerate(path):
        below = tree.child(value, part)
        if below is tree.MISSING:
            parent = path[:length]
            keys = keys_at(SYSTEM, parent, resolution.data)
            value = dict.fromkeys(keys) if keys else value
            known = _known(value)
            source = locate(resolution.layers, parent) if parent else None
            return Problem(
                path[: length + 1], "no such setting", known, _nearest(part, value), source
            )
        value = below
    return Problem(path, "no such setting", "a setting")


def _known(value: object) -> str:
    if tree.is_mapping(value):
        return "one of " + listed(value) if value else "nothing below: it is empty"
    if tree.is_list(value):
        return f"a position from 0 to {len(value) - 1}" if value else "nothing below: it is empty"
    return "nothing below: it is one value"


def _nearest(part: str | int, value: object) -> str:
    return did_you_mean(str(part), value) if tree.is_mapping(value) else ""
