"""Which names a stack file serves, which zone each belongs to, and which certificates they need.

All of it follows from the settings, before anything is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from components.dns.certificates import CertificateRequest
from components.parts.domain import bare, covers, under
from components.parts.edge_region import US_EAST_1
from components.services.platform_settings import LoadBalancerSettings
from components.services.routing.network_settings import (
    ListenerSettings,
    NetworkLoadBalancerSettings,
)
from components.services.routing.settings import RouteSettings
from components.sites.settings import EVERYTHING, SiteSettings
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings


@dataclass(frozen=True)
class Served:
    """One name that a site, a load balancer or an API answers to."""

    name: str
    """May begin with `*.` for a load balancer."""
    kind: Literal["site", "loadBalancer", "networkLoadBalancer", "api"]
    key: str
    path: KeyPath
    """Where the stack file says so."""

    @property
    def owner(self) -> str:
        """Who answers, in words."""
        return f"{WORDS[self.kind]} {self.key}"


WORDS = {
    "site": "site",
    "loadBalancer": "load balancer",
    "networkLoadBalancer": "network load balancer",
    "api": "API",
}
REQUESTS = {
    "site": "site",
    "loadBalancer": "load-balancer",
    "networkLoadBalancer": "network-load-balancer",
    "api": "api",
}
"""How keys of certificates made for one alone begin."""


def served_names(settings: SystemSettings) -> Iterator[Served]:
    """The names of all sites, load balancers and APIs."""
    yield from site_names(settings)
    yield from balancer_names(settings)
    yield from network_balancer_names(settings)
    yield from api_names(settings)


def network_balancer_names(settings: SystemSettings) -> Iterator[Served]:
    """The names that lead to network load balancers."""
    for key, balancer in settings.network_load_balancers.items():
        for position, name in enumerate(balancer.names):
            path = ("networkLoadBalancers", key, "names", position)
            yield Served(name, "networkLoadBalancer", key, path)


def network_balancer_of(settings: SystemSettings, listener: ListenerSettings) -> str | None:
    """Key of the network load balancer of a listener; the only one where it names none."""
    there = settings.network_load_balancers
    if listener.network_load_balancer is not None:
        return listener.network_load_balancer
    return next(iter(there)) if len(there) == 1 else None


def with_tls(settings: SystemSettings) -> set[str]:
    """Keys of the network load balancers that have a listener with a certificate."""
    return {
        key
        for service in settings.services.values()
        for listener in service.secure_listeners
        if (key := network_balancer_of(settings, listener)) is not None
    }


def linked_balancers(settings: SystemSettings) -> set[str]:
    """Keys of the network load balancers that REST APIs call services by."""
    return {
        key
        for service in settings.services.values()
        if any(
            (api := settings.apis.get(route.api)) is not None and api.kind == "rest"
            for route in service.api_routes
        )
        for listener in service.secure_listeners
        if (key := network_balancer_of(settings, listener)) is not None
    }


def api_names(settings: SystemSettings) -> Iterator[Served]:
    """The names that APIs have of one's own."""
    for key, api in settings.apis.items():
        if api.domain is not None:
            yield Served(api.domain.name, "api", key, ("apis", key, "domain", "name"))


def site_names(settings: SystemSettings) -> Iterator[Served]:
    """The names of all sites."""
    for key, site in settings.sites.items():
        yield Served(site.domain, "site", key, ("sites", key, "domain"))
        for position, name in enumerate(site.redirect_from):
            yield Served(name, "site", key, ("sites", key, "redirectFrom", position))


def balancer_names(settings: SystemSettings) -> Iterator[Served]:
    """The hosts of all routes and the domains of the sites that lead to it, each once a load
    balancer.

    Only what DNS and certificates can say: whole names and those with a leading `*.`.
    """
    seen: set[tuple[str, str]] = set()
    for key, site in settings.sites.items():
        for pattern, balancer in site.balanced_paths.items():
            through = (balancer, site.domain)
            if balancer in settings.load_balancers and through not in seen:
                seen.add(through)
                yield Served(site.domain, "loadBalancer", balancer, balanced_place(key, pattern))
    for service, task in settings.services.items():
        for position, route in enumerate(task.routes):
            balancer = balancer_of(settings, route)
            for host in route.hosts:
                plain = "*" not in bare(host) and "?" not in host
                if balancer not in settings.load_balancers or not plain or (balancer, host) in seen:
                    continue
                seen.add((balancer, host))
                path = ("services", service, "routes", position, "host")
                yield Served(host, "loadBalancer", balancer, path)


