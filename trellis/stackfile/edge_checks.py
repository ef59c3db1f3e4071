"""What only the whole can tell of zones, redirects and certificates."""

from __future__ import annotations

from collections.abc import Iterator

from components.dns.settings import (
    AMAZON_AUTHORITIES,
    LONGEST_COMMON_NAME,
    NAMES_PER_CERTIFICATE,
)
from components.parts.domain import bare, covers, under
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.edge import (
    REQUESTS,
    authority_of,
    certificate_of,
    certificate_requests,
    certified_names,
    served_names,
    stands_inside,
    zone_of,
)
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings


def issuers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """CAA records that forbid Amazon the certificates that this system waits for."""
    for request in certificate_requests(settings):
        for name in request.names:
            key = zone_of(settings, name)
            found = _authorities(settings, key, name) if key is not None else None
            if found is not None and not set(found[1]) & set(AMAZON_AUTHORITIES):
                label, allowed = found
                yield (
                    ("zones", key or "", "records", label),
                    f"CAA that lets {', '.join(allowed) or 'nobody'} certify {name}",
                    f"one value with {AMAZON_AUTHORITIES[0]}, as in "
                    f'0 issue "{AMAZON_AUTHORITIES[0]}"',
                    "ACM makes that certificate, and would wait for it until it fails",
                )


def _authorities(
    settings: SystemSettings, zone: str, name: str
) -> tuple[str, tuple[str, ...]] | None:
    """Key and authorities of the CAA record that counts for a name: the nearest one above it."""
    domain = settings.zones[zone].domain
    found = {
        record.fqdn(domain): (key, record.values)
        for key, record in settings.zones[zone].records.items()
        if record.type == "CAA"
    }
    at = bare(name)
    while under(at, domain):
        if at in found:
            key, values = found[at]
            records = [value.split(" ", 2) for value in values]
            wanted = ["issuewild"] if name.startswith("*.") else []
            kinds = [kind for kind in (*wanted, "issue") if any(s[1] == kind for s in records)]
            if not kinds:
                return None
            authorities = [
                s[2].strip('"').partition(";")[0].strip() for s in records if s[1] == kinds[0]
            ]
            return key, tuple(authority for authority in authorities if authority)
        at = at.partition(".")[2]
    return None


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


def zones(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Names outside every zone that proves them, and two zones of one domain."""
    by_domain: dict[tuple[str, bool], str] = {}
    for key, zone in settings.zones.items():
        first = by_domain.setdefault((zone.domain, zone.private), key)
        if first != key:
            path = ("zones", key, "domain")
            yield path, f"a second zone of {zone.domain}", f"only that of {first}", ""
    public = sorted(domain for domain, private in by_domain if not private)
    domains = ", ".join(public) or "the stack file has none"
    for served_name in served_names(settings):
        names = certified_names(settings, served_name.kind, served_name.key)
        if not certificate_of(settings, served_name.kind, served_name.key) or authority_of(
            settings, names
        ):
            continue
        if not zone_of(settings, served_name.name):
            inside = zone_of(settings, served_name.name, private=True)
            if inside is not None:
                yield (
                    served_name.path,
                    f"{served_name.name}, which only the private zone {inside} knows",
                    f"`zones.{inside}.certificateAuthority`, or `certificates` of the load "
                    "balancer by ARN",
                    "a certificate of ACM is proven in public DNS, and no public authority "
                    "certifies a name that it can't see",
                )
                continue
            yield (
                served_name.path,
                f"{served_name.name}, which stands in no zone",
                f"a name in one of `zones`: {domains}",
                "its certificate is proven there; where DNS is elsewhere, give the ARN of one",
            )


def private_zones(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Private zones without a network, and what the internet calls by a name in one."""
    for key, zone in settings.zones.items():
        if zone.private and not zone.existing and settings.network is None:
            yield (
                ("zones", key, "private"),
                "a private zone without a network",
                "`network`, whose machines ask it",
                "",
            )
    for served_name in served_names(settings):
        inside = zone_of(settings, served_name.name, private=True)
        internal = stands_inside(settings, served_name)
        if inside is None or internal or zone_of(settings, served_name.name) is not None:
            continue
        yield (
            served_name.path,
            f"{served_name.name} in the private zone {inside}, for what the internet calls",
            "a name in a public zone, or an internal load balancer",
            "",
        )


def certificates(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Certificates for names that nobody serves, with too many names, or none at all."""
    served = {served_name.name for served_name in served_names(settings)}
    requests = {request.key: request for request in certificate_requests(settings)}
    for key, certificate in settings.certificates.items():
        for position, name in enumerate(certificate.names):
            if not any(covers(name, other) for other in served):
                path = ("certificates", key, "names", position)
                hint = f"served are {', '.join(sorted(served))}" if served else ""
                yield (
                    path,
                    f"{name}, which nothing serves",
                    "the name of a site, route or API",
                    hint,
                )
        if key not in requests and f"{key}-edge" not in requests:
            yield (
                ("certificates", key),
                "a certificate that nothing uses",
                "one that covers all names of some site, load balancer or API",
                "",
            )
        for position, name in enumerate(certificate.names):
            if not zone_of(settings, name) and not authority_of(settings, certificate.names):
                path = ("certificates", key, "names", position)
                yield path, f"{name}, which stands in no zone", "a name in one of `zones`", ""
    for kind, field, keys in (
        ("site", "sites", settings.sites),
        ("loadBalancer", "loadBalancers", settings.load_balancers),
        ("networkLoadBalancer", "networkLoadBalancers", settings.network_load_balancers),
    ):
        for key in keys:
            names = certified_names(settings, kind, key)
            own = certificate_of(settings, kind, key) == f"{REQUESTS[kind]}-{key}"
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


def common_names(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Certificates whose first name is longer than a common name may be."""
    for request in certificate_requests(settings):
        first = request.names[0]
        if len(first) <= LONGEST_COMMON_NAME:
            continue
        served = served_names(settings)
        path: KeyPath = next(
            (served_name.path for served_name in served if served_name.name == first), ()
        )
        yield (
            path or ("certificates", request.key.removesuffix("-edge"), "names", 0),
            f"{first}, the first name of a certificate, of {len(first)} characters",
            f"at most {LONGEST_COMMON_NAME}; the others may be longer",
            "a `certificates` entry whose first name is shorter, such as a wildcard",
        )


CHECKS = (issuers, redirect_loops, zones, private_zones, certificates, common_names)
