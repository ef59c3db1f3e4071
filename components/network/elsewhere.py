"""A network that this system lives in but does not own: found by id, or another stack's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi

from components.contracts import Placement, Tier


@dataclass(frozen=True)
class FoundSubnet:
    """One subnet as `trellis lookup` found it."""

    id: str
    zone: str
    cidr: str


@dataclass(frozen=True)
class FoundNetwork:
    """A VPC as `trellis lookup` found it; each tier's subnets in the order of their zones."""

    vpc_id: str
    cidr: str
    subnets: Mapping[Tier, Sequence[FoundSubnet]]
    egress: frozenset[Tier] = frozenset({Tier.PUBLIC, Tier.PRIVATE})
    """Tiers with a route to the internet."""


def found_placements(network: FoundNetwork) -> dict[Tier, Placement]:
    """The placements that an existing VPC offers, by tier."""
    return {
        tier: Placement(
            vpc_id=network.vpc_id,
            vpc_cidr=network.cidr,
            tier=tier,
            subnet_ids=[subnet.id for subnet in subnets],
            zones=tuple(subnet.zone for subnet in subnets),
            has_egress=tier in network.egress,
        )
        for tier, subnets in network.subnets.items()
        if subnets
    }


def stack_placements(
    reference: str, *, opts: pulumi.ResourceOptions | None = None
) -> dict[Tier, Placement]:
    """The placements that another Trellis stack exports under `network`, by tier.

    Which tiers it has is known only at deployment, so every tier is offered; asking for one that
    the other stack lacks fails there with a message that names both.

    Args:
        reference: `org/project/stack`.
    """
    stack = pulumi.StackReference(reference, opts=opts)
    network: pulumi.Output[Any] = stack.require_output("network")
    return {
        tier: Placement(
            vpc_id=network.apply(lambda value: value["vpcId"]),
            vpc_cidr=network.apply(lambda value: value["cidr"]),
            tier=tier,
            subnet_ids=network.apply(lambda value, tier=tier: _subnets(value, tier, reference)),
            zones=(),
            has_egress=tier is not Tier.ISOLATED,
        )
        for tier in Tier
    }


def _subnets(network: Mapping[str, Any], tier: Tier, reference: str) -> list[str]:
    subnets = cast("Mapping[str, list[str]]", network["subnets"])
    if tier.value not in subnets:
        raise pulumi.RunError(
            f"network.from: {reference} has no {tier.value} subnets; it has {', '.join(subnets)}"
        )
    return subnets[tier.value]
