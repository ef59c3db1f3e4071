"""Tiers that their declarations make, and what all declared tiers need of the network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from components.contracts import NetworkNeeds, SubnetTier
from components.parts.declaration import DeclarationError, NetworkShape
from trellis.registry import TIERS, things
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.stack_context import StackContext, data_tier

Component = TypeVar("Component")


def make_tier(stack: StackContext, field: str, component: type[Component]) -> dict[str, Component]:
    """The components of one part of the stack file, by its keys.

    Raises:
        DeclarationError: its declaration does not say how it is made, or makes it with a key that
            it does not name.
        TypeError: its declaration makes something else.
    """
    tier = TIERS[field]
    if tier.make is None:
        raise DeclarationError(f"the tier {field}: its declaration has no `make`")
    stack = replace(stack, tier=tier)
    found: dict[str, Component] = {}
    for _, key, settings in things(stack.settings, tier):
        made: Any = tier.make(key, settings, stack)
        if not isinstance(made, component):
            raise TypeError(f"{field} makes {type(made).__name__}, not {component.__name__}")
        found[key] = made
    return found


def declared_needs(settings: SystemSettings) -> NetworkNeeds:
    """What the tiers need of the network that say so in their declarations."""
    network = settings.network
    found = NetworkNeeds()
    if network is None:
        return found
    shape = NetworkShape(
        data=data_tier(network),
        zones=network.zones if isinstance(network.zones, int) else len(network.zones),
        nat=network.has_egress(SubnetTier.PRIVATE),
    )
    for tier in TIERS.values():
        if tier.needs is not None:
            found |= tier.needs({key: thing for _, key, thing in things(settings, tier)}, shape)
    return found
