"""The network in Terraform's state: it stays, and what a plan has to know of it is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from components.contracts import SubnetTier
from components.parts.model import Settings
from trellis.stackfile.context import FoundNetwork, FoundSubnet
from trellis.stackfile.problems import Problem, Source, StackFileError
from trellis.start.terraform_state import SUBJECT, Advise, Held, State

M = TypeVar("M", bound=Settings)

EVERYWHERE = "0.0.0.0/0"

WORDS = {
    SubnetTier.PUBLIC: ("public",),
    SubnetTier.ISOLATED: ("isolated", "database", "intra", "data", "elasticache"),
    SubnetTier.PRIVATE: ("private", "app", "application"),
}
"""In names of subnets, where no route says it."""


def network_of(state: State, advise: Advise) -> FoundNetwork | None:
    """The VPC that most subnets stand in; None where the state has none with subnets."""
    counted = Counter(subnet.attributes.get("vpc_id") for subnet in state.seen("aws_subnet"))
    vpcs = {network.attributes.get("id"): network for network in state.seen("aws_vpc")}
    chosen = next((vpc for vpc, _ in counted.most_common() if vpc in vpcs), None)
    if chosen is None:
        return None
    vpcs[chosen].carried = True
    for vpc_id, network in vpcs.items():
        if vpc_id != chosen and network.managed:
            advise(network, "", "a second network: a system lives in one")
    tiers: dict[SubnetTier, list[FoundSubnet]] = {}
    for held in state.seen("aws_subnet"):
        if held.attributes.get("vpc_id") != chosen:
            continue
        held.carried = True
        tier = _tier(held, state)
        values = {"id": "id", "zone": "availability_zone", "cidr": "cidr_block"}
        tiers.setdefault(tier, []).append(_found(FoundSubnet, held, values))
    egress = tuple(kind for kind in (SubnetTier.PUBLIC, SubnetTier.PRIVATE) if kind in tiers)
    return _found(
        FoundNetwork,
        vpcs[chosen],
        {"vpc_id": "id", "cidr": "cidr_block"},
        subnets={
            tier: tuple(sorted(subnets, key=lambda subnet: subnet.zone))
            for tier, subnets in tiers.items()
        },
        egress=egress,
    )


def _found(model: type[M], held: Held, values: Mapping[str, str], **more: Any) -> M:
    """What a resource holds, as the context has it.

    Args:
        values: attributes by the model's fields.

    Raises:
        StackFileError: AWS never gives such a value; says the resource, file and line.
    """
    given = {field: held.take(attribute) for field, attribute in values.items()}
    try:
        return model(**given, **more)
    except ValidationError as error:
        raise StackFileError(
            [
                Problem(
                    (held.address, values[str(wrong["loc"][0])]),
                    "a value of a form that AWS never gives",
                    "what AWS gives",
                    "where a state was edited by hand, `terraform refresh` reads it again",
                    Source("state", held.file, held.line),
                )
                for wrong in error.errors(include_url=False, include_context=False)
            ],
            subject=SUBJECT,
        ) from None


def several_in_a_zone(network: FoundNetwork) -> dict[str, list[str]]:
    """Ids by tier, of tiers with several subnets in a zone: a stack file names those."""
    return {
        tier.value: [subnet.id for subnet in subnets]
        for tier, subnets in network.subnets.items()
        if len({subnet.zone for subnet in subnets}) < len(subnets)
    }


def _tier(subnet: Held, state: State) -> SubnetTier:
    """By its default route, else by whether it gives public addresses, else by its name."""
    table = _table(subnet, state)
    if table is not None:
        for route in _routes(table, state):
            if route.get("cidr_block") == EVERYWHERE or (
                route.get("destination_cidr_block") == EVERYWHERE
            ):
                gateway = str(route.get("gateway_id") or "")
                return SubnetTier.PUBLIC if gateway.startswith("igw-") else SubnetTier.PRIVATE
        return SubnetTier.ISOLATED
    if subnet.take("map_public_ip_on_launch"):
        return SubnetTier.PUBLIC
    name = f"{subnet.name} {(subnet.attributes.get('tags') or {}).get('Name', '')}".lower()
    named = (tier for tier, words in WORDS.items() if any(word in name for word in words))
    return next(named, SubnetTier.PRIVATE)


def _table(subnet: Held, state: State) -> Held | None:
    link = state.by("subnet_id", subnet.attributes.get("id"), "aws_route_table_association")
    if link is None:
        return None
    return state.by("id", link.attributes.get("route_table_id"), "aws_route_table")


def _routes(table: Held, state: State) -> list[dict[str, Any]]:
    inline: list[dict[str, Any]] = [
        *(table.attributes.get("route") or []),
        *(table.attributes.get("routes") or []),  # as a data source has them
    ]
    own = table.attributes.get("id")
    apart = [
        route.attributes
        for route in state.seen("aws_route")
        if route.attributes.get("route_table_id") == own
    ]
    return [*inline, *apart]
