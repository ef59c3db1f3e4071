"""A network that this system lives in but does not own: found by id, or another stack's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi

from components.contracts import Placement, SubnetTier


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
    subnets: Mapping[SubnetTier, Sequence[FoundSubnet]]
    egress: frozenset[SubnetTier] = frozenset({SubnetTier.PUBLIC, SubnetTier.PRIVATE})
    """Tiers with a route to the internet."""


def found_placements(network: FoundNetwork) -> dict[SubnetTier, Placement]:
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


class StackNetwork(Mapping[SubnetTier, Placement]):
    """The placements that another Trellis stack exports under `network`.

    Which tiers that stack has is known only at deployment, so every tier is offered; one that it
    lacks fails there with a message that names both.
    """

    def __init__(self, reference: str, *, opts: pulumi.ResourceOptions | None = None) -> None:
        """Refer to a stack.

        Args:
            reference: `org/project/stack`.
        """
        self._reference = reference
        stack = pulumi.StackReference(reference, opts=opts)
        self._network: pulumi.Output[Any] = stack.require_output("network")

    def __getitem__(self, tier: SubnetTier) -> Placement:
        return Placement(
            vpc_id=self._network.apply(lambda network: network["vpcId"]),
            vpc_cidr=self._network.apply(lambda network: network["cidr"]),
            tier=tier,
            subnet_ids=self._network.apply(
                lambda network: _subnets(network, tier, self._reference)
            ),
            zones=(),
            has_egress=tier is not SubnetTier.ISOLATED,
        )

    def __iter__(self) -> Iterator[SubnetTier]:
        return iter(SubnetTier)

    def __len__(self) -> int:
        return len(SubnetTier)


def _subnets(network: Mapping[str, Any], tier: SubnetTier, reference: str) -> list[str]:
    subnets = cast("Mapping[str, list[str]]", network["subnets"])
    if tier.value not in subnets:
        raise pulumi.RunError(
            f"network.from: {reference} has no {tier.value} subnets; it has {', '.join(subnets)}"
        )
    return subnets[tier.value]
