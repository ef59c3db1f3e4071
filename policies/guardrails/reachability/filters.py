"""What each part of a network lets through: security groups, network ACLs and routes.

Each answers with a `Span`: the addresses that certainly pass and those that possibly do. With
every value known the two are equal, and an unknown value only widens the gap between them, so it
can turn a yes or a no into an unknown and into nothing else.

Rules: Amazon VPC User Guide, "Security group rules", "Network ACL rules", "Route priority"
(2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from ..unknown import UNKNOWN, Tri, Unknown, any_of, is_unknown
from .cidrs import EVERYTHING, NOTHING, Addresses, block, prefix_length, union
from .model import (
    AclRule,
    Gateway,
    GroupRule,
    Interface,
    MaybeId,
    Network,
    NetworkAcl,
    Route,
    Subnet,
)

# A client picks its own port from this range (RFC 6335's user and dynamic ports).
EPHEMERAL: Final = (1024, 65535)


class Span(NamedTuple):
    """Addresses that certainly pass (`must`) and that possibly pass (`may`); must is within may."""

    must: Addresses
    may: Addresses

    def meet(self, other: Span) -> Span:
        """What passes both."""
        return Span(self.must & other.must, self.may & other.may)

    def join(self, other: Span) -> Span:
        """What passes either."""
        return Span(self.must | other.must, self.may | other.may)

    def given(self, fact: Tri) -> Span:
        """The span if `fact` holds, nothing if it does not."""
        if fact is Tri.YES:
            return self
        return CLOSED if fact is Tri.NO else Span(NOTHING, self.may)

    @property
    def verdict(self) -> Tri:
        """Whether any address passes."""
        if self.must:
            return Tri.YES
        return Tri.UNKNOWN if self.may else Tri.NO


OPEN: Final = Span(EVERYTHING, EVERYTHING)
CLOSED: Final = Span(NOTHING, NOTHING)
UNDECIDED: Final = Span(NOTHING, EVERYTHING)


def exactly(addresses: Addresses) -> Span:
    """A span without doubt."""
    return Span(addresses, addresses)


def join_all(spans: Iterable[Span]) -> Span:
    """What passes any of them."""
    result = CLOSED
    for span in spans:
        result = result.join(span)
    return result


def blocks(cidrs: Iterable[str | Unknown]) -> Span:
    """The addresses of some blocks; an unknown one may be anything."""
    known: list[str] = []
    doubt = False
    for cidr in cidrs:
        if is_unknown(cidr):
            doubt = True
        else:
            known.append(cidr)
    must = union(known)
    return Span(must, EVERYTHING if doubt else must)


def carries(
    protocol: str | Unknown,
    ports: tuple[int, int] | Unknown | None,
    wanted: str,
    port: int,
) -> Tri:
    """Whether a rule's protocol and port range take in one protocol and port."""
    if is_unknown(protocol):
        # Ports are read only beside a protocol that has them, so they decide nothing here.
        return Tri.UNKNOWN
    if protocol == "-1":
        return Tri.YES
    if protocol.lower() != wanted:
        return Tri.NO
    if ports is None:
        return Tri.YES
    return Tri.UNKNOWN if is_unknown(ports) else Tri.of(ports[0] <= port <= ports[1])


