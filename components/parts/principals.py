"""Who of another account is let in: the account, or one of its roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import StringConstraints

from components.contracts import Conditions, Trust

AccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
"""Twelve digits, in quotes."""

Foreign = Annotated[
    str,
    StringConstraints(
        pattern=r"^(\d{12}|arn:aws[a-z-]*:iam::\d{12}:role/[A-Za-z0-9_+=,.@/-]+)$", max_length=600
    ),
]
"""An account, or the ARN of a role with its path (512 characters; "IAM and AWS STS quotas",
2026-11)."""


def account_of(foreign: Foreign) -> str:
    """The account that it is, or is of."""
    return foreign.split(":")[4] if foreign.startswith("arn:") else foreign


def foreign_trusts(
    sid: str,
    foreign: Iterable[Foreign],
    actions: tuple[str, ...],
    partition: str,
    conditions: Conditions | None = None,
) -> tuple[Trust, ...]:
    """Statements that let in whole accounts, and roles of others, to exactly these actions.

    A role is named by `aws:PrincipalArn` beside its account: AWS refuses a policy whose principal
    is a role that does not exist, and turns one that is deleted into an id that fits nobody, so a
    role made anew would be shut out ("AWS JSON policy elements: Principal", IAM User Guide,
    2026-11).

    Args:
        sid: beginning of the statements' names.
        conditions: of both.
    """
    named = sorted(set(foreign))
    accounts = [one for one in named if not one.startswith("arn:")]
    roles = [one for one in named if one.startswith("arn:")]
    found: list[Trust] = []
    if accounts:
        whole = _roots(accounts, partition)
        found.append(Trust(f"{sid}Accounts", {"AWS": whole}, actions, conditions or {}))
    if roles:
        of = _roots(sorted({account_of(role) for role in roles}), partition)
        bound = {**(conditions or {}), "ArnEquals": {"aws:PrincipalArn": roles}}
        found.append(Trust(f"{sid}Roles", {"AWS": of}, actions, bound))
    return tuple(found)


def _roots(accounts: Iterable[str], partition: str) -> tuple[str, ...]:
    return tuple(f"arn:{partition}:iam::{account}:root" for account in accounts)
