"""How the grants of a role become policies that fit into IAM's limits, also before all is known.

One inline policy as long as it fits. A longer one is grouped: grants of the same actions under the
same conditions are one statement. What is still too long goes on in managed policies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import pulumi

from components.contracts import Grant
from components.parts.json_text import is_plain
from components.parts.policy_document import INLINE_ROLE_LIMIT, grant_statement

MANAGED_LIMIT = 6_144
"""Characters of a managed policy ("IAM and AWS STS quotas", 2026-11)."""

MANAGED_POLICIES = 10
"""Managed policies of a role, before the quota is raised (same page)."""

LONGEST_PART = 128
"""Characters that a part counts which AWS decides: a key's ARN has 75, a domain's fewer."""

FRAME = len('{"Version":"2012-10-17","Statement":[]}')


class RoleTooLongError(pulumi.RunError, ValueError):
    """A role's grants fit into no number of policies that AWS takes."""


@dataclass(frozen=True)
class RolePolicies:
    """A role's grants, by the policy they go into."""

    inline: tuple[Grant, ...]
    managed: tuple[tuple[Grant, ...], ...] = ()


def role_policies(role: str, grants: Sequence[Grant]) -> RolePolicies:
    """Grants as policies.

    Args:
        role: its name, for the error.

    Raises:
        RoleTooLongError: there are more than a role can hold.
    """
    if length(grants) <= INLINE_ROLE_LIMIT:
        return RolePolicies(tuple(grants))
    parts = [part for grant in grouped(grants) for part in _cut(grant)]
    inline, rest = _taken(parts, INLINE_ROLE_LIMIT)
    managed: list[tuple[Grant, ...]] = []
    while rest:
        taken, rest = _taken(rest, MANAGED_LIMIT)
        managed.append(taken)
    if len(managed) > MANAGED_POLICIES:
        raise RoleTooLongError(
            f"the policies of role {role} have {length(parts)} characters; AWS takes "
            f"{INLINE_ROLE_LIMIT} in the role and {MANAGED_POLICIES} times {MANAGED_LIMIT} beside "
            "it: use fewer things, or make two of what has the role"
        )
    return RolePolicies(inline, tuple(managed))


def length(grants: Iterable[Grant]) -> int:
    """Characters of a policy of these grants, at most: unknown parts count `LONGEST_PART`."""
    statements = [_size(grant_statement(grant)) for grant in grants]
    return FRAME + sum(statements) + max(len(statements) - 1, 0)


def grouped(grants: Iterable[Grant]) -> list[Grant]:
    """Grants of the same actions and conditions as one, in the order of the first of each."""
    found: list[Grant] = []
    places: dict[str, int] = {}
    for grant in grants:
        same = is_plain(grant.conditions)
        key = json.dumps([grant.actions, grant.conditions], sort_keys=True) if same else ""
        if key and key in places:
            place = places[key]
            resources = dict.fromkeys([*found[place].resources, *grant.resources])
            found[place] = replace(found[place], resources=tuple(resources))
            continue
        if key:
            places[key] = len(found)
        found.append(grant)
    return found


def _cut(grant: Grant) -> list[Grant]:
    """A grant in pieces that each fit into half a managed policy."""
    pieces: list[Grant] = []
    rest = list(grant.resources)
    while rest:
        count = len(rest)
        while count > 1 and length([replace(grant, resources=tuple(rest[:count]))]) > (
            MANAGED_LIMIT // 2
        ):
            count = (count + 1) // 2
        number = len(pieces) + 1
        sid = grant.sid if number == 1 else f"{grant.sid}Part{number}"
        pieces.append(replace(grant, sid=sid, resources=tuple(rest[:count])))
        rest = rest[count:]
    return pieces


def _taken(grants: Sequence[Grant], limit: int) -> tuple[tuple[Grant, ...], Sequence[Grant]]:
    """As many grants, from the first on, as a policy holds; and the rest."""
    count = next(
        (number for number in range(1, len(grants) + 1) if length(grants[:number]) > limit),
        len(grants) + 1,
    )
    count = max(count - 1, 1)
    return tuple(grants[:count]), grants[count:]


def _size(value: Any) -> int:
    """Characters of the compact JSON of a value that may hold outputs."""
    if isinstance(value, Mapping):
        items = [
            len(key) + 3 + _size(member) for key, member in cast("dict[str, Any]", value).items()
        ]
        return 2 + sum(items) + max(len(items) - 1, 0)
    if isinstance(value, (list, tuple)):
        sizes = [_size(member) for member in cast("list[Any]", value)]
        return 2 + sum(sizes) + max(len(sizes) - 1, 0)
    if isinstance(value, pulumi.Output):
        return LONGEST_PART + 2
    return len(json.dumps(value))
