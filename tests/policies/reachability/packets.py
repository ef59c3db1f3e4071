"""A packet-level evaluator of small networks, written apart from the pack's own reachability.

It tries every packet there is: each source address, client port and target address, request and
reply, rule by rule. All values must be known.
"""

from __future__ import annotations

import ipaddress

from policies.guardrails.reachability.model import (
    Gateway,
    Interface,
    LoadBalancer,
    Network,
    NetworkAcl,
    Route,
    Subnet,
)

# One public address in each region that the generated networks' rules tell apart.
STRANGERS = ("8.8.8.8", "100.0.0.1", "150.0.0.1", "198.51.100.7", "200.0.0.1", "2a00::1")
CLIENT_PORTS = (1024, 32768, 65535)


def inside(address, cidr):
    network = ipaddress.ip_network(cidr)
    host = ipaddress.ip_address(address)
    return host.version == network.version and host in network


def carried(rule, protocol, port):
    if rule.protocol == "-1":
        return True
    if rule.protocol != protocol:
        return False
    return rule.ports is None or rule.ports[0] <= port <= rule.ports[1]


class Packets:
    def __init__(self, network: Network) -> None:
        self.net = network

    def thing(self, identifier) -> Interface | LoadBalancer:
        if identifier in self.net.load_balancers:
            return self.net.load_balancers[identifier]
        return self.net.interfaces[identifier]

    def homes(self, thing) -> list[tuple[Subnet, str]]:
        """Every (subnet, private address) the thing may have."""
        found = []
        for name in thing.subnets:
            subnet = self.net.subnets[name]
            for cidr in subnet.cidrs:
                network = ipaddress.ip_network(cidr)
                if network.version == 6 and not thing.ipv6:
                    continue
                for host in network:
                    given = getattr(thing, "addresses", None)
                    if given is None or any(inside(str(host), one) for one in given):
                        found.append((subnet, str(host)))
        return found

    def group_allows(self, own, incoming, protocol, port, address, peer_groups) -> bool:
        if own is None:
            return True
        for name in own:
            group = self.net.groups[name]
            for rule in group.ingress if incoming else group.egress:
                if not carried(rule, protocol, port):
                    continue
                if any(inside(address, cidr) for cidr in rule.cidrs):
                    return True
                if any(one in (peer_groups or ()) for one in rule.groups):
                    return True
                for listed in rule.prefix_lists:
                    if any(inside(address, cidr) for cidr in self.net.prefix_lists[listed]):
                        return True
        return False

    def acl_allows(self, subnet, incoming, protocol, port, address) -> bool:
        if subnet.acl is None:
            return True
        acl: NetworkAcl = self.net.acls[subnet.acl]
        for rule in sorted(acl.ingress if incoming else acl.egress, key=lambda one: one.number):
            if carried(rule, protocol, port) and inside(address, rule.cidr):
                return bool(rule.allow)
        return False

    def route(self, subnet, address) -> Route | None:
        vpc = self.net.vpcs[subnet.vpc]
        routes = [Route(cidr, Gateway.LOCAL) for cidr in vpc.cidrs]
        table = subnet.route_table or vpc.main_route_table
        if table is not None:
            routes.extend(self.net.route_tables[table].routes)
        best = None
        for route in routes:
            if not inside(address, route.destination):
                continue
            length = ipaddress.ip_network(route.destination).prefixlen
            if best is None or length > best[0]:
                best = (length, route)
        return best[1] if best else None

    def leads(self, subnet, address, kind) -> bool:
        route = self.route(subnet, address)
        return route is not None and route.gateway is kind

    def crosses(self, here, there, address) -> bool:
        route = self.route(here, address)
        if route is None:
            return False
        if here.vpc == there.vpc:
            return route.gateway is Gateway.LOCAL
        if route.gateway is Gateway.PEERING:
            ends = self.net.peerings[route.target]
        elif route.gateway is Gateway.TRANSIT:
            ends = self.net.transit_gateways[route.target]
        else:
            return False
        return here.vpc in ends and there.vpc in ends

    # Packets

    def stranger_arrives(self, stranger, target, port, protocol) -> bool:
        thing = self.thing(target)
        version = ipaddress.ip_address(stranger).version
        public = getattr(thing, "public", None)
        if public is None:
            public = thing.internet_facing
        if not (public if version == 4 else thing.ipv6):
            return False
        if not self.group_allows(thing.groups, True, protocol, port, stranger, ()):
            return False
        for name in thing.subnets:
            subnet = self.net.subnets[name]
            if not self.leads(subnet, stranger, Gateway.INTERNET):
                continue
            if not self.acl_allows(subnet, True, protocol, port, stranger):
                continue
            if any(
                self.acl_allows(subnet, False, protocol, client, stranger)
                for client in CLIENT_PORTS
            ):
                return True
        return False

    def arrives_inside(self, source, here, address, target, port, protocol) -> bool:
        """Whether the source, at one of its addresses, gets to a private address of the target."""
        start, end = self.thing(source), self.thing(target)
        if not self.group_allows(end.groups, True, protocol, port, address, start.groups):
            return False
        version = ipaddress.ip_address(address).version
        for there, other in self.homes(end):
            if ipaddress.ip_address(other).version != version:
                continue
            if not self.group_allows(start.groups, False, protocol, port, other, end.groups):
                continue
            if here.id == there.id:
                return True
            if not self.crosses(here, there, other) or not self.crosses(there, here, address):
                continue
            if not self.acl_allows(here, False, protocol, port, other):
                continue
            if not self.acl_allows(there, True, protocol, port, address):
                continue
            if any(
                self.acl_allows(there, False, protocol, client, address)
                and self.acl_allows(here, True, protocol, client, other)
                for client in CLIENT_PORTS
            ):
                return True
        return False

    def comes_as_client(self, source, client, balancer, target, port, protocol) -> bool:
        end = self.thing(target)
        peers = [balancer.groups]
        if source != "internet":
            peers.append(self.thing(source).groups)
        if not any(
            self.group_allows(end.groups, True, protocol, port, client, peer) for peer in peers
        ):
            return False
        return any(
            self.acl_allows(self.net.subnets[name], True, protocol, port, client)
            and any(
                self.acl_allows(self.net.subnets[name], False, protocol, reply, client)
                for reply in CLIENT_PORTS
            )
            for name in end.subnets
        )

    def arrives(self, source, client, target, port, protocol, seen=frozenset()) -> bool:
        """`client`: a public address, or (subnet, address) of the source."""
        public = source == "internet"
        if public:
            if self.stranger_arrives(client, target, port, protocol):
                return True
        elif self.arrives_inside(source, *client, target, port, protocol):
            return True
        address = client if public else client[1]
        for balancer in self.net.load_balancers.values():
            if balancer.id in (target, source) or balancer.id in seen:
                continue
            for listener in balancer.listeners:
                if ("udp" if listener.protocol == "UDP" else "tcp") != protocol:
                    continue
                if not any(way.resource == target and way.port == port for way in listener.targets):
                    continue
                if not self.arrives(
                    source,
                    client,
                    balancer.id,
                    listener.port,
                    protocol,
                    seen | {balancer.id, target},
                ):
                    continue
                if balancer.keeps_client:
                    onward = self.comes_as_client(source, address, balancer, target, port, protocol)
                else:
                    onward = any(
                        self.arrives_inside(balancer.id, *home, target, port, protocol)
                        for home in self.homes(balancer)
                    )
                if onward:
                    return True
        return False

    def leaves(self, source, port, protocol) -> bool:
        """Whether the source can connect to some public address."""
        thing = self.thing(source)
        for stranger in STRANGERS:
            version = ipaddress.ip_address(stranger).version
            if not self.group_allows(thing.groups, False, protocol, port, stranger, ()):
                continue
            for name in thing.subnets:
                subnet = self.net.subnets[name]
                route = self.route(subnet, stranger)
                if route is None or not self.out_and_back(subnet, port, protocol, stranger):
                    continue
                public = getattr(thing, "public", None)
                if public is None:
                    public = thing.internet_facing
                if route.gateway is Gateway.INTERNET and (public if version == 4 else thing.ipv6):
                    return True
                if route.gateway is Gateway.EGRESS_ONLY and version == 6 and thing.ipv6:
                    return True
                if route.gateway is Gateway.NAT and version == 4:
                    home = self.net.subnets[self.net.nats[route.target]]
                    if self.leads(home, stranger, Gateway.INTERNET) and self.out_and_back(
                        home, port, protocol, stranger
                    ):
                        return True
        return False

    def out_and_back(self, subnet, port, protocol, stranger) -> bool:
        return self.acl_allows(subnet, False, protocol, port, stranger) and any(
            self.acl_allows(subnet, True, protocol, client, stranger) for client in CLIENT_PORTS
        )

    def reachable(self, source, target, port, protocol="tcp") -> bool:
        if target == "internet":
            return self.leaves(source, port, protocol)
        if source == "internet":
            return bool(self.strangers(target, port, protocol))
        return any(
            self.arrives(source, home, target, port, protocol)
            for home in self.homes(self.thing(source))
        )

    def strangers(self, target, port, protocol="tcp") -> set[str]:
        return {
            stranger
            for stranger in STRANGERS
            if self.arrives("internet", stranger, target, port, protocol)
        }