class Filters:
    """The filters of one network; answers are kept, because resources share groups and subnets."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._groups: dict[object, Span] = {}
        self._acls: dict[object, Span] = {}
        self._routes: dict[object, Span] = {}

    # Security groups

    def groups(
        self,
        own: tuple[MaybeId, ...] | Unknown | None,
        incoming: bool,
        protocol: str,
        port: int,
        peer: tuple[MaybeId, ...] | Unknown | None = (),
    ) -> Span:
        """The peer addresses that groups admit on a port; `peer` are the peer's own groups."""
        if own is None:
            return OPEN
        if is_unknown(own):
            return UNDECIDED
        key = (own, incoming, protocol, port, peer)
        if key not in self._groups:
            self._groups[key] = join_all(
                self._group(group, incoming, protocol, port, peer) for group in own
            )
        return self._groups[key]

    def _group(
        self,
        group: MaybeId,
        incoming: bool,
        protocol: str,
        port: int,
        peer: tuple[MaybeId, ...] | Unknown | None,
    ) -> Span:
        known = None if is_unknown(group) else self._network.groups.get(group)
        rules = None if known is None else (known.ingress if incoming else known.egress)
        if rules is None or is_unknown(rules):
            return UNDECIDED
        return join_all(
            UNDECIDED if is_unknown(rule) else self._group_rule(rule, protocol, port, peer)
            for rule in rules
        )

    def _group_rule(
        self,
        rule: GroupRule,
        protocol: str,
        port: int,
        peer: tuple[MaybeId, ...] | Unknown | None,
    ) -> Span:
        carried = carries(rule.protocol, rule.ports, protocol, port)
        if carried is Tri.NO:
            return CLOSED
        admitted = join_all(
            (
                blocks(rule.cidrs),
                join_all(self.prefix_list(prefix_list) for prefix_list in rule.prefix_lists),
                OPEN.given(any_of(_among(group, peer) for group in rule.groups)),
            )
        )
        return admitted.given(carried)

    def prefix_list(self, identifier: MaybeId) -> Span:
        """The addresses of a prefix list; any, if it is not known."""
        cidrs = None if is_unknown(identifier) else self._network.prefix_lists.get(identifier)
        return UNDECIDED if cidrs is None or is_unknown(cidrs) else blocks(cidrs)

    # Network ACLs

    def acl(self, subnet: Subnet, incoming: bool, protocol: str, port: int) -> Span:
        """The peer addresses that a subnet's network ACL lets through on a port."""
        if subnet.acl is None:
            return OPEN
        known = self._acl_of(subnet)
        rules = None if known is None else (known.ingress if incoming else known.egress)
        if rules is None or is_unknown(rules):
            return UNDECIDED
        key = (subnet.acl, incoming, protocol, port)
        if key not in self._acls:
            self._acls[key] = admitted(rules, protocol, port)
        return self._acls[key]

    def _acl_of(self, subnet: Subnet) -> NetworkAcl | None:
        if subnet.acl is None or is_unknown(subnet.acl):
            return None
        return self._network.acls.get(subnet.acl)

    def reply_ports(self, *subnets: Subnet) -> list[int]:
        """One client port for each stretch of client ports that the subnets' ACLs tell apart."""
        edges = {EPHEMERAL[0]}
        for subnet in subnets:
            known = self._acl_of(subnet)
            if known is None:
                continue
            for rules in (known.ingress, known.egress):
                for rule in () if is_unknown(rules) else rules:
                    if rule.ports is not None and not is_unknown(rule.ports):
                        edges.update((rule.ports[0], rule.ports[1] + 1))
        return sorted(edge for edge in edges if EPHEMERAL[0] <= edge <= EPHEMERAL[1])

    # Routes

    def routed(self, subnet: Subnet, wanted: Callable[[Route], Tri], name: object) -> Span:
        """The addresses for which a subnet's longest matching route satisfies `wanted`.

        `name` identifies the question, so that the answer can be kept.
        """
        key = (subnet.id, name)
        if key not in self._routes:
            self._routes[key] = self._route(subnet, wanted)
        return self._routes[key]

    def _route(self, subnet: Subnet, wanted: Callable[[Route], Tri]) -> Span:
        vpc = self._network.vpcs.get(subnet.vpc)
        if vpc is None:
            return UNDECIDED
        identifier = subnet.route_table
        if identifier is None:
            identifier = vpc.main_route_table
        named = identifier is not None
        table = self._network.route_tables.get(identifier) if isinstance(identifier, str) else None
        if named and table is None:
            return UNDECIDED
        routes = [Route(cidr, Gateway.LOCAL) for cidr in vpc.cidrs]
        doubt = list[Tri]()
        for route in table.routes if table else ():
            if is_unknown(route):
                doubt.append(Tri.UNKNOWN)
            else:
                routes.append(route)
        return self._longest_match(routes, wanted, doubt)

    def _longest_match(
        self, routes: list[Route], wanted: Callable[[Route], Tri], doubt: list[Tri]
    ) -> Span:
        """Walks the routes from the most specific block; `doubt`: answers of unknown routes."""
        placed: list[tuple[int, int, Addresses, Tri]] = []
        for order, route in enumerate(routes):
            answer = wanted(route)
            for cidr in self._destinations(route):
                if is_unknown(cidr):
                    doubt.append(answer)
                else:
                    placed.append((-prefix_length(cidr), order, block(cidr), answer))
        must = may = taken = NOTHING
        for _, _, addresses, answer in sorted(placed, key=lambda row: row[:2]):
            free = addresses - taken
            taken = taken | addresses
            if answer is Tri.YES:
                must = must | free
            if answer is not Tri.NO:
                may = may | free
        # A route to an unknown place may take any address from the others.
        if any(answer is not Tri.YES for answer in doubt):
            must = NOTHING
        if any(answer is not Tri.NO for answer in doubt):
            may = EVERYTHING
        return Span(must, may)

    def _destinations(self, route: Route) -> tuple[str | Unknown, ...]:
        """The blocks a route is for; an unknown one for each that is not known."""
        where = route.destination
        if is_unknown(where) or _is_block(where):
            return (where,)
        cidrs = self._network.prefix_lists.get(where)
        if cidrs is not None and not is_unknown(cidrs):
            return cidrs
        # A gateway endpoint's list holds only its own service's addresses, taken from no one.
        return () if route.gateway is Gateway.ENDPOINT else (UNKNOWN,)


