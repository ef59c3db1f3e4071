"""Pulumi's own resources that are not components: providers and stack references."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.parts.simulation import Scope, Shape, SimulationError


def _stack_outputs(scope: Scope) -> dict[str, Any]:
    stack = str(scope["name"])
    known = scope.world.stack_outputs.get(stack)
    if known is None:
        raise SimulationError(
            f"the outputs of stack {stack!r} are not known here: put them into the context file"
        )
    return dict(known)


SHAPES: Mapping[str, Shape] = {
    "pulumi:pulumi:StackReference": Shape(
        id="{name}",
        computed={"outputs": _stack_outputs, "secretOutputNames": []},
        regional=False,
        tagged=False,
    ),
}
"""By Pulumi type token."""
