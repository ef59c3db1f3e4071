"""The permission boundary of a stack's own roles: what its plan grants them, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from policies.guardrails.iam.managed_policies import document_of
from trellis.planner.recording import Recording
from trellis.planner.wire import Secret
from trellis.roles.statements import MANAGED_LIMIT, Statement, document, length

DOCUMENTS = ("aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy")
ATTACHED = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

ESCALATING = (
    "iam:*Policy*", "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateRole",
    "iam:CreateUser", "iam:*PermissionsBoundary", "iam:UpdateAssumeRolePolicy", "organizations:*",
)  # fmt: skip
"""What no role of a system may do, whatever its policies say."""


def boundary(recording: Recording) -> dict[str, Any]:
    """The boundary's document: the union of the actions of all roles of a plan, denying what makes
    more of a role. Where the single actions are too long, their services stand instead."""
    actions = sorted(set(_granted(recording)))
    found = _document(actions)
    if length(found) > MANAGED_LIMIT:
        found = _document(sorted({f"{action.partition(':')[0]}:*" for action in actions}))
    return found


def _document(actions: list[str]) -> dict[str, Any]:
    return document(
        [
            Statement("WhatTheSystemGrants", tuple(actions), ("*",)),
            Statement("NeverMore", ESCALATING, ("*",), allows=False),
        ]
    )


def _granted(recording: Recording) -> Iterator[str]:
    for type_ in DOCUMENTS:
        for policy in recording.of_type(type_):
            text = policy.inputs.get("policy")
            text = text.value if isinstance(text, Secret) else text
            yield from _allowed(json.loads(str(text)))
    for attached in recording.of_type(ATTACHED):
        known = document_of(str(attached.inputs.get("policyArn")))
        for statement in known.statements if known is not None else ():
            if statement.may_allow:
                yield from map(str, statement.actions)


def _allowed(found: Mapping[str, Any]) -> Iterator[str]:
    statements: list[Mapping[str, Any]] = found["Statement"]
    for statement in statements:
        if statement["Effect"] == "Allow":
            actions: str | list[str] = statement["Action"]
            yield from [actions] if isinstance(actions, str) else actions