def _is_block(destination: str) -> bool:
    return "/" in destination and destination[:1] in "0123456789abcdefABCDEF:"


def _among(group: MaybeId, peer: tuple[MaybeId, ...] | Unknown | None) -> Tri:
    if peer is None:
        return Tri.NO
    if is_unknown(group) or is_unknown(peer):
        return Tri.UNKNOWN if is_unknown(peer) or peer else Tri.NO
    if group in peer:
        return Tri.YES
    return any_of(Tri.of(known) for known in peer if is_unknown(known))


def admitted(rules: tuple[AclRule, ...], protocol: str, port: int) -> Span:
    """The addresses that a network ACL's rules let through on a port: the lowest number decides."""
    numbers = [rule.number for rule in rules]
    if len(rules) > 1 and any(is_unknown(number) for number in numbers):
        return UNDECIDED
    must = may = NOTHING
    # What no rule has certainly, and possibly, decided yet.
    left = Span(EVERYTHING, EVERYTHING)
    for rule in sorted(rules, key=_number):
        hit = blocks((rule.cidr,)).given(carries(rule.protocol, rule.ports, protocol, port))
        if is_unknown(rule.allow):
            may = may | (left.may & hit.may)
        elif rule.allow:
            must = must | (left.must & hit.must)
            may = may | (left.may & hit.may)
        left = Span(left.must - hit.may, left.may - hit.must)
    return Span(must, may)


def _number(rule: AclRule) -> int:
    return 0 if is_unknown(rule.number) else rule.number


def addresses_in(interface: Interface, subnet: Subnet) -> Span:
    """The private addresses the interface may have in a subnet."""
    inside = blocks(subnet.cidrs)
    if not _speaks_ipv6(interface):
        inside = Span(inside.must.of_family(4), inside.may.of_family(4))
    elif is_unknown(interface.ipv6):
        inside = Span(inside.must.of_family(4), inside.may)
    return inside if interface.addresses is None else inside.meet(blocks(interface.addresses))


def _speaks_ipv6(interface: Interface) -> bool:
    return is_unknown(interface.ipv6) or interface.ipv6


def public_families(interface: Interface) -> Span:
    """What an interface's public addresses can talk to: IPv4 if public, IPv6 if it has one."""
    v4 = exactly(EVERYTHING.of_family(4)).given(Tri.of(interface.public))
    v6 = exactly(EVERYTHING.of_family(6)).given(Tri.of(interface.ipv6))
    return v4.join(v6)


def subnets_of(network: Network, interface: Interface) -> list[Subnet | None]:
    """An interface's subnets; None for one that is not known."""
    if is_unknown(interface.subnets):
        return [None]
    return [
        None if is_unknown(subnet) else network.subnets.get(subnet) for subnet in interface.subnets
    ]
