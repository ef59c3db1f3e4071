"""What an edit takes from a role's rights while something still acts by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast

from components.parts.changes import Inputs, is_mapping, json_block
from components.parts.policy_document import INLINE_ROLE_LIMIT

NAMED: Final = 3
"""Of actions and of resources, how many are named; of the rest the number is."""
WHOLE: Final = INLINE_ROLE_LIMIT * 3 // 4
"""Characters above which a right may have gone on into another policy of the role."""


def rights_gone(old: Inputs, new: Inputs) -> str:
    """A policy changes before what acts by it (its service, function or job) does."""
    before, after = json_block(old, "policy"), json_block(new, "policy")
    if not before or not after or len(str(new.get("policy"))) > WHOLE:
        return ""
    kept = set(_rights(after))
    gone: dict[str, list[str]] = {}
    for action, resource in _rights(before):
        if (action, resource) not in kept:
            gone.setdefault(resource, []).append(action)
    if not gone:
        return ""
    several = [
        f"{_some(sorted(set(actions)))} on {resource}"
        for resource, actions in list(gone.items())[:NAMED]
    ]
    rest = f"; and on {len(gone) - NAMED} more" if len(gone) > NAMED else ""
    return f"at once: what still runs may no longer {'; '.join(several)}{rest}"


def _rights(document: Inputs) -> Iterator[tuple[str, str]]:
    for statement in _several(document.get("Statement")):
        if is_mapping(statement) and statement.get("Effect") == "Allow":
            for action in _several(statement.get("Action")):
                for resource in _several(statement.get("Resource")):
                    yield str(action), str(resource)


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _some(names: list[str]) -> str:
    rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + rest
