"""Who can open a connection to whom: from the internet, to it, and between any two resources.

A path exists if some packet from the source arrives at the target's port and some reply comes
back, through security groups, network ACLs and routes, directly or through load balancers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from ..unknown import UNKNOWN, Tri, Unknown, all_of, any_of, is_unknown
from .answers import INTERNET, Answer, Hop
from .cidrs import INTERNET as PUBLIC
from .cidrs import NOTHING
from .filters import (
    CLOSED,
    UNDECIDED,
    Filters,
    Span,
    addresses_in,
    exactly,
    join_all,
    public_families,
    subnets_of,
)
from .leaving import Leaving
from .model import (
    Gateway,
    Id,
    Interface,
    Listener,
    LoadBalancer,
    MaybeId,
    Network,
    Route,
    Subnet,
    Target,
)
from .routes import IS_LOCAL, TO_INTERNET

__all__ = ["INTERNET", "Answer", "Hop", "Reachability"]

_SECURE: Final = frozenset({"HTTPS", "TLS"})
_PLAIN: Final = frozenset({"HTTP"})
_HTTP_PORT: Final = 80


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Source addresses that get through, and the hops they take."""

    span: Span
    hops: tuple[Hop, ...]


_NOWHERE: Final = _Arrival(CLOSED, ())


