"""Statements of identity policies, and managed policies that are as long as AWS takes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MANAGED_LIMIT = 6_144
"""Characters of a managed policy, without white space ("IAM and AWS STS quotas", 2026-11)."""

ATTACHED_LIMIT = 10
"""Managed policies that a role has at most, by AWS's default ("IAM and AWS STS quotas", 2026-11;
an account can ask for 20)."""

Conditions = Mapping[str, Mapping[str, Any]]
"""As in `{"StringEquals": {"aws:RequestTag/System": "clubapp"}}`."""


class TooLongError(ValueError):
    """What a role needs fits in no policies that AWS takes."""


@dataclass(frozen=True)
class Statement:
    """One statement, and which resources of the plan ask for it."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions | None = None
    allows: bool = True

    def as_json(self) -> dict[str, Any]:
        """As a policy document has it."""
        found: dict[str, Any] = {
            "Sid": self.sid,
            "Effect": "Allow" if self.allows else "Deny",
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }
        if self.conditions:
            found["Condition"] = {key: dict(value) for key, value in self.conditions.items()}
        return found


def document(statements: Iterable[Statement]) -> dict[str, Any]:
    """One policy document."""
    return {"Version": "2012-10-17", "Statement": [statement.as_json() for statement in statements]}


def length(found: Mapping[str, Any]) -> int:
    """Characters of a document as IAM counts them."""
    return len(json.dumps(found, separators=(",", ":")))


def policies(statements: Iterable[Statement]) -> list[dict[str, Any]]:
    """As few managed policies as hold the statements, in their order; denials are in the first.

    Raises:
        TooLongError: they take more policies than a role can have.
    """
    found: list[list[Statement]] = []
    parts = [part for statement in statements for part in _split(statement)]
    for piece in sorted(parts, key=lambda part: (part.allows, -length(document([part])))):
        for group in found:
            if length(document([*group, piece])) <= MANAGED_LIMIT:
                group.append(piece)
                break
        else:
            found.append([piece])
    if len(found) > ATTACHED_LIMIT:
        raise TooLongError(
            f"the role takes {len(found)} managed policies; AWS attaches {ATTACHED_LIMIT} to a role"
        )
    return [document(group) for group in found]


def _split(statement: Statement) -> Iterator[Statement]:
    """Halves of a statement that is by itself longer than a policy may be."""
    if length(document([statement])) <= MANAGED_LIMIT:
        yield statement
        return
    for at, half in enumerate(_halves(statement)):
        yield from _split(
            Statement(
                f"{statement.sid}{'ab'[at]}",
                *half,
                statement.conditions,
                statement.allows,
            )
        )


def _halves(
    statement: Statement,
) -> Sequence[tuple[tuple[str, ...], tuple[str, ...]]]:
    actions, resources = statement.actions, statement.resources
    if len(resources) > len(actions):
        middle = len(resources) // 2
        return (actions, resources[:middle]), (actions, resources[middle:])
    if len(actions) < 2:
        raise TooLongError(f"statement {statement.sid} is longer than a managed policy may be")
    middle = len(actions) // 2
    return (actions[:middle], resources), (actions[middle:], resources)
