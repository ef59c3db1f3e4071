"""What only the whole can tell of listeners: their network load balancers, ports, and quotas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.services.routing.network_settings import ListenerSettings
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.edge import network_balancer_of, with_tls, zone_of
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.route_checks import routes_by_balancer
from trellis.stackfile.settings import SystemSettings

LISTENERS = 50
"""Of one network load balancer ("Quotas for your Network Load Balancers", 2026-11)."""

GROUPS_PER_SERVICE = 5
"""Target groups ("Use a Network Load Balancer for Amazon ECS", Amazon ECS Developer Guide,
2026-11)."""

RULES_PER_GROUP = 60
"""Rules of a security group each way ("Amazon VPC quotas", 2026-11)."""


@dataclass(frozen=True)
class Listened:
    """A listener with where it stands in the stack file."""

    service: str
    position: int
    listener: ListenerSettings

    @property
    def path(self) -> KeyPath:
        """Of the listener."""
        return ("services", self.service, "listeners", self.position)


def listeners_by_balancer(settings: SystemSettings) -> Mapping[str, list[Listened]]:
    """The listeners of each network load balancer; those that name none go to the only one."""
    found: dict[str, list[Listened]] = defaultdict(list)
    for service, serving in settings.services.items():
        for position, listener in enumerate(serving.listeners):
            balancer = network_balancer_of(settings, listener)
            if balancer is not None and balancer in settings.network_load_balancers:
                found[balancer].append(Listened(service, position, listener))
    return found


def known_balancers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A listener of a load balancer that there is not, or that does not say which."""
    there = settings.network_load_balancers
    for service, serving in settings.services.items():
        for position, listener in enumerate(serving.listeners):
            path: KeyPath = ("services", service, "listeners", position)
            named = listener.network_load_balancer
            if named is not None and named not in there:
                path = (*path, "networkLoadBalancer")
                yield unknown(path, "network load balancer", named, there)
            elif named is None and len(there) != 1:
                names = ", ".join(there) or "none: the stack file has no networkLoadBalancers"
                yield path, "no `networkLoadBalancer`", f"one of {names}", ""


def somebody_behind(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A network load balancer that no listener names: it would cost, and nobody answers."""
    used = listeners_by_balancer(settings)
    for key in settings.network_load_balancers:
        if key not in used:
            yield (
                ("networkLoadBalancers", key),
                "a network load balancer that no service listens by",
                f"a service with `listeners: [{{networkLoadBalancer: {key}, port: ...}}]`",
                "",
            )


def names_that_nothing_makes(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Names in no zone of the stack, without a certificate that could be for them."""
    tls = with_tls(settings)
    for key, balancer in settings.network_load_balancers.items():
        for position, name in enumerate(() if key in tls else balancer.names):
            if all(zone_of(settings, name, private=private) is None for private in (False, True)):
                yield (
                    ("networkLoadBalancers", key, "names", position),
                    f"{name}, in no zone of this stack",
                    "a name in one of `zones`, where its record is made",
                    "",
                )


def own_ports(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two listeners of one port, which a load balancer does not take, TCP and UDP neither."""
    for listeners in listeners_by_balancer(settings).values():
        seen: dict[int, Listened] = {}
        for listened in listeners:
            first = seen.setdefault(listened.listener.port, listened)
            if first is not listened:
                yield (
                    (*listened.path, "port"),
                    f"port {listened.listener.port}, where "
                    f"services.{first.service}.listeners[{first.position}] listens",
                    "each port of a network load balancer once",
                    "",
                )


def certificates(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """TLS without a certificate, one of another region, and what only TLS has without any."""
    tls = with_tls(settings)
    for key, balancer in settings.network_load_balancers.items():
        path: KeyPath = ("networkLoadBalancers", key)
        if key in tls and not balancer.certificates and not balancer.names:
            yield (
                path,
                "a listener with `protocol: tls`, and no certificate",
                "`certificates`, or `names` that one is made for",
                "",
            )
        for position, certificate in enumerate(balancer.certificates):
            region = certificate.arn.split(":")[3]
            if region != settings.region:
                yield (
                    (*path, "certificates", position, "arn"),
                    f"a certificate in {region}",
                    f"one in {settings.region}, where the load balancer is",
                    "",
                )
        if balancer.certificates and key not in tls:
            yield (
                (*path, "certificates"),
                "certificates, and no listener with `protocol: tls`",
                "no `certificates`: with `tcp` the tasks have their own",
                "",
            )


def log_buckets(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Access logs into a bucket that does not take them."""
    taking = [key for key, bucket in settings.buckets.items() if "deliveries" in bucket.receives]
    for key, balancer in settings.network_load_balancers.items():
        chosen = balancer.access_logs
        if chosen not in (None, "none") and chosen not in taking:
            yield unknown(
                ("networkLoadBalancers", key, "accessLogs"),
                "bucket with `receives: [deliveries]`",
                str(chosen),
                taking,
            )


def quotas(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """More listeners, rules or target groups than AWS takes."""
    for key, listeners in listeners_by_balancer(settings).items():
        sources = max(1, len(settings.network_load_balancers[key].sources))
        for what, count, most in (
            ("listeners", len(listeners), LISTENERS),
            ("rules of its security group", len(listeners) * sources, RULES_PER_GROUP),
        ):
            if count > most:
                hint = "a second network load balancer, or a higher quota from AWS"
                yield ("networkLoadBalancers", key), f"{count} {what}", f"at most {most}", hint
    routed = routes_by_balancer(settings)
    for key, service in settings.services.items():
        balancers = {b for b, routes in routed.items() if any(r.service == key for r in routes)}
        groups = len(service.listeners) + len(balancers)
        if service.listeners and groups > GROUPS_PER_SERVICE:
            yield (
                ("services", key, "listeners"),
                f"{groups} target groups",
                f"at most {GROUPS_PER_SERVICE} of one service, one for each listener and for each "
                "load balancer of its routes",
                "",
            )


CHECKS = (
    known_balancers,
    somebody_behind,
    names_that_nothing_makes,
    own_ports,
    certificates,
    log_buckets,
    quotas,
)
