"""The role of stacks that are there for a while: one for all of them, as their number is not known.

It is derived from the plan of one of them, whose number is then left open in every name and tag.
Nothing else of the system has such a name, and their state is apart from the others'.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, cast

from trellis.roles.roles import Roles
from trellis.roles.state import State, of_stacks, state_statements
from trellis.roles.statements import Conditions, Statement

NUMBER = "90909"
"""Of the one that is planned: as long as a number may get, and found again in every name."""

MOST_ROLE = 64
"""Characters of a role's name ("IAM and AWS STS quotas", 2026-11); names that would be longer are
cut and end in a digest of the whole, which is another for each number."""

LOOK_UP = Statement(
    "LookUp",
    (
        "bedrock:GetInferenceProfile", "ec2:DescribeAvailabilityZones", "ec2:DescribeRouteTables",
        "ec2:DescribeSubnets", "ec2:DescribeVpcs", "ecr:DescribeImages",
        "lambda:GetAccountSettings", "route53:ListHostedZones",
    ),
    ("*",),
)  # fmt: skip
"""What `trellis lookup` asks: the context of such a stack is kept nowhere."""

OPENED = {"StringEquals": "StringLike", "ArnEquals": "ArnLike"}


def opened(roles: Roles, prefix: str, like: str, state: State | None) -> Roles:
    """The role that deploys all stacks of a prefix.

    Args:
        roles: of the stack PREFIX-90909, without a state.
        prefix: as in `pr`.
        like: the stack that they are like.
        state: where all of them keep theirs.
    """
    statements = tuple(_opened(one, prefix) for one in roles.statements["deploy"])
    files = of_stacks(roles.project, prefix)
    kept = tuple(state_statements(roles.place, state, files, writes=True, begins=True))
    place = replace(roles.place, environment=prefix)
    return replace(
        roles,
        stack=prefix,
        place=place,
        like=like,
        state=state,
        statements={"deploy": (*statements, LOOK_UP, *kept)},
    )


def _opened(statement: Statement, prefix: str) -> Statement:
    resources = tuple(dict.fromkeys(_any(one, prefix) for one in statement.resources))
    if statement.actions == ("iam:PassRole",):
        resources = tuple(dict.fromkeys(_role(one, prefix) for one in statement.resources))
    return replace(
        statement, resources=resources, conditions=_conditions(statement.conditions, prefix)
    )


def _any(text: str, prefix: str) -> str:
    """A text with any number in the place of this one's, however its parts are joined."""
    return re.sub(rf"({re.escape(prefix)}[-_]){NUMBER}", r"\g<1>*", text)


def _role(arn: str, prefix: str) -> str:
    head, _, name = arn.rpartition("/")
    if len(name) < MOST_ROLE:
        return _any(arn, prefix)
    found = re.match(rf".*?{re.escape(prefix)}-(?={NUMBER})", name)
    return f"{head}/{found[0] if found else name}*"


def _conditions(conditions: Conditions | None, prefix: str) -> Conditions | None:
    if conditions is None:
        return None
    found: dict[str, dict[str, Any]] = {}
    for operator, keys in conditions.items():
        for key, value in keys.items():
            new = _values(value, prefix)
            name = operator if new == value else OPENED.get(operator, operator)
            found.setdefault(name, {})[key] = new
    return found


def _values(value: Any, prefix: str) -> Any:
    if isinstance(value, str):
        return _any(value, prefix)
    if isinstance(value, (list, tuple)):
        return [_any(str(one), prefix) for one in cast("list[Any]", value)]
    return value
