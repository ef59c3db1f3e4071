"""Other networks: what only the whole can tell of peerings, attachments and further routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network

from components.contracts import SubnetTier
from components.network.beyond_settings import RouteSettings
from components.network.settings import VPC_PREFIXES, Nat, NetworkSettings
from components.parts.outside import leads_to_a_block
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.service_checks import tasks_of
from trellis.stackfile.settings import SystemSettings

PRIVATE = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("100.64.0.0/10"),
    IPv6Network("fc00::/7"),
)
"""Blocks that no internet gateway leads to (RFC 1918, RFC 6598, RFC 4193)."""

PLACE: KeyPath = ("network",)


def _made_here(settings: SystemSettings) -> NetworkSettings | None:
    network = settings.network
    if network is None or network.existing is not None or network.from_ is not None:
        return None
    return network


def every_route(network: NetworkSettings) -> Mapping[KeyPath, RouteSettings]:
    """Routes of a network that leave it, those of peerings among them, by where they are said."""
    return {
        **{
            (*PLACE, "peerings", name, "cidr"): RouteSettings(
                to=peering.cidr, peering=name, tiers=peering.tiers
            )
            for name, peering in network.peerings.items()
        },
        **{(*PLACE, "routes", name, "to"): route for name, route in network.routes.items()},
    }


def peers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Networks that AWS connects with no other, or that are said in a way that changes nothing."""
    network = _made_here(settings)
    if network is None:
        return
    own = IPv4Network(network.cidr)
    for name, peering in network.peerings.items():
        path = (*PLACE, "peerings", name)
        block = IPv4Network(peering.cidr)
        if block.overlaps(own):
            yield (
                (*path, "cidr"),
                f"{block}, which overlaps with the network's own {own}",
                "a network whose addresses are all others",
                "AWS connects no networks that share addresses; a new network takes another "
                "`network.cidr`",
            )
        elif block.prefixlen not in VPC_PREFIXES:
            yield (
                (*path, "cidr"),
                str(block),
                f"a network's block, /{VPC_PREFIXES[0]} to /{VPC_PREFIXES[-1]}",
                "further blocks have `network.routes`",
            )
        if peering.account is not None and peering.account == settings.account:
            yield (
                (*path, "account"),
                f"{peering.account}, the stack's own",
                "another account, or none",
                "a network of the stack's own account accepts at once",
            )
        if peering.region is not None and peering.region == settings.region:
            yield (
                (*path, "region"),
                f"{peering.region}, the stack's own",
                "another region, or none",
                "",
            )


def ways(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Routes by what is not there, and attachments that no route leads by."""
    network = _made_here(settings)
    if network is None:
        return
    used = {route.transit_gateway for route in network.routes.values()}
    for name, gateway in network.transit_gateways.items():
        path = (*PLACE, "transitGateways", name)
        if gateway.tier not in network.subnets:
            there = [tier.value for tier in network.subnets]
            yield unknown((*path, "tier"), "kind of subnets", gateway.tier.value, there)
        if name not in used:
            yield (
                path,
                "an attachment that no route leads by",
                f"one of `network.routes` with `transitGateway: {name}`",
                "without one nothing leaves by it, answers neither",
            )
    private = any(route.virtual_private_gateway for route in network.routes.values())
    if network.virtual_private_gateway is not None and not private:
        yield (
            (*PLACE, "virtualPrivateGateway"),
            "a gateway that no route leads by",
            "one of `network.routes` with `virtualPrivateGateway: true`",
            "",
        )
    for name, route in network.routes.items():
        path = (*PLACE, "routes", name)
        if route.peering is not None and route.peering not in network.peerings:
            yield unknown((*path, "peering"), "peering", route.peering, list(network.peerings))
        if (
            route.transit_gateway is not None
            and route.transit_gateway not in network.transit_gateways
        ):
            yield unknown(
                (*path, "transitGateway"),
                "transit gateway",
                route.transit_gateway,
                list(network.transit_gateways),
            )
        if route.virtual_private_gateway and network.virtual_private_gateway is None:
            yield (
                (*path, "virtualPrivateGateway"),
                "a route by a gateway that the network has not",
                "`network.virtualPrivateGateway: vgw-...` as well",
                "",
            )


def destinations(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Routes into the network itself, two to one place, and those of tiers that are not there."""
    network = _made_here(settings)
    if network is None:
        return
    own = IPv4Network(network.cidr)
    taken: dict[tuple[SubnetTier, str], KeyPath] = {}
    for path, route in every_route(network).items():
        block = route.block
        if path[1] == "routes" and isinstance(block, IPv4Network) and block.subnet_of(own):
            yield (
                path,
                f"{block}, which is inside of the network's own {own}",
                "a block beyond the network",
                "what is inside is reached without any route",
            )
        if isinstance(block, IPv6Network) and not network.ipv6:
            yield path, f"{block}, and a network without IPv6", "`network.ipv6: true`", ""
        for tier in route.tiers:
            at = (*path[:-1], "tiers")
            if tier not in network.subnets:
                there = [kind.value for kind in network.subnets]
                yield unknown(at, "kind of subnets", tier.value, there)
            elif route.is_default and (why := _has_another_default(network, tier)):
                yield at, f"{route.to} in the {tier.value} tier, {why[0]}", why[1], ""
            other = taken.setdefault((tier, route.to), path)
            if other != path:
                yield (
                    path,
                    f"{route.to} in the {tier.value} tier, where "
                    f"{'.'.join(map(str, other[:-1]))} leads already",
                    "one route to a block in a tier",
                    "a longer prefix wins over a shorter one",
                )


def _has_another_default(network: NetworkSettings, tier: SubnetTier) -> tuple[str, str] | None:
    if tier is SubnetTier.PUBLIC:
        return "which leads to the internet gateway", "`tiers` without `public`"
    if tier is SubnetTier.ISOLATED:
        return "which has no way to the internet", "`tiers: [private]`"
    if network.nat is not Nat.NONE:
        return "which leads to a NAT gateway", "`network.nat: none` with it"
    return None


def unreached(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Addresses of other networks that a task uses, and no route of its subnets leads to."""
    network = _made_here(settings)
    if network is None:
        return
    own = IPv4Network(network.cidr)
    for path, task in tasks_of(settings).items():
        for position, use in enumerate(task.uses):
            block = leads_to_a_block(use.address or "")
            if block is None or block.overlaps(own) or not _of_a_private_network(block):
                continue
            tier = task.subnets
            if any(
                tier in route.tiers and covers(route, block)
                for route in every_route(network).values()
            ):
                continue
            yield (
                (*path, "uses", position, "address"),
                f"{use.address}, and no route from {tier.value} subnets that leads there",
                "an address of the network, or one that `network.peerings` or `network.routes` "
                "lead to",
                "what isn't public is reached by a peering, a transit gateway or a VPN only",
            )


def _of_a_private_network(block: IPv4Network | IPv6Network) -> bool:
    return any(covers_block(private, block) for private in PRIVATE)


def covers(route: RouteSettings, block: IPv4Network | IPv6Network) -> bool:
    """Whether a route leads to all of a block, or, of a prefix list, perhaps."""
    return route.block is None or covers_block(route.block, block)


def covers_block(there: IPv4Network | IPv6Network, block: IPv4Network | IPv6Network) -> bool:
    """Whether one block holds all of another."""
    if isinstance(there, IPv4Network) and isinstance(block, IPv4Network):
        return block.subnet_of(there)
    if isinstance(there, IPv6Network) and isinstance(block, IPv6Network):
        return block.subnet_of(there)
    return False


CHECKS = (peers, ways, destinations, unreached)
