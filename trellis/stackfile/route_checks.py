"""What only the whole can tell of routes: their load balancers, their order, and quotas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from components.services.routing.priorities import Placed, clashes, shadowed
from trellis.stackfile import existing_listeners
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings

RULES_PER_BALANCER = 100
"""Rules without the default ones ("Quotas for your Application Load Balancers", 2026-11)."""

GROUPS_PER_BALANCER = 100
"""Target groups (same page)."""

RULES_PER_GROUP = 60
"""Rules of a security group each way ("Amazon VPC quotas", 2026-11)."""


def routes_by_balancer(settings: SystemSettings) -> Mapping[str, list[Placed]]:
    """The routes of each load balancer; those without one of their own go to the only one."""
    only = next(iter(settings.load_balancers)) if len(settings.load_balancers) == 1 else None
    found: dict[str, list[Placed]] = defaultdict(list)
    for service, serving in settings.services.items():
        for position, route in enumerate(serving.routes):
            balancer = route.load_balancer or only
            if balancer in settings.load_balancers or balancer in settings.existing.load_balancers:
                found[balancer].append(Placed(service, position, route))
    return found


def known_balancers(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A route through a load balancer that there is not, or that does not say which."""
    own = settings.load_balancers
    there = {**settings.existing.load_balancers, **own}
    for service, serving in settings.services.items():
        for position, route in enumerate(serving.routes):
            path: KeyPath = ("services", service, "routes", position)
            if route.load_balancer is not None and route.load_balancer not in there:
                path = (*path, "loadBalancer")
                yield unknown(path, "load balancer", route.load_balancer, there)
            elif route.load_balancer is None and len(own) != 1:
                names = ", ".join(there) or "none: the stack file has no loadBalancers"
                yield path, "no `loadBalancer`", f"one of {names}", ""


def something_to_serve(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """What is made with services, in a stack file without any: it would be left out silently."""
    if settings.services or settings.jobs:
        return
    for part, there in (
        ("loadBalancers", settings.load_balancers),
        ("repositories", settings.repositories),
    ):
        for key in there:
            yield (
                (part, key),
                f"{part} without services and jobs",
                "`services` or `jobs` with them",
                "they are made together; a service whose image is not there yet waits for it",
            )


def known_log_buckets(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Access logs into a bucket that does not take them."""
    taking = [key for key, bucket in settings.buckets.items() if "loadBalancers" in bucket.receives]
    for key, balancer in settings.load_balancers.items():
        chosen = balancer.access_logs
        if chosen not in (None, "none") and chosen not in taking:
            yield unknown(
                ("loadBalancers", key, "accessLogs"),
                "bucket with `receives: [loadBalancers]`",
                str(chosen),
                taking,
            )


def certificates_here(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A certificate of another region, which a load balancer can't have."""
    for key, balancer in settings.load_balancers.items():
        for position, certificate in enumerate(balancer.certificates):
            region = certificate.arn.split(":")[3]
            if region != settings.region:
                yield (
                    ("loadBalancers", key, "certificates", position, "arn"),
                    f"a certificate in {region}",
                    f"one in {settings.region}, where the load balancer is",
                    "CloudFront alone takes those of us-east-1 everywhere",
                )


def addresses_there(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """IPv6 addresses of a load balancer in subnets that have none."""
    network = settings.network
    if network is None or network.existing is not None or network.from_ is not None or network.ipv6:
        return
    for key, balancer in settings.load_balancers.items():
        if balancer.ipv6:
            yield (
                ("loadBalancers", key, "ipv6"),
                "a load balancer with IPv6 addresses in a network without any",
                "`network: {ipv6: true}`, or no `ipv6`",
                "",
            )


def own_priorities(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two rules of one priority, which AWS refuses and nothing may settle by moving one."""
    for routes in routes_by_balancer(settings).values():
        for first, second, free in clashes(routes):
            yield (
                _path(second),
                f"priority {second.priority}, which {_name(first)} has too",
                "a priority of its own",
                f"write `priority: {free}` into one of them, best the newer; the rest stays",
            )


def reached_routes(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A route whose every request an earlier rule takes."""
    for routes in routes_by_balancer(settings).values():
        for first, second in shadowed(routes):
            yield (
                _path(second),
                f"a route that no request reaches: {_name(first)} takes all of them "
                f"(priority {first.priority} before {second.priority})",
                "routes that differ, the more specific one with the lower `priority`",
                "",
            )


def tested_traffic(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A pause after test traffic where no listener leads any to the new version."""
    for balancer, routes in routes_by_balancer(settings).items():
        own = settings.load_balancers.get(balancer)
        if own is not None and own.test_listener is not None:
            continue
        for service in {route.service for route in routes}:
            for position, pause in enumerate(settings.services[service].deployment.pauses):
                if pause.at == "afterTestTraffic":
                    yield (
                        ("services", service, "deployment", "pauses", position, "at"),
                        "afterTestTraffic, and no test traffic",
                        f"`testListener` of loadBalancers.{balancer}, or `at: afterStart`"
                        if own is not None
                        else "`at: afterStart`",
                        "",
                    )


def quotas(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """More rules or target groups than a load balancer takes."""
    for balancer, routes in routes_by_balancer(settings).items():
        own = settings.load_balancers.get(balancer)
        path: KeyPath = ("loadBalancers", balancer)
        path = path if own is not None else ("existing", *path)
        services = {route.service for route in routes}
        groups = sum(
            2 if settings.services[service].deployment.swaps else 1 for service in services
        )
        tested = own is not None and own.test_listener is not None
        again = sum(settings.services[route.service].deployment.swaps for route in routes)
        for what, count, most in (
            ("rules", len(routes) + (again if tested else 0), RULES_PER_BALANCER),
            ("target groups", groups, GROUPS_PER_BALANCER),
            ("services, each with a rule in its security group", len(services), RULES_PER_GROUP),
        ):
            if count > most:
                hint = "a second load balancer, or a higher quota from AWS"
                yield path, f"{count} {what}", f"at most {most}", hint


def _path(placed: Placed) -> KeyPath:
    return ("services", placed.service, "routes", placed.position)


def _name(placed: Placed) -> str:
    return f"services.{placed.service}.routes[{placed.position}]"


CHECKS = (
    known_balancers,
    *existing_listeners.CHECKS,
    certificates_here,
    addresses_there,
    something_to_serve,
    known_log_buckets,
    own_priorities,
    reached_routes,
    tested_traffic,
    quotas,
)
