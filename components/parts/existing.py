"""How a tier declares that a thing of it may be there already, made by somebody else.

Such a thing stands under `existing:` in the stack file and has no component: nothing of it is made,
changed or deleted, `uses:` lines lead to it like to any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from pydantic import StringConstraints

from components.contracts import AccountRegion, Endpoint, Grant, Link
from components.parts.model import Settings
from components.parts.offer import Offer

KeyArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+$")
]
"""ARN of a customer key; aliases are not it: policies name keys ("Key identifiers", AWS KMS
Developer Guide, 2026-11)."""

GroupId = Annotated[str, StringConstraints(pattern=r"^sg-[0-9a-f]{8,17}$")]


class ExistingSettings(Settings):
    """What every thing that exists already has in common: it is no part of this stack."""


def place_of(arn: str) -> AccountRegion:
    """Where a thing stands, by its ARN: its key is used through the service there."""
    _, partition, _, region, account, *_ = arn.split(":")
    return AccountRegion(account, region, partition)


E = TypeVar("E", bound=ExistingSettings)
"""The settings of one thing that exists already."""


@dataclass(frozen=True)
class Named:
    """Things of one kind that exist already and that settings name; no `uses:` line does."""

    field: str
    """Their field under `existing`."""
    settings: type[ExistingSettings]


@dataclass(frozen=True)
class Existing(Generic[E]):
    """What there is to say of things of one kind that exist already."""

    field: str
    """Its field under `existing`."""
    settings: type[E]
    offer: Offer[E]
    """What a `uses:` line may ask of it; of the same kind as that of things which are made."""
    link: Callable[[str, E, str | None, AccountRegion], Link]
    """What follows from using one: its key, its settings, the access."""
    value: Callable[[str, E, str, str | None, AccountRegion], Link] | None = None
    """What follows from `as`, where it is a value that a task gets as it starts: its key, its
    settings, the variable and the field of the value."""


def server_link(
    offer: Offer[E],
    key: str,
    settings: E,
    access: str | None,
    *,
    group: str,
    port: int,
    values: Mapping[str, str],
    grants: tuple[Grant, ...] = (),
) -> Link:
    """What follows from using a server that exists, behind its own security group.

    Args:
        group: id of its security group.
        values: what its variables say.

    Raises:
        UnknownAccessError: it offers no such access.
    """
    producer = f"{offer.kind}-{key}"
    return Link(
        producer=producer,
        access=offer.chosen(key, settings, access),
        endpoints=(Endpoint(producer, group, port),),
        grants=grants,
        environment=offer.environment(key, settings, {**values, "port": str(port)}),
    )
