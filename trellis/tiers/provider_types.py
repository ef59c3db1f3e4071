"""Types of the AWS provider and their inputs, as its SDK has them."""

from __future__ import annotations

import importlib
import keyword
from types import ModuleType
from typing import Any

from pulumi._types import input_type_py_to_pulumi_names, input_type_types


def is_type(type_: str) -> bool:
    """Whether the SDK has a resource of a type token, as in `aws:rds/instance:Instance`."""
    module = _module(type_)
    return getattr(module, type_.rpartition(":")[2], None) is not None


def input_types(type_: str) -> dict[str, Any]:
    """Annotations of a resource's inputs, by the names that a plan shows."""
    return input_type_types(_arguments(type_))


def python_names(type_: str) -> dict[str, str]:
    """Python's names of a resource's inputs, by the names that a plan shows."""
    pairs = input_type_py_to_pulumi_names(_arguments(type_)).items()
    return {name: python for python, name in pairs}


def _module(type_: str) -> ModuleType | None:
    name = type_.split(":")[1].split("/", maxsplit=1)[0]
    try:
        return importlib.import_module(f"pulumi_aws.{name}{'_' if keyword.iskeyword(name) else ''}")
    except ModuleNotFoundError:
        return None


def _arguments(type_: str) -> type:
    """The SDK's class of a resource's inputs; it has another name where a block has that one."""
    name = type_.rpartition(":")[2]
    resource = getattr(_module(type_), name)
    module = importlib.import_module(resource.__module__)
    found: type = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
    return found
