"""Pulumi's own resources that are not components: providers and stack references."""

from __future__ import annotations

from typing import Any

from trellis.planner.simulate.shape import Scope, Shape, SimulationError


def _stack_outputs(scope: Scope) -> dict[str, Any]:
    stack = str(scope["name"])
    known = scope.world.stack_outputs.get(stack)
    if known is None:
        raise SimulationError(
            f"the outputs of stack {stack!r} are not known here: put them into the context file"
        )
    return dict(known)


SHAPES = {
    "pulumi:providers:aws": Shape(
        id="{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}", regional=False, tagged=False
    ),
    "pulumi:pulumi:StackReference": Shape(
        id="{name}",
        computed={"outputs": _stack_outputs, "secretOutputNames": []},
        regional=False,
        tagged=False,
    ),
}
