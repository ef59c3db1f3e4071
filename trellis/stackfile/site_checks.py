"""What only the whole can tell of sites: their buckets, load balancers, paths and logs."""

from __future__ import annotations

from collections.abc import Iterator

from components.contracts import SubnetTier
from components.services.settings import RouteSettings
from components.sites.paths import in_order, meets, shadowed
from components.sites.settings import SiteSettings
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.edge import balanced_place, site_bucket, site_log_bucket
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.route_checks import routes_by_balancer
from trellis.stackfile.settings import SystemSettings


def buckets(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Sites over buckets and log buckets that are none, or not fit for it."""
    logs = [key for key, bucket in settings.buckets.items() if "deliveries" in bucket.receives]
    for key, site in settings.sites.items():
        own = site_bucket(key, site)
        if site.content.bucket is None and own in settings.buckets:
            path: KeyPath = ("buckets", own or "")
            yield path, f"a bucket {own}", "another key", f"the site {key} makes it"
        if site.content.bucket is not None:
            path = ("sites", key, "content", "bucket")
            yield from _served(settings, path, site.content.bucket)
        for pattern, behavior in site.behaviors.items():
            if behavior.bucket is not None:
                path = ("sites", key, "behaviors", pattern, "bucket")
                yield from _served(settings, path, behavior.bucket)
                if behavior.bucket == own and behavior.signed_by == site.content.signed_by:
                    found = f"{behavior.bucket}, which answers all other paths already"
                    yield path, found, "another bucket, or no behavior", ""
        target = site_log_bucket(settings, key)
        if target is not None and target not in logs:
            path = ("sites", key, "accessLogs")
            yield unknown(path, "bucket with `receives: [deliveries]`", target, logs)


def balancers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Paths that lead to a load balancer that is none, or is public, or has no service for them."""
    routes = {
        key: [placed_route.route for placed_route in placed]
        for key, placed in routes_by_balancer(settings).items()
    }
    for key, site in settings.sites.items():
        for pattern, name in site.balanced_paths.items():
            path = balanced_place(key, pattern)
            balancer = settings.load_balancers.get(name)
            if balancer is None:
                yield unknown(path, "load balancer", name, settings.load_balancers)
            elif balancer.scheme != "internal":
                yield (
                    path,
                    f"{name}, which the internet reaches",
                    "a load balancer with `scheme: internal`",
                    "one that is public can be called past the CDN and its firewall",
                )
            elif not any(_takes(route, site, pattern) for route in routes.get(name, [])):
                yield (
                    path,
                    f"{name}, where no route takes {site.domain}{pattern}: all would be 404",
                    "a load balancer with a service that has such a route",
                    f"a route {{host: {site.domain}, path: {pattern}}}; CloudFront passes on the "
                    "host and the whole path",
                )


def ways_in(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Sites before load balancers in a network that CloudFront can't get into."""
    network = settings.network
    used = any(site.load_balancers for site in settings.sites.values())
    if not used or network is None or network.existing or network.from_:
        return
    if SubnetTier.PUBLIC not in network.subnets:
        yield (
            ("network", "subnets"),
            "no public subnets, so no internet gateway",
            "public subnets beside the others",
            "CloudFront enters only networks that have an internet gateway; no request passes it",
        )


def paths(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Paths that another pattern has taken already."""
    for key, site in settings.sites.items():
        patterns = in_order(site.behaviors)
        for first, second in shadowed(patterns):
            yield (
                ("sites", key, "behaviors", second),
                f"{second}, which fits the same paths as {first}",
                "patterns that differ",
                "",
            )


def _served(settings: SystemSettings, path: KeyPath, bucket: str) -> Iterator[Complaint]:
    if bucket not in settings.buckets:
        yield unknown(path, "bucket", bucket, settings.buckets)
    elif settings.buckets[bucket].purpose == "logs":
        yield path, f"{bucket}, which receives logs", "a bucket for data", ""


def _takes(route: RouteSettings, site: SiteSettings, pattern: str) -> bool:
    hosts, fitting = route.hosts or ("*",), route.paths or ("*",)
    return any(meets(host, site.domain) for host in hosts) and any(
        meets(path_pattern, pattern) for path_pattern in fitting
    )


CHECKS = (buckets, balancers, ways_in, paths)