def balancer_of(settings: SystemSettings, route: RouteSettings) -> str | None:
    """Key of the load balancer of a route; the only one where the route names none."""
    if route.load_balancer is not None:
        return route.load_balancer
    return next(iter(settings.load_balancers)) if len(settings.load_balancers) == 1 else None


def behind_sites(settings: SystemSettings) -> set[tuple[str, str]]:
    """Names that reach a load balancer through a site: pairs of load balancer and name."""
    return {(key, site.domain) for site in settings.sites.values() for key in site.load_balancers}


def addressed(settings: SystemSettings) -> tuple[Served, ...]:
    """The names that need an address record: a site's path to a load balancer needs none."""
    through = behind_sites(settings)
    balancers = [
        balancer_name
        for balancer_name in balancer_names(settings)
        if (balancer_name.key, balancer_name.name) not in through
    ]
    return (
        *site_names(settings),
        *balancers,
        *network_balancer_names(settings),
        *api_names(settings),
    )


def zone_of(settings: SystemSettings, name: str, *, private: bool = False) -> str | None:
    """Key of the zone a name stands in: of several, the one with the longest domain.

    Args:
        private: of the network's own zones, instead of those that everybody asks.
    """
    fitting = [
        key
        for key, zone in settings.zones.items()
        if zone.private == private and under(bare(name), zone.domain)
    ]
    return max(fitting, key=lambda key: len(settings.zones[key].domain), default=None)


def served_zone_of(settings: SystemSettings, served: Served) -> str | None:
    """Key of the zone that leads to what is served: inside the network its own zone comes first."""
    inside = (
        zone_of(settings, served.name, private=True) if stands_inside(settings, served) else None
    )
    return inside or zone_of(settings, served.name)


def stands_inside(settings: SystemSettings, served: Served) -> bool:
    """Whether only the network reaches what is served: an internal load balancer."""
    balancers: Mapping[str, LoadBalancerSettings | NetworkLoadBalancerSettings] = {
        "loadBalancer": settings.load_balancers,
        "networkLoadBalancer": settings.network_load_balancers,
    }.get(served.kind, {})
    balancer = balancers.get(served.key)
    return balancer is not None and balancer.scheme == "internal"


def delegations(settings: SystemSettings) -> dict[str, str]:
    """The zones made here whose parent zone is here too: keys of the parents by the children's.

    A record that a person wrote for it stands.
    """
    found: dict[str, str] = {}
    for key, zone in settings.zones.items():
        if zone.private or zone.existing:
            continue
        parents = {
            other: other_zone.domain
            for other, other_zone in settings.zones.items()
            if not other_zone.private
            and other_zone.domain != zone.domain
            and under(zone.domain, other_zone.domain)
        }
        parent = max(parents, key=lambda other: len(parents[other]), default=None)
        if parent is None:
            continue
        written = settings.zones[parent].records.values()
        if not any(
            record.type == "NS" and record.fqdn(parents[parent]) == zone.domain
            for record in written
        ):
            found[key] = parent
    return found


def authority_of(settings: SystemSettings, names: Iterable[str]) -> str | None:
    """ARN of the private authority that certifies names which only the network knows."""
    found: set[str | None] = set()
    for name in names:
        inside = zone_of(settings, name, private=True)
        public = zone_of(settings, name)
        own = settings.zones[inside].certificate_authority if inside is not None else None
        found.add(own if public is None or own is not None else None)
    return found.pop() if len(found) == 1 else None


def certificate_of(settings: SystemSettings, kind: str, key: str) -> str | None:
    """Key of the request that brings the certificate of a site, load balancer or API.

    None where the stack file gives the ARN of one, or where there is no name to certify.
    """
    names = certified_names(settings, kind, key)
    if not names or _given(settings, kind, key):
        return None
    shared = shared_certificate(settings, names)
    if shared is None:
        return f"{REQUESTS[kind]}-{key}"
    return f"{shared}-edge" if kind == "site" and settings.region != US_EAST_1 else shared