class Reachability:
    """Answers for one network. Keep it: what groups and subnets let through is worked out once."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._filters = Filters(network)
        self._leaving = Leaving(network, self._filters)
        self._fronts = _fronts(network)
        # Targets that are not known may be any resource.
        self._open_fronts = self._fronts.pop(None, [])

    def reachable(self, source: str, target: str, port: int, protocol: str = "tcp") -> Answer:
        """Whether `source` can open a connection to `target` on a port.

        `source` and `target` are ids of interfaces or load balancers, or `INTERNET`; `target` may
        be a gateway endpoint's. Raises KeyError for an id the network does not hold.
        """
        if target == INTERNET:
            return self._leaving.to_internet(self._interface(source), port, protocol)
        if target in self._network.endpoints:
            return self._leaving.to_endpoint(self._interface(source), target, port)
        if source != INTERNET:
            self._interface(source)
        self._interface(target)
        arrival = self._arrive(source, target, port, protocol, frozenset())
        span = arrival.span
        public = source == INTERNET
        sources = (span.must or span.may) & PUBLIC if public else NOTHING
        return Answer(span.verdict, arrival.hops, sources)

    def open_ports(self, target: str, candidates: Iterable[int]) -> dict[int, Answer]:
        """The answers, from the internet, for those ports that are (or may be) reachable."""
        answers = {port: self.reachable(INTERNET, target, port) for port in candidates}
        return {port: a for port, a in answers.items() if a.verdict is not Tri.NO}

    def _interface(self, identifier: Id) -> Interface:
        balancer = self._network.load_balancers.get(identifier)
        return balancer.interface if balancer else self._network.interfaces[identifier]

    # Arriving: directly, or through load balancers

    def _arrive(
        self, source: str, target: Id, port: int, protocol: str, seen: frozenset[Id]
    ) -> _Arrival:
        """How the source gets to a port: every way joined, with the hops of the surest one."""
        ways = [self._direct(source, target, port, protocol)]
        fronts = [*self._fronts.get(target, []), *self._open_fronts]
        for balancer, listener, way in fronts:
            if balancer.id == target or balancer.id in seen or balancer.id == source:
                continue
            here = Tri.UNKNOWN if is_unknown(way.resource) else Tri.YES
            at_port = Tri.UNKNOWN if is_unknown(way.port) else Tri.of(way.port == port)
            fits = all_of((here, at_port, _same_transport(listener, protocol)))
            if fits is Tri.NO:
                continue
            inside = seen | {balancer.id, target}
            ways.append(
                self._through(
                    source, balancer, listener, way, (target, port), protocol, fits, inside
                )
            )
        span = join_all(way.span for way in ways)
        wanted = span.verdict
        hops = next((way.hops for way in ways if way.span.verdict is wanted), ())
        return _Arrival(span, hops if wanted is not Tri.NO else ())

    def _through(
        self,
        source: str,
        balancer: LoadBalancer,
        listener: Listener,
        way: Target,
        end: tuple[Id, int],
        protocol: str,
        fits: Tri,
        seen: frozenset[Id],
    ) -> _Arrival:
        target, port = end
        if is_unknown(listener.port):
            # Any port may be listened on, so nothing can be ruled out before it.
            entry = _Arrival(Span(NOTHING, UNDECIDED.may), ())
        else:
            entry = self._arrive(source, balancer.id, listener.port, protocol, seen)
            entry = _Arrival(entry.span, _with_encryption(entry.hops, listener))
        if entry.span.verdict is Tri.NO:
            return _NOWHERE
        onward = self._direct(balancer.id, target, port, protocol)
        span = CLOSED
        if balancer.keeps_client is not True:
            span = entry.span.given(onward.span.verdict)
        if is_unknown(balancer.keeps_client) or balancer.keeps_client:
            kept = self._as_client(source, entry.span, balancer, target, port, protocol)
            sure = not is_unknown(balancer.keeps_client)
            span = kept if sure else Span(span.must & kept.must, span.may | kept.may)
        hop = Hop(balancer.id, target, port, "behind the load balancer", _encryption(way.protocol))
        return _Arrival(span.given(fits), (*entry.hops, hop))

    def _as_client(
        self,
        source: str,
        entry: Span,
        balancer: LoadBalancer,
        target: Id,
        port: int,
        protocol: str,
    ) -> Span:
        """What the target's side lets through when it sees the client's own address.

        The target's groups may name the load balancer's or the client's; the reply goes back
        through the load balancer, so no route to the client is needed.
        """
        end = self._interface(target)
        named = self._filters.groups(end.groups, True, protocol, port, balancer.groups)
        if source != INTERNET:
            own = self._interface(source).groups
            named = named.join(self._filters.groups(end.groups, True, protocol, port, own))
        found: list[Span] = []
        for subnet in subnets_of(self._network, end):
            if subnet is None:
                return Span(NOTHING, entry.may & named.may)
            for reply in self._filters.reply_ports(subnet):
                span = entry.meet(named)
                span = span.meet(self._filters.acl(subnet, True, protocol, port))
                found.append(span.meet(self._filters.acl(subnet, False, protocol, reply)))
        return join_all(found)

    # Direct connections

    def _direct(self, source: str, target: Id, port: int, protocol: str) -> _Arrival:
        end = self._interface(target)
        if source == INTERNET:
            ways = self._from_internet(end, port, protocol)
        else:
            ways = self._inside(self._interface(source), end, port, protocol)
        span = join_all(way for _, way in ways)
        if span.verdict is Tri.NO:
            return _NOWHERE
        through = next(words for words, way in ways if way.verdict is span.verdict)
        hop = Hop(source, target, port, through, _listens_encrypted(end, port))
        return _Arrival(span, (hop,))

    def _from_internet(self, end: Interface, port: int, protocol: str) -> list[tuple[str, Span]]:
        """By subnet: the public addresses that can connect to an interface's public address."""
        families = public_families(end).meet(exactly(PUBLIC))
        admitted = families.meet(self._filters.groups(end.groups, True, protocol, port))
        if not admitted.may:
            return []
        return [
            ("into a subnet that is not known", Span(NOTHING, admitted.may))
            if subnet is None
            else (
                f"by the internet gateway into {subnet.id}",
                admitted.meet(self._internet_to(subnet, port, protocol)),
            )
            for subnet in subnets_of(self._network, end)
        ]

    def _internet_to(self, subnet: Subnet, port: int, protocol: str) -> Span:
        routed = self._filters.routed(subnet, TO_INTERNET, Gateway.INTERNET)
        arriving = routed.meet(self._filters.acl(subnet, True, protocol, port))
        return join_all(
            arriving.meet(self._filters.acl(subnet, False, protocol, reply))
            for reply in self._filters.reply_ports(subnet)
        )

    def _inside(
        self, start: Interface, end: Interface, port: int, protocol: str
    ) -> list[tuple[str, Span]]:
        """By pair of subnets: the source's addresses that reach the target's private ones."""
        out = self._filters.groups(start.groups, False, protocol, port, end.groups)
        into = self._filters.groups(end.groups, True, protocol, port, start.groups)
        if not out.may or not into.may:
            return []
        found: list[tuple[str, Span]] = []
        for here in subnets_of(self._network, start):
            for there in subnets_of(self._network, end):
                if here is None or there is None:
                    found.append(("by a subnet that is not known", Span(NOTHING, into.may)))
                    continue
                sources = addresses_in(start, here).meet(into)
                targets = addresses_in(end, there).meet(out)
                span = self._between(here, there, sources, targets, port, protocol)
                found.append((_crossing(here, there), span))
        return found

    def _between(
        self,
        here: Subnet,
        there: Subnet,
        sources: Span,
        targets: Span,
        port: int,
        protocol: str,
    ) -> Span:
        if here.id == there.id:
            return _paired(sources, targets)
        filters = self._filters
        if here.vpc == there.vpc:
            wanted, name = IS_LOCAL, (Gateway.LOCAL,)
        else:
            joined = self._joins(here.vpc, there.vpc)
            wanted, name = joined, (Gateway.PEERING, *sorted((here.vpc, there.vpc)))
        sources = sources.meet(filters.routed(there, wanted, name))
        targets = targets.meet(filters.routed(here, wanted, name))
        sources = sources.meet(filters.acl(there, True, protocol, port))
        targets = targets.meet(filters.acl(here, False, protocol, port))
        return join_all(
            _paired(
                sources.meet(filters.acl(there, False, protocol, reply)),
                targets.meet(filters.acl(here, True, protocol, reply)),
            )
            for reply in filters.reply_ports(here, there)
        )

    def _joins(self, one: Id, other: Id) -> Callable[[Route], Tri]:
        """Whether a route leads from one VPC to the other."""

        def wanted(route: Route) -> Tri:
            if is_unknown(route.gateway):
                return Tri.UNKNOWN
            if route.gateway not in (Gateway.PEERING, Gateway.TRANSIT):
                return Tri.NO
            by = route.gateway is Gateway.PEERING
            joined = self._network.peerings if by else self._network.transit_gateways
            ends = joined.get(route.target) if isinstance(route.target, str) else None
            if ends is None:
                return Tri.UNKNOWN
            return all_of((_holds(ends, one), _holds(ends, other)))

        return wanted


