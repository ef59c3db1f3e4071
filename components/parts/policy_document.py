"""IAM policy documents from grants and trusts, as text that is known as early as its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pulumi

from components.contracts import Arn, Conditions, Grant, Trust
from components.parts.json_text import json_text

VERSION = "2012-10-17"
"""The current policy language version ("IAM JSON policy elements: Version", 2026-11)."""

INLINE_ROLE_LIMIT = 10_240
"""Characters of all inline policies of a role ("IAM and AWS STS quotas", 2026-11)."""


def identity_document(grants: Iterable[Grant]) -> pulumi.Input[str]:
    """An identity policy: one `Allow` statement a grant, in their order."""
    return _text([grant_statement(grant) for grant in grants])


def resource_document(owner: Arn, trusts: Iterable[Trust]) -> pulumi.Input[str]:
    """A resource policy of `owner`: one statement a trust, in their order."""
    return _text([_trust(owner, trust) for trust in trusts])


def assume_document(service: str, conditions: Conditions | None = None) -> pulumi.Input[str]:
    """A trust policy that lets one AWS service assume the role."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    if conditions:
        statement["Condition"] = conditions
    return _text([statement])


def grant_statement(grant: Grant) -> dict[str, Any]:
    """The statement of one grant, as JSON has it."""
    statement: dict[str, Any] = {
        "Sid": grant.sid,
        "Effect": "Allow",
        "Action": _one_or_all(grant.actions),
        "Resource": _one_or_all(grant.resources),
    }
    if grant.conditions:
        statement["Condition"] = grant.conditions
    return statement


def _trust(owner: Arn, trust: Trust) -> dict[str, Any]:
    principals = {kind: _one_or_all(names) for kind, names in trust.principals.items()}
    resources = [
        owner if not suffix else pulumi.Output.concat(owner, suffix) for suffix in trust.suffixes
    ]
    if isinstance(owner, str):
        resources = [owner + suffix for suffix in trust.suffixes]
    statement: dict[str, Any] = {
        "Sid": trust.sid,
        "Effect": trust.effect,
        "Principal": "*" if principals == {"AWS": "*"} else principals,
        "Action": _one_or_all(trust.actions),
        "Resource": _one_or_all(resources),
    }
    if trust.conditions:
        statement["Condition"] = trust.conditions
    return statement


def _one_or_all(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def _text(statements: Sequence[Mapping[str, Any]]) -> pulumi.Input[str]:
    return json_text({"Version": VERSION, "Statement": list(statements)})