def certified_names(settings: SystemSettings, kind: str, key: str) -> tuple[str, ...]:
    """Names that a certificate of a site, load balancer or API must hold; none of a network load
    balancer without TLS."""
    if kind == "networkLoadBalancer" and key not in with_tls(settings):
        return ()
    served = {
        "site": site_names,
        "loadBalancer": balancer_names,
        "networkLoadBalancer": network_balancer_names,
        "api": api_names,
    }[kind]
    return tuple(
        dict.fromkeys(served_one.name for served_one in served(settings) if served_one.key == key)
    )


def shared_certificate(settings: SystemSettings, names: tuple[str, ...]) -> str | None:
    """Key of the first of `certificates` that covers all names."""
    for key, certificate in settings.certificates.items():
        if all(any(covers(own, name) for own in certificate.names) for name in names):
            return key
    return None


def certificate_requests(settings: SystemSettings) -> tuple[CertificateRequest, ...]:
    """Every certificate the system needs, each once, by region of what uses it."""
    found: dict[str, CertificateRequest] = {}
    for kind, keys, region in (
        ("loadBalancer", settings.load_balancers, settings.region),
        ("networkLoadBalancer", settings.network_load_balancers, settings.region),
        ("api", settings.apis, settings.region),
        ("site", settings.sites, US_EAST_1),
    ):
        for key in keys:
            request = certificate_of(settings, kind, key)
            if request is None:
                continue
            names = certified_names(settings, kind, key)
            shared = shared_certificate(settings, names)
            algorithm = "RSA_2048"
            if shared is not None:
                names = settings.certificates[shared].names
                algorithm = settings.certificates[shared].key
            authority = authority_of(settings, names)
            found.setdefault(
                request, CertificateRequest(request, names, region, algorithm, authority)
            )
    return tuple(found[key] for key in sorted(found))


def balanced_place(site: str, pattern: str) -> KeyPath:
    """Where a stack file says which load balancer answers a path of a site."""
    if pattern == EVERYTHING:
        return ("sites", site, "content", "loadBalancer")
    return ("sites", site, "behaviors", pattern, "loadBalancer")


def site_bucket(key: str, site: SiteSettings) -> str | None:
    """Key of the bucket that a site serves; None where a load balancer answers for it."""
    if not site.has_bucket:
        return None
    return site.content.bucket or f"site-{key}"


def served_buckets(key: str, site: SiteSettings) -> tuple[str, ...]:
    """Keys of all buckets that a site serves, its own first."""
    own = site_bucket(key, site)
    return (*((own,) if own is not None else ()), *site.extra_buckets)


def site_log_bucket(settings: SystemSettings, site: str) -> str | None:
    """Key of the bucket that a site's access logs go to, where they go anywhere."""
    chosen = settings.sites[site].access_logs
    if chosen == "none":
        return None
    if chosen is not None:
        return chosen
    return next(
        (key for key, bucket in settings.buckets.items() if "deliveries" in bucket.receives), None
    )


def alarms_at_the_edge(settings: SystemSettings) -> bool:
    """Whether AWS measures something of this system in us-east-1 only, and it lives elsewhere.

    So it is with distributions, their firewalls and certificates, with health checks, and with
    signed zones.
    """
    signed = any(zone.dnssec and not zone.existing for zone in settings.zones.values())
    measured = bool(settings.sites or settings.monitoring.health_checks or signed)
    return measured and settings.region != US_EAST_1


def _given(settings: SystemSettings, kind: str, key: str) -> bool:
    if kind == "site":
        return settings.sites[key].certificate is not None
    if kind == "api":
        domain = settings.apis[key].domain
        return domain is not None and domain.certificate is not None
    if kind == "networkLoadBalancer":
        return bool(settings.network_load_balancers[key].certificates)
    balancer = settings.load_balancers.get(key)
    # A route through one that is not there is refused by the routes' own check.
    return balancer is None or bool(balancer.certificates)
