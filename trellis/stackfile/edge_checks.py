"""What only the whole can tell of names, zones and certificates."""

from __future__ import annotations

from collections.abc import Iterator

from components.dns.settings import NAMES_PER_CERTIFICATE
from components.parts.domain import covers
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.edge import (
    addressed,
    balancer_names,
    certificate_of,
    certificate_requests,
    certified_names,
    site_names,
    zone_of,
)
from trellis.stackfile.settings import SystemSettings


def claims(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two sites or load balancers of one name, or a record where one of them stands."""
    taken: dict[str, str] = {}
    for each in addressed(settings):
        owner = f"{'site' if each.kind == 'site' else 'load balancer'} {each.key}"
        other = taken.setdefault(each.name, owner)
        if other != owner:
            hint = "a path of a site can lead to an internal load balancer: see `behaviors`"
            yield each.path, f"the name {each.name}", f"another: the {other} has it", hint
    seen: dict[tuple[str, str], str] = {}
    for key, zone in settings.zones.items():
        for label, record in zone.records.items():
            path = ("zones", key, "records", label)
            name = record.fqdn(zone.domain)
            if record.type in {"A", "AAAA", "CNAME"} and name in taken:
                yield path, f"{record.type} of {name}", f"none: the {taken[name]} makes it", ""
            first = seen.setdefault((name, record.type), label)
            if first != label:
                hint = "one record holds several values"
                yield path, f"{record.type} of {name}", f"only the one of {first}", hint


def redirect_loops(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Redirects that lead back to where they began."""
    leads = {name: site.domain for site in settings.sites.values() for name in site.redirect_from}
    for key, site in settings.sites.items():
        for position, name in enumerate(site.redirect_from):
            way = [name, site.domain]
            while way[-1] in leads and way[-1] not in way[:-1]:
                way.append(leads[way[-1]])
            if way[-1] in way[:-1]:
                path = ("sites", key, "redirectFrom", position)
                found = f"a redirect that leads back: {' → '.join(way)}"
                yield path, found, "a name that is no other site's domain", ""


def zones(settings: SystemSettings, context: Context) -> Iterator[Complaint]:
    """Names outside every zone, two zones of one domain, zones that were not looked up."""
    by_domain: dict[str, str] = {}
    for key, zone in settings.zones.items():
        first = by_domain.setdefault(zone.domain, key)
        if first != key:
            path = ("zones", key, "domain")
            yield path, f"a second zone of {zone.domain}", f"only that of {first}", ""
        if zone.existing and zone.domain not in context.hosted_zones:
            yield (
                ("zones", key, "existing"),
                f"a zone of {zone.domain} that was not looked up yet",
                "a looked-up one",
                "run `trellis lookup` with this stack's name",
            )
    domains = ", ".join(sorted(by_domain)) or "the stack file has none"
    for each in (*site_names(settings), *balancer_names(settings)):
        if certificate_of(settings, each.kind, each.key) and not zone_of(settings, each.name):
            yield (
                each.path,
                f"{each.name}, which stands in no zone",
                f"a name in one of `zones`: {domains}",
                "its certificate is proven there; where DNS is elsewhere, give the ARN of one",
            )


def certificates(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Certificates for names that nobody serves, with too many names, or none at all."""
    served = {each.name for each in (*site_names(settings), *balancer_names(settings))}
    requests = {request.key: request for request in certificate_requests(settings)}
    for key, certificate in settings.certificates.items():
        for position, name in enumerate(certificate.names):
            if not any(covers(name, each) for each in served):
                path = ("certificates", key, "names", position)
                hint = f"served are {', '.join(sorted(served))}" if served else ""
                yield path, f"{name}, which nothing serves", "the name of a site or route", hint
        if key not in requests and f"{key}-edge" not in requests:
            yield (
                ("certificates", key),
                "a certificate that nothing uses",
                "one that covers all names of some site or load balancer",
                "",
            )
        for position, name in enumerate(certificate.names):
            if not zone_of(settings, name):
                path = ("certificates", key, "names", position)
                yield path, f"{name}, which stands in no zone", "a name in one of `zones`", ""
    for kind, field, keys in (
        ("site", "sites", settings.sites),
        ("loadBalancer", "loadBalancers", settings.load_balancers),
    ):
        for key in keys:
            names = certified_names(settings, kind, key)
            own = certificate_of(settings, kind, key) in {f"site-{key}", f"load-balancer-{key}"}
            if own and len(names) > NAMES_PER_CERTIFICATE:
                yield (
                    (field, key),
                    f"{len(names)} names",
                    f"at most {NAMES_PER_CERTIFICATE} in one certificate",
                    "a `certificates` entry with a wildcard covers many",
                )
    for key, balancer in settings.load_balancers.items():
        if not balancer.certificates and not certified_names(settings, "loadBalancer", key):
            yield (
                ("loadBalancers", key),
                "no certificate, and no route with a host that one could be made for",
                "`certificates`, or a `host` in a route of a service behind it",
                "",
            )


CHECKS = (claims, redirect_loops, zones, certificates)