def _crossing(here: Subnet, there: Subnet) -> str:
    """In words, what a connection between two subnets crosses."""
    if here.id == there.id:
        return f"within {here.id}"
    if here.vpc == there.vpc:
        return f"from {here.id} to {there.id}"
    return f"from {here.id} in {here.vpc} to {there.id} in {there.vpc}"


def _paired(sources: Span, targets: Span) -> Span:
    """The sources, where a target of the same address family is there to be reached."""
    found = CLOSED
    for version in (4, 6):
        family = Span(targets.must.of_family(version), targets.may.of_family(version))
        mine = Span(sources.must.of_family(version), sources.may.of_family(version))
        found = found.join(mine.given(family.verdict))
    return found


def _holds(ends: tuple[MaybeId, ...], vpc: Id) -> Tri:
    return any_of(Tri.UNKNOWN if is_unknown(end) else Tri.of(end == vpc) for end in ends)


def _same_transport(listener: Listener, protocol: str) -> Tri:
    """Whether a listener carries TCP or UDP as asked."""
    if is_unknown(listener.protocol):
        return Tri.UNKNOWN
    kinds = {"UDP": ("udp",), "TCP_UDP": ("tcp", "udp")}.get(listener.protocol.upper(), ("tcp",))
    return Tri.of(protocol in kinds)


def _encryption(protocol: str | Unknown) -> Tri:
    """Whether a listener's or target's protocol encrypts; TCP may carry anything."""
    if is_unknown(protocol):
        return Tri.UNKNOWN
    if protocol.upper() in _SECURE:
        return Tri.YES
    return Tri.NO if protocol.upper() in _PLAIN else Tri.UNKNOWN


def _listens_encrypted(end: Interface, port: int) -> Tri:
    stated = end.encrypted.get(port)
    if stated is None:
        return Tri.NO if port == _HTTP_PORT else Tri.UNKNOWN
    return Tri.of(stated)


def _with_encryption(hops: tuple[Hop, ...], listener: Listener) -> tuple[Hop, ...]:
    """The hops with the last one, to the listener, encrypted as the listener says."""
    if not hops:
        return hops
    return (*hops[:-1], replace(hops[-1], encrypted=_encryption(listener.protocol)))


_Front = tuple[LoadBalancer, Listener, Target]


def _fronts(network: Network) -> dict[Id | None, list[_Front]]:
    """For each resource the listeners that send to it; under None those that may send anywhere."""
    found: dict[Id | None, list[_Front]] = {}
    anything = Target(UNKNOWN, UNKNOWN, UNKNOWN)
    for balancer in network.load_balancers.values():
        listeners = balancer.listeners
        if is_unknown(listeners):
            listeners = (Listener(UNKNOWN, UNKNOWN, UNKNOWN),)
        for listener in listeners:
            targets = (anything,) if is_unknown(listener.targets) else listener.targets
            for target in targets:
                key = None if is_unknown(target.resource) else target.resource
                found.setdefault(key, []).append((balancer, listener, target))
    return found
