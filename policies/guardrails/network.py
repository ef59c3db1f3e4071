"""What controls ask about a stack's network: which subnets are public, which groups are worn."""

from . import aws
from .control import Verdict, require
from .evidence import Resource, Stack, Targets
from .reading import Reading
from .unknown import Tri, all_of, any_of


def public_subnet(stack: Stack, subnet: Resource) -> Tri:
    """Whether a subnet's route table leads to an internet gateway, or it hands out addresses."""
    tables: list[tuple[Resource, Tri]] = []
    unseen = Tri.NO
    for link in stack.companions(subnet, aws.ROUTE_TABLE_ASSOCIATION, "subnetId"):
        targets = stack.follow(link.resource, "routeTableId", aws.ROUTE_TABLE)
        tables.extend((table, link.belongs & targets.complete) for table in targets.found)
        if targets.complete is Tri.UNKNOWN:
            unseen = Tri.UNKNOWN
    routed = any_of(certain & _leads_out(stack, table) for table, certain in tables)
    return subnet["mapPublicIpOnLaunch"].is_true() | routed | unseen


def _leads_out(stack: Stack, table: Resource) -> Tri:
    inline = table["routes"].some(lambda route: _internet_gateway(route["gatewayId"]))
    separate = any_of(
        link.belongs & _gateway_of_route(stack, link.resource)
        for link in stack.companions(table, aws.ROUTE, "routeTableId")
    )
    return inline | separate


def _gateway_of_route(stack: Stack, route: Resource) -> Tri:
    gateway = route["gatewayId"]
    targets = stack.follow(route, "gatewayId", aws.INTERNET_GATEWAY)
    if targets.found:
        return Tri.YES
    return _internet_gateway(gateway)


def _internet_gateway(gateway: Reading) -> Tri:
    return gateway.matches("^igw-")


def stands_privately(stack: Stack, subnets: Targets) -> Verdict:
    """Pass when none of the subnets that a resource names has a way in from the internet."""
    if not subnets.found:
        return require(Tri.UNKNOWN, "its subnets are not in this stack")
    return require(_are_private(stack, subnets), "it stands in a public subnet")


def private_subnets(stack: Stack, groups: Targets, path: str) -> Verdict:
    """Pass when every subnet that ``groups`` name in ``path`` has no way in from the internet."""
    if not groups.found:
        return require(Tri.UNKNOWN, "the subnet group is not in this stack")
    private = all_of(
        _are_private(stack, stack.follow(group, path, aws.SUBNET)) for group in groups.found
    )
    return require(private & groups.complete, "a subnet of its group is public")


def _are_private(stack: Stack, subnets: Targets) -> Tri:
    if not subnets.found:
        return Tri.UNKNOWN
    public = any_of(public_subnet(stack, subnet) for subnet in subnets.found)
    return ~public & (subnets.complete if public is Tri.NO else Tri.YES)
