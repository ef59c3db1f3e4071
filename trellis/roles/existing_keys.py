"""What a deployment does with keys that others keep, which have no tags of the system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from trellis.planner.recording import Recording
from trellis.roles.arns import Place
from trellis.roles.statements import Conditions

OUTPUT = "existingKeys"
"""The stack's output that has them by domain, with `key` and `alias`."""

ASKED = ("kms:ListAliases",)
"""What it takes to find a key by its alias."""


def existing_keys(recording: Recording, place: Place) -> Iterator[tuple[str, Conditions]]:
    """Each key's ARN, or that of all keys here with the condition that it has the alias."""
    found = recording.outputs.get(OUTPUT)
    keys = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    seen: set[str] = set()
    for domain in sorted(keys):
        alias, arn = keys[domain].get("alias"), keys[domain].get("key")
        if (named := str(alias or arn)) in seen:
            continue
        seen.add(named)
        if alias is not None:
            every = f"arn:{place.partition}:kms:{place.region}:{place.account}:key/*"
            yield every, {"ForAnyValue:StringEquals": {"kms:ResourceAliases": str(alias)}}
        else:
            yield str(arn), {}
