"""What the installed AWS SDK says of resource types: the measure for the simulation's tables."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pulumi_aws
from pulumi import _types


@cache
def _registry() -> dict[str, tuple[str, str]]:
    """Type token to module and class, from the SDK's own table (importing it all is slow)."""
    text = Path(pulumi_aws.__file__).read_text(encoding="utf-8")
    found = re.search(r'resource_modules="""(.*?)"""', text, re.DOTALL)
    assert found is not None, "the SDK no longer lists its resource types where it did"
    return {
        token: (entry["fqn"], name)
        for entry in json.loads(found.group(1))
        for token, name in entry["classes"].items()
    }


def known_types() -> frozenset[str]:
    return frozenset(_registry())


@cache
def resource_class(token: str) -> type:
    module, name = _registry()[token]
    with warnings.catch_warnings():
        # Importing an SDK module warns of the deprecated classes beside the wanted one.
        warnings.simplefilter("ignore", DeprecationWarning)
        return getattr(importlib.import_module(module), name)


@cache
def output_types(token: str) -> dict[str, Any]:
    """Output property, camelCase, to its Python type; without `id` and `urn`."""
    types = _types.resource_types(resource_class(token))
    return {key: hint for key, hint in types.items() if key not in {"id", "urn"}}


@cache
def arguments_class(token: str) -> type:
    resource = resource_class(token)
    name = resource.__name__
    loaded = sys.modules[resource.__module__]
    # Where a nested type took the plain name, the resource's own is "...InitArgs".
    return getattr(loaded, f"{name}InitArgs", None) or getattr(loaded, f"{name}Args")


@cache
def input_types(token: str) -> dict[str, Any]:
    """Input property, camelCase, to its Python type."""
    return dict(_types.input_type_types(arguments_class(token)))


@cache
def required_inputs(token: str) -> frozenset[str]:
    arguments = arguments_class(token)
    names = _types.input_type_py_to_pulumi_names(arguments)
    return frozenset(
        names.get(parameter.name, parameter.name)
        for parameter in inspect.signature(arguments).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty
    )


@cache
def secret_outputs(token: str) -> frozenset[str]:
    """Outputs that the SDK asks the engine to keep secret."""
    file = sys.modules[resource_class(token).__module__].__file__
    assert file is not None
    source = Path(file).read_text(encoding="utf-8")
    found = re.search(r"additional_secret_outputs=\[(.*?)\]", source)
    return frozenset(re.findall(r'"(\w+)"', found.group(1))) if found else frozenset()
