"""What AWS would say of a resource's properties, by the service models that botocore carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, Shape

from components.parts.operation import PROVIDER_ONLY, Call
from testing.oracles.calls import CALLS, UNCONSTRAINED
from testing.oracles.shapes import complaints, member, operation_input

NAMES = ("name", "bucket", "identifier", "clusterIdentifier", "replicationGroupId", "statementId")
"""Properties that Pulumi fills in; what it makes up is checked like what the program says."""


def shape_at(call: Call, path: str) -> Shape | None:
    """The member at `A.B` or `Operation:A.B`, through lists."""
    operation, _, path = path.rpartition(":")
    found: Shape | None = operation_input(call.service, operation or call.operation)
    for step in path.split("."):
        while isinstance(found, ListShape):
            found = found.member
        found = member(found, step) if found is not None else None
    return found


def judged(type_: str, properties: dict[str, Any]) -> Iterator[str]:
    """What the service model says against one resource's properties."""
    if type_ in UNCONSTRAINED:
        return
    call = CALLS.get(type_)
    if call is None:
        yield f"{type_}: no API operation is known; add it to operations.py beside its declaration"
        return
    for key, value in properties.items():
        if key in PROVIDER_ONLY or key in call.elsewhere:
            continue
        path = call.renamed.get(key, key)
        shape = shape_at(call, path)
        if shape is None:
            yield f"{type_}.{key}: {call.service} {call.operation} has no {path}"
        else:
            yield from complaints(value, shape, f"{type_}.{key}")
