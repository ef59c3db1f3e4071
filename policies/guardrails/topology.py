"""The network of a stack as the reachability analysis wants it; ids are URNs."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from . import aws
from .evidence import Resource, Stack
from .reachability.model import (
    Gateway,
    GatewayEndpoint,
    GroupRule,
    Id,
    Interface,
    Listener,
    LoadBalancer,
    MaybeId,
    Network,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Target,
    Vpc,
)
from .reachability.paths import Reachability
from .reading import Reading
from .tls import cache_speaks_tls, database_speaks_tls
from .unknown import UNKNOWN, Tri, Unknown, is_unknown

# The ports that listen when none is set: "DBInstance" and "ReplicationGroup", API references.
DEFAULT_PORTS: Final = {
    "postgres": 5432,
    "aurora-postgresql": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "aurora-mysql": 3306,
}
CACHE_PORT: Final = 6379
DATA: Final = (aws.DB_INSTANCE, aws.DB_CLUSTER, aws.CACHE_GROUP)


def network(stack: Stack) -> Reachability:
    """The reachability analysis of a stack, worked out once."""
    return stack.once("network", lambda one: Reachability(model(one)))


def model(stack: Stack) -> Network:
    """The network of a stack as plain values."""
    return stack.once("network model", _network)


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


def groups_of(stack: Stack, resource: Resource) -> tuple[MaybeId, ...] | Unknown:
    """The security groups that a database, cache, service, function or balancer wears."""
    path, _ = _PLACES[resource.type]
    return _ids(stack, resource, path, aws.SECURITY_GROUP)


def port_of(resource: Resource) -> int | Unknown:
    """The port on which a database or cache listens."""
    port = resource["port"]
    if port.is_unknown:
        return UNKNOWN
    number = port.number()
    if number is not None:
        return int(number)
    if resource.type == aws.CACHE_GROUP:
        return CACHE_PORT
    engine = resource["engine"]
    return UNKNOWN if engine.is_unknown else DEFAULT_PORTS.get(engine.text() or "", UNKNOWN)


# Security groups and subnets of what has addresses; a subnet group stands between where named.
_PLACES: Final[Mapping[str, tuple[str, str]]] = {
    aws.DB_INSTANCE: ("vpcSecurityGroupIds", "dbSubnetGroupName"),
    aws.DB_CLUSTER: ("vpcSecurityGroupIds", "dbSubnetGroupName"),
    aws.CACHE_GROUP: ("securityGroupIds", "subnetGroupName"),
    aws.ECS_SERVICE: ("networkConfiguration.securityGroups", "networkConfiguration.subnets"),
    aws.FUNCTION: ("vpcConfig.securityGroupIds", "vpcConfig.subnetIds"),
    aws.INSTANCE: ("vpcSecurityGroupIds", "subnetId"),
    aws.LOAD_BALANCER: ("securityGroups", "subnets"),
}
_SUBNET_GROUPS: Final = {
    "dbSubnetGroupName": aws.DB_SUBNET_GROUP,
    "subnetGroupName": aws.CACHE_SUBNET_GROUP,
}
APPLICATIONS: Final = (aws.ECS_SERVICE, aws.FUNCTION, aws.INSTANCE)


def _network(stack: Stack) -> Network:
    return Network(
        vpcs={vpc.urn: _vpc(stack, vpc) for vpc in stack.of_type(aws.VPC)},
        subnets={one.urn: _subnet(stack, one) for one in stack.of_type(aws.SUBNET)},
        route_tables={one.urn: _table(stack, one) for one in stack.of_type(aws.ROUTE_TABLE)},
        groups={one.urn: _group(stack, one) for one in stack.of_type(aws.SECURITY_GROUP)},
        interfaces={
            one.urn: _interface(stack, one)
            for one in stack.of_type(*DATA, *APPLICATIONS)
            if one.type != aws.FUNCTION or not one["vpcConfig"].is_absent
        },
        load_balancers={one.urn: _balancer(stack, one) for one in stack.of_type(aws.LOAD_BALANCER)},
        endpoints={
            one.urn: GatewayEndpoint(one.urn, one.urn)
            for one in stack.of_type(aws.VPC_ENDPOINT)
            if one["vpcEndpointType"].equals("Gateway") is not Tri.NO
        },
        nats={
            one.urn: _one(_ids(stack, one, "subnetId", aws.SUBNET))
            for one in stack.of_type(aws.NAT_GATEWAY)
        },
    )


def _one(ids: tuple[MaybeId, ...] | Unknown) -> MaybeId:
    if is_unknown(ids):
        return UNKNOWN
    return ids[0] if len(ids) == 1 else UNKNOWN


def _ids(stack: Stack, resource: Resource, path: str, *kinds: str) -> tuple[MaybeId, ...] | Unknown:
    leaves = resource.leaves(path)
    if any(leaf.is_unknown for leaf in leaves):
        targets = stack.follow(resource, path, *kinds)
        if targets.complete is not Tri.YES:
            return UNKNOWN if not targets.found else (*(t.urn for t in targets.found), UNKNOWN)
        return tuple(target.urn for target in targets.found)
    found: list[MaybeId] = []
    for leaf in leaves:
        targets = stack.resolve(resource, leaf, *kinds)
        found.extend(target.urn for target in targets.found)
        if not targets.found:
            found.append(leaf.text() or UNKNOWN)
    return tuple(found)


def _text(reading: Reading) -> str | Unknown | None:
    return UNKNOWN if reading.is_unknown else reading.text()


def _texts(*readings: Reading) -> tuple[str | Unknown, ...]:
    found: list[str | Unknown] = []
    for reading in readings:
        members = (reading,) if reading.is_unknown else reading.elements()
        found.extend(text for text in map(_text, members) if text is not None)
    return tuple(found)


def _vpc(stack: Stack, vpc: Resource) -> Vpc:
    main: MaybeId | None = None
    for companion in stack.companions(vpc, aws.MAIN_ROUTE_TABLE, "vpcId"):
        table = _one(_ids(stack, companion.resource, "routeTableId", aws.ROUTE_TABLE))
        main = table if companion.belongs is Tri.YES else UNKNOWN
    return Vpc(vpc.urn, _texts(vpc["cidrBlock"], vpc["ipv6CidrBlock"]), main)


def _subnet(stack: Stack, subnet: Resource) -> Subnet:
    table: MaybeId | None = None
    for link in stack.companions(subnet, aws.ROUTE_TABLE_ASSOCIATION, "subnetId"):
        named = _one(_ids(stack, link.resource, "routeTableId", aws.ROUTE_TABLE))
        table = named if link.belongs is Tri.YES else UNKNOWN
    acl: MaybeId | None = None
    if stack.companions(subnet, aws.NETWORK_ACL, "subnetIds"):
        # Own network ACLs are EC2.21's question; what else they let through is not decided here.
        acl = UNKNOWN
    vpc = _one(_ids(stack, subnet, "vpcId", aws.VPC))
    return Subnet(
        subnet.urn,
        "vpc outside the stack" if is_unknown(vpc) else vpc,
        _texts(subnet["cidrBlock"], subnet["ipv6CidrBlock"]),
        table,
        acl,
    )


def _table(stack: Stack, table: Resource) -> RouteTable:
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


def _route(stack: Stack, owner: Resource, read: Callable[[str], Reading]) -> Route | Unknown:
    destination = next(
        (
            _text(read(key))
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


def _group(stack: Stack, group: Resource) -> SecurityGroup:
    return SecurityGroup(group.urn, _rules(stack, group, "ingress"), _rules(stack, group, "egress"))


def _rules(
    stack: Stack, group: Resource, direction: str
) -> tuple[GroupRule | Unknown, ...] | Unknown:
    inline = group[direction]
    if inline.is_unknown:
        return UNKNOWN
    rules: list[GroupRule | Unknown] = [
        _listed(stack, group, group.urn, rule, "securityGroups") for rule in inline.elements()
    ]
    for companion in stack.companions(group, aws.SECURITY_GROUP_RULE, "securityGroupId"):
        rule = companion.resource
        meant = rule["type"].equals(direction)
        if meant is Tri.NO:
            continue
        sure = companion.belongs is Tri.YES and meant is Tri.YES
        whole = Reading(rule.facts.inputs)
        rules.append(
            _listed(stack, rule, group.urn, whole, "sourceSecurityGroupId") if sure else UNKNOWN
        )
    kind = aws.INGRESS_RULE if direction == "ingress" else aws.EGRESS_RULE
    for companion in stack.companions(group, kind, "securityGroupId"):
        sure = companion.belongs is Tri.YES
        rules.append(_single(stack, companion.resource) if sure else UNKNOWN)
    return tuple(rules)


def _listed(
    stack: Stack, owner: Resource, own_group: Id, rule: Reading, groups_key: str
) -> GroupRule:
    peers: list[MaybeId] = []
    named = rule[groups_key]
    for member in (named,) if named.is_unknown else named.elements():
        peers.append(_peer(stack, owner, member))
    if rule["self"].is_true() is not Tri.NO:
        peers.append(own_group if rule["self"].is_true() is Tri.YES else UNKNOWN)
    return GroupRule(
        _protocol(rule["protocol"]),
        _ports(rule),
        _texts(rule["cidrBlocks"], rule["ipv6CidrBlocks"]),
        tuple(peers),
        _texts(rule["prefixListIds"]),
    )


def _single(stack: Stack, rule: Resource) -> GroupRule:
    peer = rule["referencedSecurityGroupId"]
    return GroupRule(
        _protocol(rule["ipProtocol"]),
        _ports(Reading(rule.facts.inputs)),
        _texts(rule["cidrIpv4"], rule["cidrIpv6"]),
        () if peer.is_absent else (_peer(stack, rule, peer),),
        _texts(rule["prefixListId"]),
    )


def _peer(stack: Stack, owner: Resource, reading: Reading) -> MaybeId:
    targets = stack.resolve(owner, reading, aws.SECURITY_GROUP)
    # The rule's own group is among what it depends on only under another input.
    if len(targets.found) == 1 and targets.complete is Tri.YES:
        return targets.found[0].urn
    return reading.text() or UNKNOWN


_NUMBERS: Final = {"6": "tcp", "17": "udp", "all": "-1"}


def _protocol(reading: Reading) -> str | Unknown:
    text = _text(reading)
    if is_unknown(text) or text is None:
        number = reading.number()
        return UNKNOWN if number is None else _NUMBERS.get(str(int(number)), str(int(number)))
    return _NUMBERS.get(text, text)


def _ports(rule: Reading) -> tuple[int, int] | Unknown | None:
    if _protocol(rule["protocol"]) == "-1" or _protocol(rule["ipProtocol"]) == "-1":
        return None
    first, last = rule["fromPort"], rule["toPort"]
    if first.is_unknown or last.is_unknown:
        return UNKNOWN
    low, high = first.number(), last.number()
    return None if low is None or high is None else (int(low), int(high))


def _subnets_of(stack: Stack, resource: Resource) -> tuple[MaybeId, ...] | Unknown:
    _, path = _PLACES[resource.type]
    group = _SUBNET_GROUPS.get(path)
    if group is None:
        return _ids(stack, resource, path, aws.SUBNET)
    groups = stack.follow(resource, path, group)
    if len(groups.found) != 1 or groups.complete is not Tri.YES:
        return UNKNOWN
    return _ids(stack, groups.found[0], "subnetIds", aws.SUBNET)


def _flag(answer: Tri) -> bool | Unknown:
    return UNKNOWN if answer is Tri.UNKNOWN else answer is Tri.YES


def _public(resource: Resource) -> Tri:
    if resource.type == aws.ECS_SERVICE:
        return resource.at("networkConfiguration.assignPublicIp").is_true()
    if resource.type == aws.INSTANCE:
        return resource["associatePublicIpAddress"].is_true()
    return resource["publiclyAccessible"].is_true()


def _interface(stack: Stack, resource: Resource) -> Interface:
    encrypted: dict[int, bool | Unknown] = {}
    port = port_of(resource) if resource.type in DATA else UNKNOWN
    if not is_unknown(port):
        speaks = (
            cache_speaks_tls(resource)
            if resource.type == aws.CACHE_GROUP
            else database_speaks_tls(resource, stack)
        )
        encrypted[port] = _flag(speaks)
    return Interface(
        resource.urn,
        _subnets_of(stack, resource),
        groups_of(stack, resource),
        public=_flag(_public(resource)),
        encrypted=encrypted,
    )


def _balancer(stack: Stack, balancer: Resource) -> LoadBalancer:
    listeners: list[Listener] = []
    unsure = False
    for companion in stack.companions(balancer, aws.LISTENER, "loadBalancerArn"):
        unsure = unsure or companion.belongs is not Tri.YES
        listeners.append(_listener(stack, companion.resource))
    grouped = not balancer["securityGroups"].is_absent
    return LoadBalancer(
        balancer.urn,
        _subnets_of(stack, balancer),
        groups_of(stack, balancer) if grouped else None,
        internet_facing=_flag(~balancer["internal"].is_true()),
        listeners=UNKNOWN if unsure else tuple(listeners),
        keeps_client=_flag(balancer["loadBalancerType"].equals("network")),
    )


def _listener(stack: Stack, listener: Resource) -> Listener:
    targets: list[Target] = []
    sources: list[tuple[Resource, str]] = [(listener, "defaultActions")]
    for companion in stack.companions(listener, aws.LISTENER_RULE, "listenerArn"):
        sources.append((companion.resource, "actions"))
    for owner, actions in sources:
        for path in (f"{actions}.targetGroupArn", f"{actions}.forward.targetGroups.arn"):
            if not any(not leaf.is_absent for leaf in owner.leaves(path)):
                continue
            for group in stack.follow(owner, path, aws.TARGET_GROUP).found:
                targets.extend(_targets(stack, group))
    number = listener["port"].number()
    return Listener(
        UNKNOWN if number is None else int(number),
        _text(listener["protocol"]) or "HTTP",
        tuple(targets),
    )


def _targets(stack: Stack, group: Resource) -> Iterable[Target]:
    protocol = _text(group["protocol"]) or "HTTP"
    for one in stack.companions(group, aws.ECS_SERVICE, "loadBalancers.targetGroupArn"):
        port = next(
            (leaf.number() for leaf in one.resource.leaves("loadBalancers.containerPort")), None
        )
        yield Target(one.resource.urn, UNKNOWN if port is None else int(port), protocol)
