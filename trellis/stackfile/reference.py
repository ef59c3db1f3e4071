"""The reference of every setting as Markdown, made from the settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.merging import jsonable
from trellis.stackfile.shape import Choice, Field, ListOf, MapOf, Object, Shape, meaning
from trellis.stackfile.wording import described

HEAD = """\
# Reference of the stack file

Made from the settings by `trellis schema --write docs`; a test holds it current.
How a stack file is read (precedence, scalars, secure values, errors) is in
[stack-file.md](stack-file.md).

A default in bold is the production one; the one after it holds under `profile: development`.
"""


def reference() -> str:
    """The text of docs/reference.md."""
    sections = ["\n".join([HEAD, *_section("The stack file", SYSTEM)])]
    for path, shape in objects(SYSTEM):
        sections.append("\n".join(_section(path, shape)))
    return "\n".join(sections)


def objects(root: Object) -> Iterator[tuple[str, Object]]:
    """Every model below the root once, at the first path that leads to it, in reading order."""
    seen: set[type[BaseModel]] = {root.model}

    def below(shape: Shape, path: str) -> Iterator[tuple[str, Object]]:
        if isinstance(shape, Choice):
            for _, option in shape.options:
                yield from below(option, path)
        elif isinstance(shape, ListOf):
            yield from below(shape.element, f"{path}[]")
        elif isinstance(shape, MapOf):
            yield from below(shape.value, f"{path}.*")
        elif isinstance(shape, Object) and shape.model not in seen:
            seen.add(shape.model)
            yield path, shape
            for key, field in shape.fields.items():
                yield from below(field.shape, f"{path}.{key}")

    for key, field in root.fields.items():
        yield from below(field.shape, key)


def _section(title: str, shape: Object) -> list[str]:
    lines = [f"## {title}" if shape is SYSTEM else f"## `{title}`", ""]
    if shape.model.__doc__:
        lines += [" ".join(shape.model.__doc__.split()), ""]
    lines += ["| key | allowed | default | meaning |", "| --- | --- | --- | --- |"]
    for key, field in shape.fields.items():
        name = f"trellis:{key}" if shape is SYSTEM and key != "region" else key
        name = "aws:region" if shape is SYSTEM and key == "region" else name
        cells = (f"`{name}`", described(field.shape), default_of(field), meaning(field))
        lines.append("| " + " | ".join(map(_cell, cells)) + " |")
    return [*lines, ""]


def default_of(field: Field) -> str:
    """The default in Markdown: production's, in bold where development has another after it."""
    if field.info.is_required():
        return "required"
    default = _code(jsonable(field.info.get_default(call_default_factory=True)))
    if field.development is None:
        return default
    return f"**{default}**, {_code(jsonable(field.development.value))}"


def _code(value: Any) -> str:
    if value is None:
        return "nothing"
    return f"`{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
