"""What AWS would return: outputs of every resource type and function that the project uses.

The types of a tier stand in the `simulated.py` beside its declaration, those that no tier makes in
the tables here.

Shapes only, no behaviour: identifiers, ARNs and endpoints look as AWS makes them and are the same
in every run. A type that is not in the tables is refused, because a made-up value that nobody
notices would be a false green.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, cast

from components.parts.simulation import (
    Inputs,
    RefusedError,
    Scope,
    Shape,
    SimulationError,
    World,
    auto_name,
    evaluate,
    plain,
)
from trellis.planner.simulate.functions import FUNCTIONS, LOOKED_UP
from trellis.planner.wire import UNKNOWN, UNSEEN, Secret
from trellis.registry import beside

__all__ = [
    "RefusedError",
    "SimulationError",
    "UnknownFunctionError",
    "UnknownResourceTypeError",
    "World",
    "auto_named",
    "computed_properties",
    "invoke",
    "outputs",
    "resource_types",
]

_OTHERS = (
    "core",
    "account",
    "apis",
    "backup",
    "cloudwatch",
    "dynamodb",
    "ec2",
    "ecs",
    "edge",
    "elasticache",
    "elb",
    "iam",
    "kms",
    "lake",
    "lambda_",
    "mail",
    "messaging",
    "rds",
    "s3",
    "scaling",
    "secretsmanager",
)
"""Modules here, of types that no tier makes: a stack's own resources may be of them."""


class UnknownResourceTypeError(SimulationError):
    """A resource type that no table describes."""


class UnknownFunctionError(SimulationError):
    """A provider function that no table describes."""


@cache
def _shapes() -> Mapping[str, Shape]:
    shapes: dict[str, Shape] = {}
    others = (import_module(f"trellis.planner.simulate.{table}") for table in _OTHERS)
    for module in (*beside("simulated"), *others):
        for type_, shape in cast("Mapping[str, Shape]", module.SHAPES).items():
            if shapes.setdefault(type_, shape) is not shape:
                raise SimulationError(f"{type_} is simulated twice; {module.__name__} is one place")
    return shapes


def resource_types() -> frozenset[str]:
    """Every resource type that can be simulated, as Pulumi type tokens."""
    return frozenset(_shapes())


def _shape(type_: str) -> Shape:
    shape = _shapes().get(type_)
    if shape is None:
        raise UnknownResourceTypeError(
            f"no simulation of resource type {type_!r}: what AWS returns for it belongs into "
            "SHAPES of simulated.py in the package under components/ that makes it (in "
            "trellis/planner/simulate, where none does)"
        )
    return shape


def auto_named(type_: str) -> str:
    """The property of a type that Pulumi makes a name up for; empty where there is none."""
    named = _shape(type_).named
    return named.property if named is not None else ""


def outputs(
    type_: str, name: str, inputs: Inputs, *, world: World, preview: bool, parent: str = ""
) -> tuple[str, dict[str, Any]]:
    """What AWS would return for one resource: its id and its outputs, camelCase as on the wire.

    Inputs come back as given, secrets (`wire.Secret`) still marked. In a preview the id is empty
    and what AWS computes is left out, which Pulumi's SDK takes as unknown.

    Args:
        parent: types of its parents: two components may each have a child of one name.

    Raises:
        UnknownResourceTypeError: no table describes the type.
        SimulationError: an argument that an output is made from is missing.
    """
    shape = _shape(type_)
    state = {key: value for key, value in inputs.items() if value is not None}
    if shape.named is not None and shape.named.property not in state:
        state[shape.named.property] = auto_name(shape.named, type_, name, inputs)
    for key, value in shape.defaults.items():
        state.setdefault(key, value)
    if shape.regional:
        state.setdefault("region", world.region)
    if shape.tagged:
        tags = plain(state.get("tags"))
        if tags is None or isinstance(tags, dict):
            own = cast("dict[str, Any]", tags or {})
            merged = {**_default_tags(state, world), **own}
            state["tagsAll"] = merged if tags is state.get("tags") else Secret(merged)
    if preview:
        for key in shape.within.keys() & state.keys():
            state[key] = {**plain(state[key]), **dict.fromkeys(shape.within[key], UNKNOWN)}
        return "", state

    scope = Scope(type_, name, state, world, parent)
    scope.id = str(evaluate(shape.id, scope))
    for key, value in shape.computed.items():
        if key not in state:
            scope.property = key
            answer = evaluate(value, scope)
            state[key] = Secret(answer) if key in shape.secrets else answer
    for key, parts in shape.within.items():
        scope.property = key
        state[key] = {**(plain(state.get(key)) or {}), **evaluate(dict(parts), scope)}
    return scope.id, state


def _default_tags(inputs: Inputs, world: World) -> Mapping[str, str]:
    """The provider's own tags, unless the resource says others for itself (S3 objects can)."""
    other = plain(inputs.get("overrideProvider"))
    if not isinstance(other, Mapping):
        return world.default_tags
    tags = cast("Mapping[str, Mapping[str, Any]]", other).get("defaultTags", {})
    return tags.get("tags", world.default_tags)


def computed_properties(type_: str, inputs: Inputs) -> frozenset[str]:
    """The outputs of one resource that stay unknown until AWS has made it.

    Raises:
        UnknownResourceTypeError: no table describes the type.
    """
    shape = _shape(type_)
    return frozenset(key for key in {*shape.computed, *shape.within} if inputs.get(key) is None)


def invoke(
    token: str, args: Mapping[str, Any], world: World, *, preview: bool = False
) -> dict[str, Any]:
    """What AWS would answer to one function call, camelCase as on the wire.

    Args:
        preview: leave unknown what only the account could tell.

    Raises:
        UnknownFunctionError: no table describes the function.
    """
    function = FUNCTIONS.get(token)
    if function is None:
        raise UnknownFunctionError(
            f"no simulation of function {token!r}: add its answer to "
            "trellis/planner/simulate/functions.py"
        )
    answer = function(args, world)
    unseen = LOOKED_UP.get(token, frozenset[str]()) if preview else frozenset[str]()
    return {**answer, **dict.fromkeys(unseen, UNSEEN)}
