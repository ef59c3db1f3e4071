"""Values of a program as the AWS provider's schema has them, and what it answers, back again."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.parts.simulation import Secret
from tools.replacement.names import matching
from trellis.planner.wire import FileContent

SINGLE = ("single", "group")
"""Nesting of blocks that are one object, not a list of them."""


class Files:
    """Where assets and archives lie while a stack is made.

    A plan builds no function's archive: one of a line stands for each, as moto runs none of them.
    """

    def __init__(self, folder: Path, project: Path) -> None:
        self._folder = folder
        self._project = project

    def path(self, content: FileContent) -> str:
        """The path of a file with the content."""
        if content.kind == "text":
            return self._written(f"{abs(hash(content.value))}.txt", str(content.value))
        given = self._project / str(content.value)
        if content.kind == "file" and given.is_file():
            return str(given.resolve())
        target = self._folder / f"{abs(hash(json.dumps(content.value, default=str)))}.zip"
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("app.py", "def handle(event, context):\n    return {}\n")
        return str(target)

    def _written(self, name: str, text: str) -> str:
        target = self._folder / name
        target.write_text(text, encoding="utf-8")
        return str(target)


def configuration(
    inputs: Mapping[str, Any], block: Mapping[str, Any], type_: str, files: Files
) -> tuple[dict[str, Any], list[str]]:
    """A block's configuration with every name of its schema, and the inputs it has no name for."""
    attributes, blocks = block.get("attributes", {}), block.get("block_types", {})
    found: dict[str, Any] = dict.fromkeys(attributes)
    found.update({k: None if b["nesting_mode"] in SINGLE else [] for k, b in blocks.items()})
    lacking: list[str] = []
    for name, given in inputs.items():
        value = given.value if isinstance(given, Secret) else given
        if value is None:
            continue
        theirs = matching(name, [*attributes, *blocks], type_)
        if theirs is None:
            lacking.append(name)
        elif theirs in blocks:
            inner = blocks[theirs]
            members = value if isinstance(value, list) else [value]
            made = [configuration(_open(member), inner["block"], "", files) for member in members]
            lacking += [f"{name}.{below}" for _, missing in made for below in missing]
            bodies = [body for body, _ in made]
            found[theirs] = bodies[0] if inner["nesting_mode"] in SINGLE else bodies
        else:
            found[theirs] = _attribute(value, attributes[theirs], files)
    return found, lacking


def _open(value: Any) -> Any:
    return value.value if isinstance(value, Secret) else value


def _attribute(value: Any, attribute: Mapping[str, Any], files: Files) -> Any:
    nested = attribute.get("nested_type")
    if nested is None:
        return _typed(value, attribute["type"], files)
    members = value if isinstance(value, list) else [value]
    bodies = [configuration(_open(member), nested, "", files)[0] for member in members]
    return bodies[0] if nested["nesting_mode"] in SINGLE else bodies


def _typed(value: Any, type_: Any, files: Files) -> Any:
    value = _open(value)
    if value is None:
        return None
    match type_:
        case "string":
            return _text(value, files)
        case "bool":
            return value if isinstance(value, bool) else str(value).lower() == "true"
        case "number":
            return float(value) if isinstance(value, str) and "." in value else (
                int(value) if isinstance(value, str) else value)  # fmt: skip
        case ["list" | "set", inner]:
            return [
                _typed(m, inner, files) for m in (value if isinstance(value, list) else [value])
            ]
        case ["map", inner]:
            return {str(k): _typed(v, inner, files) for k, v in value.items()}
        case ["object", parts]:
            one = value[0] if isinstance(value, list) else value
            names = {matching(k, parts): v for k, v in one.items()}
            return {part: _typed(names.get(part), inner, files) for part, inner in parts.items()}
        case _:
            return value


def _text(value: Any, files: Files) -> str:
    if isinstance(value, FileContent):
        return files.path(value)
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def answered(simulated: Mapping[str, Any], state: Mapping[str, Any], type_: str) -> dict[str, Any]:
    """The outputs of a resource: shaped as the simulation has them, with what was answered.

    What an input says comes back as it was given.
    """
    return {name: _overlaid(name, value, state, type_) for name, value in simulated.items()}


def _overlaid(name: str, value: Any, state: Mapping[str, Any], type_: str) -> Any:
    theirs = matching(name, state, type_)
    real = None if theirs is None else state[theirs]
    if real is None or isinstance(value, FileContent):
        return value
    if isinstance(value, Secret):
        return Secret(_shaped(value.value, real))
    return _shaped(value, real)


def _shaped(value: Any, real: Any) -> Any:
    if isinstance(value, Secret):
        return Secret(_shaped(value.value, real))
    if isinstance(value, Mapping):
        one = real[0] if isinstance(real, list) and real else real
        if not isinstance(one, Mapping):
            return value
        return {k: _overlaid(k, v, one, "") if matching(k, one) else v for k, v in value.items()}
    if isinstance(value, list):
        if not isinstance(real, list) or len(real) != len(value):
            return value
        return [_shaped(v, r) for v, r in zip(value, real, strict=True)]
    if isinstance(real, (Mapping, list)):
        return value
    return type(value)(real) if isinstance(value, (str, int)) and not isinstance(
        value, bool) else real  # fmt: skip
