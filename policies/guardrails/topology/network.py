"""The network of a stack, its reachability analysis, and who is admitted to a data store."""

from collections.abc import Mapping

from .. import aws
from ..evidence import Resource, Stack
from ..reachability.model import GatewayEndpoint, Network
from ..reachability.paths import Reachability
from ..unknown import UNKNOWN, Tri, is_unknown
from .acls import network_acls
from .balancers import balancer_of
from .groups import security_group
from .places import APPLICATIONS, DATA, groups_of, interface
from .references import ids_of, only
from .routing import route_table_of, subnet_of, vpc_of


def network(stack: Stack) -> Reachability:
    """The reachability analysis of a stack, worked out once."""
    return stack.once("network", lambda one: Reachability(model(one)))


def model(stack: Stack) -> Network:
    """The network of a stack as plain values."""
    return stack.once("network model", _network)


def _network(stack: Stack) -> Network:
    return Network(
        vpcs={vpc.urn: vpc_of(stack, vpc) for vpc in stack.of_type(aws.VPC)},
        subnets={one.urn: subnet_of(stack, one) for one in stack.of_type(aws.SUBNET)},
        route_tables={
            one.urn: route_table_of(stack, one) for one in stack.of_type(aws.ROUTE_TABLE)
        },
        groups={one.urn: security_group(stack, one) for one in stack.of_type(aws.SECURITY_GROUP)},
        interfaces={
            one.urn: interface(stack, one)
            for one in stack.of_type(*DATA, *APPLICATIONS)
            if one.type != aws.FUNCTION or not one["vpcConfig"].is_absent
        },
        acls=network_acls(stack),
        load_balancers={
            one.urn: balancer_of(stack, one) for one in stack.of_type(aws.LOAD_BALANCER)
        },
        endpoints={
            one.urn: GatewayEndpoint(one.urn, one.urn)
            for one in stack.of_type(aws.VPC_ENDPOINT)
            if one["vpcEndpointType"].equals("Gateway") is not Tri.NO
        },
        nats={
            one.urn: only(ids_of(stack, one, "subnetId", aws.SUBNET))
            for one in stack.of_type(aws.NAT_GATEWAY)
        },
    )


def callers(stack: Stack, store: Resource) -> tuple[Resource, ...]:
    """The applications that a data store's groups may admit: asking all of all would be quadratic.

    Everything when the store admits address ranges, or when what it admits is not known.
    """
    by_group, anywhere, everyone = stack.once("applications", _by_group)
    held = model(stack)
    groups = groups_of(stack, store)
    if is_unknown(groups):
        return everyone
    found: dict[str, Resource] = {one.urn: one for one in anywhere}
    for urn in groups:
        group = None if is_unknown(urn) else held.groups.get(urn)
        if group is None or is_unknown(group.ingress):
            return everyone
        for rule in group.ingress:
            if is_unknown(rule) or rule.cidrs or rule.prefix_lists or UNKNOWN in rule.groups:
                return everyone
            for peer in rule.groups:
                if not is_unknown(peer):
                    found.update({one.urn: one for one in by_group.get(peer, ())})
    return tuple(found.values())


_ByGroup = tuple[Mapping[str, tuple[Resource, ...]], tuple[Resource, ...], tuple[Resource, ...]]


def _by_group(stack: Stack) -> _ByGroup:
    """Applications in a network: by the groups they wear, those whose groups are not known, all."""
    by_group: dict[str, tuple[Resource, ...]] = {}
    anywhere: list[Resource] = []
    held = model(stack)
    everyone = tuple(one for one in stack.of_type(*APPLICATIONS) if one.urn in held.interfaces)
    for application in everyone:
        groups = held.interfaces[application.urn].groups
        if groups is None or is_unknown(groups) or UNKNOWN in groups:
            anywhere.append(application)
            continue
        for group in groups:
            if not is_unknown(group):
                by_group[group] = (*by_group.get(group, ()), application)
    return by_group, tuple(anywhere), everyone
