"""VPCs, subnets and route tables, with their routes in both shapes."""

from collections.abc import Callable
from typing import Final

from .. import aws
from ..evidence import Resource, Stack
from ..reachability.model import Gateway, MaybeId, Route, RouteTable, Subnet, Vpc
from ..reading import Reading
from ..unknown import UNKNOWN, Tri, Unknown, is_unknown
from .acls import acl_before
from .references import ids_of, only, text_of, texts_of

_INLINE: Final = {
    "destinationCidrBlock": "cidrBlock",
    "destinationIpv6CidrBlock": "ipv6CidrBlock",
}
_GATEWAYS: Final = (
    ("natGatewayId", Gateway.NAT, aws.NAT_GATEWAY),
    ("transitGatewayId", Gateway.TRANSIT, aws.TRANSIT_GATEWAY),
    ("vpcPeeringConnectionId", Gateway.PEERING, aws.PEERING),
    ("egressOnlyGatewayId", Gateway.EGRESS_ONLY, aws.EGRESS_ONLY_GATEWAY),
    ("vpcEndpointId", Gateway.OTHER, aws.VPC_ENDPOINT),
    ("networkInterfaceId", Gateway.OTHER, aws.INSTANCE),
)


def vpc_of(stack: Stack, vpc: Resource) -> Vpc:
    """A VPC with its main route table."""
    main: MaybeId | None = None
    for companion in stack.companions(vpc, aws.MAIN_ROUTE_TABLE, "vpcId"):
        table = only(ids_of(stack, companion.resource, "routeTableId", aws.ROUTE_TABLE))
        main = table if companion.belongs is Tri.YES else UNKNOWN
    return Vpc(vpc.urn, texts_of(vpc["cidrBlock"], vpc["ipv6CidrBlock"]), main)


def subnet_of(stack: Stack, subnet: Resource) -> Subnet:
    """A subnet with its route table and its network ACL."""
    table: MaybeId | None = None
    for link in stack.companions(subnet, aws.ROUTE_TABLE_ASSOCIATION, "subnetId"):
        named = only(ids_of(stack, link.resource, "routeTableId", aws.ROUTE_TABLE))
        table = named if link.belongs is Tri.YES else UNKNOWN
    vpc = only(ids_of(stack, subnet, "vpcId", aws.VPC))
    return Subnet(
        subnet.urn,
        "vpc outside the stack" if is_unknown(vpc) else vpc,
        texts_of(subnet["cidrBlock"], subnet["ipv6CidrBlock"]),
        table,
        acl_before(stack, subnet),
    )


def route_table_of(stack: Stack, table: Resource) -> RouteTable:
    """A route table with its own routes, those of other resources, and gateway endpoints."""
    routes: list[Route | Unknown] = []
    inline = table["routes"]
    if inline.is_unknown:
        routes.append(UNKNOWN)
    for route in inline.elements():
        routes.append(_route(stack, table, lambda key, one=route: one[_INLINE.get(key, key)]))
    for companion in stack.companions(table, aws.ROUTE, "routeTableId"):
        route = companion.resource
        sure = companion.belongs is Tri.YES
        routes.append(_route(stack, route, route.__getitem__) if sure else UNKNOWN)
    for endpoint in stack.companions(table, aws.VPC_ENDPOINT, "routeTableIds"):
        routes.append(Route(endpoint.resource.urn, Gateway.ENDPOINT, endpoint.resource.urn))
    return RouteTable(table.urn, tuple(routes))


def _route(stack: Stack, owner: Resource, read: Callable[[str], Reading]) -> Route | Unknown:
    destination = next(
        (
            text_of(read(key))
            for key in (
                "destinationCidrBlock",
                "destinationIpv6CidrBlock",
                "destinationPrefixListId",
            )
            if not read(key).is_absent
        ),
        None,
    )
    if destination is None:
        return UNKNOWN
    gateway = read("gatewayId")
    if not gateway.is_absent:
        internet = stack.resolve(owner, gateway, aws.INTERNET_GATEWAY)
        if internet.found or gateway.matches("^igw-") is Tri.YES:
            return Route(destination, Gateway.INTERNET)
        if gateway.is_unknown:
            return Route(destination, UNKNOWN)
        local = gateway.equals("local") is Tri.YES
        return Route(destination, Gateway.LOCAL if local else Gateway.OTHER)
    for key, kind, token in _GATEWAYS:
        target = read(key)
        if not target.is_absent:
            found = stack.resolve(owner, target, token).found
            return Route(destination, kind, found[0].urn if len(found) == 1 else UNKNOWN)
    return UNKNOWN
