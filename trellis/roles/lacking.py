"""What a policy lacks that a deployment of a plan asks for, by this project's own evaluation.

Organisation policies, and policies of resources in other hands, are not seen: what is allowed here
may be denied there, and nothing that is denied here is allowed there, but by such a policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.guardrails.iam.documents import DocumentError, Kind, PolicyDocument, parse
from policies.guardrails.iam.permissions import Permissions, RolePolicies, Verdict
from trellis.roles.asks import Ask
from trellis.stackfile.tree import is_list, is_mapping


class NoPolicyError(Exception):
    """A file that holds no policy; the text says what is wrong with it."""


@dataclass(frozen=True)
class Lack:
    """An action that is not allowed where the plan needs it."""

    action: str
    resources: tuple[str, ...]
    urns: tuple[str, ...]
    """The resources of the plan that need it."""
    why: str = ""
    """What denies it, where that is known."""


def policies_in(file: Path) -> tuple[PolicyDocument, ...]:
    """The policies that a file holds: one, a list of them, or the deploying role's of a file that
    `trellis roles --write` wrote.

    Raises:
        NoPolicyError: it can't be read, or holds none.
    """
    try:
        found: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise NoPolicyError(f"{file} can't be read: {error}") from None
    except (ValueError, RecursionError) as error:
        raise NoPolicyError(f"{file} is not JSON: {error}") from None
    if is_mapping(found) and is_mapping(found.get("roles")):
        found = found["roles"].get("deploy", [])
    documents = found if is_list(found) else [found]
    if not documents:
        raise NoPolicyError(f"{file} holds no policy")
    try:
        return tuple(
            parse(document, f"policy {at}", Kind.IDENTITY)
            for at, document in enumerate(documents, 1)
        )
    except DocumentError as error:
        raise NoPolicyError(f"{file} holds no policy of IAM: {error}") from None


def lacking(asks: Iterable[Ask], documents: Sequence[PolicyDocument]) -> list[Lack]:
    """The actions that the policies do not certainly allow."""
    permissions = Permissions(RolePolicies(tuple(documents)))
    return gathered((ask, "") for ask in asks if not _allowed(permissions, ask))


def gathered(refused: Iterable[tuple[Ask, str]]) -> list[Lack]:
    """What was refused, by action.

    Args:
        refused: requests, and what denies each.
    """
    by_action: dict[str, list[tuple[Ask, str]]] = {}
    for ask, why in refused:
        by_action.setdefault(ask.action, []).append((ask, why))
    return [
        Lack(
            action,
            tuple(dict.fromkeys(ask.resource for ask, _ in found)),
            tuple(dict.fromkeys(urn for ask, _ in found for urn in ask.urns)),
            next((why for _, why in found if why), ""),
        )
        for action, found in sorted(by_action.items())
    ]


def lines_of(lacks: Sequence[Lack], asked: int) -> Iterator[str]:
    """What is lacking, for a person.

    Args:
        asked: how many requests were held against the policies.
    """
    if not lacks:
        yield f"all {asked} requests of a deployment are allowed"
        return
    yield f"{len(lacks)} actions are not allowed where a deployment asks for them:"
    for lack in lacks:
        yield f"  {lack.action} on {shown(lack.resources)}"
        if lack.urns:
            yield f"    for {shown(tuple(urn.rpartition('::')[2] for urn in lack.urns))}"


def shown(names: Sequence[str], most: int = 3) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _allowed(permissions: Permissions, ask: Ask) -> bool:
    found = permissions.can(ask.action, ask.resource, ask.context)
    return found.verdict is Verdict.ALLOWED
