"""Turns a recording into the flat Pulumi script that registers the same resources."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import pulumi_aws as aws

from trellis.planner.record import Recorded, Recording

HEAD = '''"""A flat script of the same resources, as one would write it without Trellis."""
import asyncio

import pulumi
from pulumi.runtime import mocks
from pulumi.runtime.stack import run_pulumi_func


class Echo(mocks.Mocks):
    def new_resource(self, args):
        return "", args.inputs

    def call(self, args):
        return {}


loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
mocks.set_mocks(Echo(), project="bench", stack="dev", preview=True)

import pulumi_aws as aws

r = {}


def program():
'''

TAIL = """

loop.run_until_complete(run_pulumi_func(program))
"""


def flat_script(recording: Recording) -> str:
    """The text of the script; references between resources stay references."""
    made: dict[str, str] = {}
    lines: list[str] = []
    for number, element in enumerate(
        resource for resource in recording if resource.type.startswith("aws:")
    ):
        lines.append(f"    r[{number}] = {_call(element, made)}")
        made.setdefault(element.id, f"r[{number}].id")
        arn = element.outputs.get("arn")
        if isinstance(arn, str):
            made[arn] = f"r[{number}].arn"
    return HEAD + "\n".join(lines) + TAIL


def _call(resource: Recorded, made: Mapping[str, str]) -> str:
    class_ = _class_of(resource.type)
    known = _parameters(class_)
    given = [
        f"{known[key]}={_literal(value, made)}"
        for key, value in resource.inputs.items()
        if key in known
    ]
    module = class_.__module__.split(".")[1]
    return f"aws.{module}.{class_.__name__}({resource.name!r}, {', '.join(given)})"


def _class_of(type_: str) -> type:
    module, name = type_.removeprefix("aws:").split(":")
    package = module.split("/")[0]
    return cast("type", getattr(getattr(aws, {"lambda": "lambda_"}.get(package, package)), name))


@cache
def _parameters(class_: type) -> dict[str, str]:
    """Constructor parameters by their camelCase name on the wire."""
    initial = cast("Any", class_)._internal_init
    return {
        _camel(name): name
        for name in inspect.signature(initial).parameters
        if name not in ("self", "resource_name", "opts", "__props__")
    }


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _literal(value: Any, made: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return made.get(value) or repr(value)
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return (
            "{" + ", ".join(f"{key!r}: {_literal(element, made)}" for key, element in items) + "}"
        )
    if isinstance(value, list):
        return (
            "[" + ", ".join(_literal(element, made) for element in cast("list[Any]", value)) + "]"
        )
    return repr(value)
