"""Connections out of a network: to the internet, and to the services behind gateway endpoints."""

from __future__ import annotations

from collections.abc import Iterable

from ..unknown import Tri, Unknown, any_of, is_unknown
from .answers import INTERNET, Answer, Hop
from .cidrs import INTERNET as PUBLIC
from .filters import (
    CLOSED,
    UNDECIDED,
    Filters,
    Span,
    exactly,
    join_all,
    public_families,
    subnets_of,
)
from .model import Gateway, Id, Interface, MaybeId, Network, Route, Subnet
from .routes import TO_EGRESS_ONLY, TO_INTERNET, to_nat

_HTTP_PORT = 80
_TLS_PORT = 443


class Leaving:
    """Answers for one network and its filters."""

    def __init__(self, network: Network, filters: Filters) -> None:
        self._network = network
        self._filters = filters

    def to_internet(self, start: Interface, port: int, protocol: str) -> Answer:
        """Whether a resource can open a connection to some public address."""
        allowed = exactly(PUBLIC).meet(self._filters.groups(start.groups, False, protocol, port))
        best, through = CLOSED, ""
        for subnet in subnets_of(self._network, start) if allowed.may else ():
            for words, span in self._ways_out(start, subnet, port, protocol):
                way = allowed.meet(span)
                if through == "" or (way.verdict is Tri.YES and best.verdict is not Tri.YES):
                    through = words if way.verdict is not Tri.NO else through
                best = best.join(way)
        if best.verdict is Tri.NO:
            return Answer(Tri.NO)
        encrypted = Tri.NO if port == _HTTP_PORT else Tri.UNKNOWN
        return Answer(best.verdict, (Hop(start.id, INTERNET, port, through, encrypted),))

    def _ways_out(
        self, start: Interface, subnet: Subnet | None, port: int, protocol: str
    ) -> Iterable[tuple[str, Span]]:
        if subnet is None:
            yield "by an unknown subnet", UNDECIDED
            return
        through_acl = self._acl_both_ways(subnet, port, protocol)
        own = self._filters.routed(subnet, TO_INTERNET, Gateway.INTERNET)
        yield (
            "through the internet gateway",
            own.meet(public_families(start)).meet(through_acl),
        )
        one_way = self._filters.routed(subnet, TO_EGRESS_ONLY, Gateway.EGRESS_ONLY)
        ipv6 = exactly(PUBLIC.of_family(6)).given(Tri.of(start.ipv6))
        yield "through the egress-only gateway", one_way.meet(ipv6).meet(through_acl)
        for nat, home in self._network.nats.items():
            routed = self._filters.routed(subnet, to_nat(nat), (Gateway.NAT, nat))
            if not routed.may:
                continue
            yield (
                f"through the NAT gateway {nat}",
                routed.meet(self._past_nat(home, port, protocol)).meet(through_acl),
            )
        routed = self._filters.routed(subnet, self._to_unseen_nat, (Gateway.NAT, None))
        yield "through a NAT gateway", routed.meet(through_acl)

    def _to_unseen_nat(self, route: Route) -> Tri:
        """Whether a route leads to a NAT gateway of which nothing is known."""
        if is_unknown(route.gateway):
            return Tri.UNKNOWN
        if route.gateway is not Gateway.NAT:
            return Tri.NO
        return Tri.NO if route.target in self._network.nats else Tri.UNKNOWN

    def _past_nat(self, home: MaybeId, port: int, protocol: str) -> Span:
        """The public addresses a NAT gateway reaches from its own subnet (IPv4 only)."""
        subnet = None if is_unknown(home) else self._network.subnets.get(home)
        v4 = exactly(PUBLIC.of_family(4))
        if subnet is None:
            return v4.meet(UNDECIDED)
        routed = self._filters.routed(subnet, TO_INTERNET, Gateway.INTERNET)
        return v4.meet(routed).meet(self._acl_both_ways(subnet, port, protocol))

    def _acl_both_ways(self, subnet: Subnet, port: int, protocol: str) -> Span:
        """Peers that the subnet's ACL lets a connection out to and the reply in from."""
        leaving = self._filters.acl(subnet, False, protocol, port)
        return join_all(
            leaving.meet(self._filters.acl(subnet, True, protocol, reply))
            for reply in self._filters.reply_ports(subnet)
        )

    def to_endpoint(self, start: Interface, target: Id, port: int) -> Answer:
        """Whether a resource reaches a gateway endpoint: a route to it, and a group that lets it.

        A group's rule counts if it names the endpoint's prefix list, or covers its addresses; of
        a list that is not known, only a rule for the whole internet certainly does.
        """
        listed = self._network.endpoints[target].prefix_list
        addresses = self._filters.prefix_list(listed)
        allowed = self._filters.groups(start.groups, False, "tcp", port)
        if addresses.must:
            open_to = addresses.meet(allowed).verdict
        else:
            everywhere = Tri.of(allowed.must.covers(PUBLIC.of_family(4)))
            open_to = everywhere | (allowed.verdict & Tri.UNKNOWN)
        routed = any_of(
            self._routes_to(subnet, target) for subnet in subnets_of(self._network, start)
        )
        verdict = open_to & routed
        if verdict is Tri.NO:
            return Answer(Tri.NO)
        encrypted = Tri.of(port == _TLS_PORT)
        return Answer(
            verdict, (Hop(start.id, target, port, "through the gateway endpoint", encrypted),)
        )

    def _routes_to(self, subnet: Subnet | None, endpoint: Id) -> Tri:
        if subnet is None:
            return Tri.UNKNOWN
        vpc = self._network.vpcs.get(subnet.vpc)
        identifier = subnet.route_table
        if identifier is None:
            identifier = vpc.main_route_table if vpc else None
        if identifier is None:
            return Tri.NO if vpc else Tri.UNKNOWN
        table = None if is_unknown(identifier) else self._network.route_tables.get(identifier)
        if table is None:
            return Tri.UNKNOWN
        return any_of(_leads_to(route, endpoint) for route in table.routes)


def _leads_to(route: Route | Unknown, endpoint: Id) -> Tri:
    if is_unknown(route) or is_unknown(route.gateway):
        return Tri.UNKNOWN
    if route.gateway is not Gateway.ENDPOINT:
        return Tri.NO
    return Tri.UNKNOWN if is_unknown(route.target) else Tri.of(route.target == endpoint)
