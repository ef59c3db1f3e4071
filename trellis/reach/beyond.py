"""Other networks that routes lead to: peered ones, those behind a transit gateway or a VPN."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trellis.planner.recording import Recorded, Recording
from trellis.reach.plain import plain

KIND = "other network"

ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ANYWHERE = ("0.0.0.0/0", "::/0")

VPN = "VPN or Direct Connect"

TARGETS = {
    "vpcPeeringConnectionId": "peering",
    "transitGatewayId": "transit gateway",
    "gatewayId": VPN,
}
"""What such a route leads by, by its property."""

ENDS = {
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": "vpcPeeringConnectionId",
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": "transitGatewayId",
    "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment": "vpnGatewayId",
}
"""Types that say by their name what somebody else's id is called here."""


@dataclass(frozen=True)
class OtherNetwork:
    """Where one route leads."""

    id: str
    """Of the thing, as in `networks.data`."""
    name: str
    way: str
    """`peering`, `transit gateway` or `VPN or Direct Connect`."""
    destination: str
    """A block, or the id of a prefix list."""

    def may_hold(self, rule: Recorded) -> bool:
        """Whether what a rule lets through may be there."""
        block = plain(rule.inputs.get("cidrIpv4")) or plain(rule.inputs.get("cidrIpv6"))
        if block is not None:
            return _overlap(str(block), self.destination)
        prefix_list = plain(rule.inputs.get("prefixListId"))
        return prefix_list is not None and prefix_list == self.destination


def _overlap(one: str, other: str) -> bool:
    try:
        first, second = ipaddress.ip_network(one), ipaddress.ip_network(other)
    except ValueError:  # a prefix list, of which no plan knows the blocks
        return True
    return first.version == second.version and first.overlaps(second)


def other_networks(recording: Recording) -> Mapping[str, tuple[OtherNetwork, ...]]:
    """Where routes lead beyond the network, by subnet id."""
    by_table: dict[str, list[OtherNetwork]] = {}
    names = _names(recording)
    for route in recording.of_type(ROUTE):
        for found in _leading(route, names):
            by_table.setdefault(str(plain(route.inputs.get("routeTableId"))), []).append(found)
    return {
        str(plain(link.inputs.get("subnetId"))): tuple(
            by_table.get(str(plain(link.inputs.get("routeTableId"))), ())
        )
        for link in recording.of_type(ASSOCIATION)
    }


def _leading(route: Recorded, names: Mapping[str, str]) -> Iterator[OtherNetwork]:
    inputs: Mapping[str, Any] = route.inputs
    destination = next(
        (
            str(value)
            for key in (
                "destinationCidrBlock",
                "destinationIpv6CidrBlock",
                "destinationPrefixListId",
            )
            if (value := plain(inputs.get(key))) is not None
        ),
        "",
    )
    for key, way in TARGETS.items():
        target = plain(inputs.get(key))
        if target is None or (key == "gatewayId" and not str(target).startswith("vgw-")):
            continue
        name = names.get(str(target), str(target))
        yield OtherNetwork(f"networks.{name}", name, way, destination)


def _names(recording: Recording) -> Mapping[str, str]:
    """What connections and gateways are called in the stack file, by their ids."""
    found: dict[str, str] = {}
    for connection in recording.of_type("aws:ec2/vpcPeeringConnection:VpcPeeringConnection"):
        found[connection.id] = connection.name.partition("-")[2]
    for type_, key in ENDS.items():
        for end in recording.of_type(type_):
            found.setdefault(str(plain(end.inputs.get(key))), end.name.partition("-")[2])
    return found
