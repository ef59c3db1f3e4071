"""What the installed AWS SDK says of resource types: their inputs, nested ones too."""

import functools
import importlib
import importlib.util
import json
import re
import typing
from pathlib import Path
from typing import Any, cast

import pulumi_aws
from pulumi._types import input_type_types


@functools.cache
def tokens() -> dict[str, tuple[str, str]]:
    """The SDK's module and class by resource type."""
    source = Path(pulumi_aws.__file__ or "").read_text(encoding="utf-8")
    found = re.search(r'resource_modules="""\n(.*?)"""', source, re.DOTALL)
    assert found
    return {
        token: (entry["fqn"], name)
        for entry in json.loads(found.group(1))
        for token, name in entry["classes"].items()
    }


@functools.cache
def source_of(token: str) -> str:
    """The text of the SDK's module of a resource type; empty where it has none of its own."""
    package, name = tokens()[token]
    found = importlib.util.find_spec(package)
    assert found
    assert found.submodule_search_locations
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    folder = Path(found.submodule_search_locations[0])
    path = folder / f"{snake}.py"
    return path.read_text(encoding="utf-8") if path.exists() else ""


@functools.cache
def arguments_of(token: str) -> tuple[str, ...]:
    """The names of a type's inputs, from the constructor of its arguments."""
    return tuple(re.findall(r"\n                 (\w+): ", source_of(token).split('"""', 1)[0]))


@functools.cache
def inputs_of(token: str) -> dict[str, Any]:
    """The types of a resource's inputs by their camelCase names."""
    package, name = tokens()[token]
    resource = getattr(importlib.import_module(package), name)
    module = importlib.import_module(resource.__module__)
    # The SDK renames a resource's arguments where a block has their name already.
    arguments = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
    return dict(input_type_types(arguments))


def _block(annotation: Any) -> type[Any] | None:
    """The class of a block (or of a list of blocks); ``None`` for a plain value."""
    if isinstance(annotation, type) and annotation.__name__.endswith("Args"):
        return cast("type[Any]", annotation)
    return next(filter(None, map(_block, typing.get_args(annotation))), None)


@functools.cache
def _inputs_of_block(block: type[Any]) -> dict[str, Any]:
    return dict(input_type_types(block))


def nested(annotation: Any) -> dict[str, Any] | None:
    """The inputs inside a block (or a list of blocks); ``None`` for a plain value."""
    block = _block(annotation)
    return None if block is None else _inputs_of_block(block)


def unknown_inputs(token: str, inputs: dict[str, Any]) -> list[str]:
    """The names, at any depth, that the SDK does not know for this type."""
    return list(_unknown(inputs_of(token), inputs, token))


def _unknown(known: dict[str, Any], inputs: dict[str, Any], where: str) -> typing.Iterator[str]:
    for name, value in inputs.items():
        if name not in known:
            yield f"{where}.{name}"
            continue
        inner = nested(known[name])
        if inner is None:
            continue
        items = cast("list[Any]", value if isinstance(value, list) else [value])
        for element in items:
            if isinstance(element, dict):
                yield from _unknown(inner, cast("dict[str, Any]", element), f"{where}.{name}")


@functools.cache
def property_names(token: str) -> frozenset[str]:
    """All names of a type's inputs, at any depth."""
    found = set(inputs_of(token))
    pending = [*filter(None, map(_block, inputs_of(token).values()))]
    seen: set[type[Any]] = set()
    while pending:
        block = pending.pop()
        if block not in seen:
            seen.add(block)
            found |= _inputs_of_block(block).keys()
            pending.extend(filter(None, map(_block, _inputs_of_block(block).values())))
    return frozenset(found)
