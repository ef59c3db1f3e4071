"""Whether services fit where they are put: subnets, ways out, connections, rules and quotas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from components.contracts import SubnetTier
from components.database.connections import connections_of
from components.network.addresses import plan_addresses, zone_names
from components.network.settings import NetworkSettings
from components.parts.image_settings import ImageSettings
from components.parts.image_uri import private_repository
from components.parts.outside import leads_to_a_block, needs_the_internet
from components.parts.ways_out import HTTPS
from components.secrets.settings import CredentialsSecret
from components.services.existing import existing_label
from components.services.platform_settings import LoadBalancerSettings
from components.services.routing.network_settings import NetworkLoadBalancerSettings
from components.services.task.settings import TaskSettings
from components.services.task.tracing import sends
from trellis.registry import OFFERS, part_of
from trellis.stackfile.beyond_checks import every_route
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.data_checks import subnets_found
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.service_checks import consumers_of, tasks_of
from trellis.stackfile.settings import SystemSettings

RESERVED_ADDRESSES = 5
"""Of each subnet ("Subnet CIDR blocks", Amazon VPC User Guide, 2026-11)."""

BALANCER_ADDRESSES = 8
"""Free ones that a load balancer asks for in a subnet ("Application Load Balancers", 2026-11)."""

RULES_PER_GROUP = 60
"""Rules of a security group each way ("Amazon VPC quotas", 2026-11)."""

ADMIN_CONNECTIONS = 10
"""Connections left for administration and rotation."""


def task_addresses(settings: SystemSettings) -> Mapping[SubnetTier, int]:
    """Addresses that tasks, functions and load balancers take at most, by kind of subnet.

    A task has one; while a version replaces another, more of them run than `scaling.max`. A
    function has one a subnet, however many runs there are.
    """
    found: Counter[SubnetTier] = Counter()
    for service in settings.services.values():
        found[service.subnets] += service.most_tasks
    for job in settings.jobs.values():
        found[job.subnets] += 1
    network = settings.network
    if network is not None:
        zones = network.zones if isinstance(network.zones, int) else len(network.zones)
        for function in settings.functions.values():
            if function.in_network:
                found[SubnetTier(function.subnets)] += zones
        for balancer in _all_balancers(settings).values():
            tier = SubnetTier.PUBLIC if balancer.scheme == "public" else SubnetTier.PRIVATE
            found[tier] += BALANCER_ADDRESSES * zones
    return found


def _all_balancers(
    settings: SystemSettings,
) -> Mapping[KeyPath, LoadBalancerSettings | NetworkLoadBalancerSettings]:
    """Load balancers of both kinds by their path."""
    return {
        **{("loadBalancers", key): found for key, found in settings.load_balancers.items()},
        **{
            ("networkLoadBalancers", key): found
            for key, found in settings.network_load_balancers.items()
        },
    }


def is_closed(network: NetworkSettings, task: TaskSettings) -> bool:
    """Whether a task reaches AWS by private paths only."""
    return not network.has_egress(task.subnets) or not task.internet


def private_paths_of(task: TaskSettings) -> frozenset[str]:
    """Interface endpoints without which a closed task can't start, log or do its work."""
    services = {"ecr.api", "ecr.dkr", "logs"}
    offers = (OFFERS[use.kind] for use in task.uses if not use.is_elsewhere)
    services |= {offer.interface for offer in offers if offer.interface is not None}
    if task.exec:
        services.add("ssmmessages")
    if sends(task.tracing):
        services.add("xray")
    return frozenset(services)


def places(settings: SystemSettings, context: Context) -> Iterator[Complaint]:
    """Tasks and load balancers without a network, or in subnets that it has not."""
    network = settings.network
    if network is None:
        for path in [*tasks_of(settings), *_all_balancers(settings)]:
            yield path, "no network to stand in", "a `network`", ""
        return
    found = subnets_found(settings, context)
    if network.from_ is not None or (network.existing is not None and found is None):
        return
    subnets = network.subnets if found is None else found
    there = [tier.value for tier in subnets]
    for path, task in tasks_of(settings).items():
        if task.subnets not in subnets:
            yield unknown((*path, "subnets"), "kind of subnets", task.subnets.value, there)
    for path, balancer in _all_balancers(settings).items():
        tier = SubnetTier.PUBLIC if balancer.scheme == "public" else SubnetTier.PRIVATE
        if tier not in subnets:
            yield unknown((*path, "scheme"), "subnets", tier.value, there)
        zones = network.zones if isinstance(network.zones, int) else len(network.zones)
        if found is not None:
            zones = len({subnet.zone for subnet in found[tier]}) if tier in found else 2
        if zones < 2:
            yield path, "one zone", "two zones or more in `network`", ""


def room_in_subnets(settings: SystemSettings, context: Context) -> Iterator[Complaint]:
    """More tasks at once than a kind of subnets has addresses."""
    network = settings.network
    if network is None or network.existing is not None or network.from_ is not None:
        return
    zones = zone_names(network, settings.region, context.zones.get(settings.region, ()))
    try:
        blocks = plan_addresses(network, zones)
    except (ValueError, LookupError):  # the address checks have said why
        return
    for tier, wanted in task_addresses(settings).items():
        mine = [block for (kind, _), block in blocks.items() if kind is tier]
        free = sum(block.num_addresses - RESERVED_ADDRESSES for block in mine)
        if mine and wanted > free:
            yield (
                ("network", "subnets", tier.value),
                f"{free} addresses, and tasks and load balancers that take up to {wanted}",
                f"{wanted} addresses or more",
                "larger blocks, or a lower scaling.max or deployment.max",
            )


def ways_out(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A task that can't pull its image, log or read its secrets: no NAT and no endpoint."""
    network = settings.network
    if network is None or network.endpoints == "auto":
        return
    if network.existing is not None or network.from_ is not None:
        return
    for path, task in tasks_of(settings).items():
        if not is_closed(network, task):
            continue
        missing = ({"s3"} | private_paths_of(task)) - set(network.endpoints)
        if missing:
            yield (
                path,
                f"no way to {', '.join(sorted(missing))}: no NAT gateway that it may use, and no "
                "endpoint",
                "`network.endpoints: auto`, or a list that has them",
                "without them tasks hang while they pull their image",
            )


def reachable_addresses(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """An address on the internet that a task without a way there uses, or HTTPS that it has."""
    network = settings.network
    for key, function in settings.functions.items():
        for position, use in enumerate(function.uses):
            if use.address is not None and not function.in_network:
                yield (
                    ("functions", key, "uses", position, "address"),
                    f"{use.address}, for a function outside the network, which may call anything",
                    "`subnets` with it, or no such line",
                    "",
                )
    for path, task in tasks_of(settings).items():
        for position, use in enumerate(task.uses):
            if use.address is None or network is None:
                continue
            place = (*path, "uses", position, "address")
            elsewhere = network.existing is not None or network.from_ is not None
            no_way = task.subnets is SubnetTier.ISOLATED or (
                not elsewhere and not network.has_egress(task.subnets)
            )
            # A name may be one of another network's.
            beyond = leads_to_a_block(use.address) is None and any(
                task.subnets in route.tiers for route in every_route(network).values()
            )
            if no_way and not beyond and needs_the_internet(use.address):
                yield (
                    place,
                    f"{use.address}, and no way to the internet from {task.subnets.value} subnets",
                    "an address inside the network, or `network.nat` other than none",
                    "",
                )
            if task.internet and use.port == HTTPS and use.protocol == "tcp" and not no_way:
                yield (
                    place,
                    f"{use.address} port {HTTPS}, beside `internet: true`, which opens it to all",
                    "`internet: false` with it, or no such line",
                    "",
                )


def reachable_images(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """An image that a task without a way to the internet can't pull: endpoints lead to ECR only."""
    network = settings.network
    for path, task in tasks_of(settings).items():
        if network is None or not is_closed(network, task):
            continue
        for place, image in places_of_images(task).items():
            there = settings.existing.repositories.get(image.repository or "")
            uri = image.uri or (existing_label(there) if there and there.arn else None)
            if uri is None:
                continue
            own = private_repository(uri)
            if own is None or own.region != settings.region:
                yield (
                    (*path, *place, "uri" if image.uri else "repository"),
                    f"an image of {uri.partition('/')[0]}, and no way to the internet",
                    f"an image of ECR in {settings.region}",
                    "copy it into a repository of your own, or let the task out with a NAT "
                    "gateway (`network.nat`) and `internet: true`",
                )


def connections(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Pools that together open more connections than the database takes."""
    for key, database in settings.databases.items():
        allowed = connections_of(database) - ADMIN_CONNECTIONS
        parts: list[str] = []
        total = 0
        for path, task in consumers_of(settings).items():
            pools = [use.pool for use in task.uses if use.database == key and use.pool]
            if not pools:
                continue
            tasks = _most_tasks(settings, path)
            total += tasks * sum(pools)
            parts.append(f"{path[1]} {tasks} x {sum(pools)}")
        if total > allowed and database.proxy is None:
            yield (
                ("databases", key),
                f"up to {total} connections ({', '.join(parts)})",
                f"{allowed}: about what the class allows, less {ADMIN_CONNECTIONS}",
                "smaller pools, fewer tasks, a larger class, or a `proxy`; while a version is "
                "replaced, deployment.max percent of the tasks run (with other strategies than "
                "rolling, all of them twice)",
            )


def rules_of_groups(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A security group with more rules than AWS takes."""
    callers: Counter[tuple[str, str]] = Counter()
    for path, task in tasks_of(settings).items():
        known = [use for use in task.uses if not use.is_elsewhere]
        linked = {(part_of(use.kind), use.key) for use in known if OFFERS[use.kind].listens}
        callers.update(linked)
        if len(linked) + len(task.file_systems) + 1 > RULES_PER_GROUP:
            yield path, f"{len(linked)} ways out", f"{RULES_PER_GROUP - 1} of one service", ""
    for function in settings.functions.values():
        offered = [use for use in function.uses if use.kind in OFFERS]
        callers.update({(part_of(u.kind), u.key) for u in offered if OFFERS[u.kind].listens})
    for secret in settings.secrets.values():
        if isinstance(secret, CredentialsSecret):
            kind = "databases" if secret.database else "caches"
            callers[kind, str(secret.database or secret.cache)] += 1
    for (part, key), count in callers.items():
        if count > RULES_PER_GROUP:
            yield (
                (part, key),
                f"{count} that call it, each with a rule",
                f"at most {RULES_PER_GROUP} rules in a security group",
                "ask AWS for a higher quota and split the callers meanwhile",
            )


def places_of_images(task: TaskSettings) -> Mapping[KeyPath, ImageSettings]:
    """The images of a task by where they stand in it."""
    collector: Mapping[KeyPath, ImageSettings] = (
        {("collector", "image"): task.collector.image} if task.collector else {}
    )
    return {
        ("image",): task.image,
        **{("sidecars", name, "image"): sidecar.image for name, sidecar in task.sidecars.items()},
        **collector,
        **({("logRouter", "image"): task.log_router.image} if task.log_router else {}),
    }


def _most_tasks(settings: SystemSettings, path: KeyPath) -> int:
    function = settings.functions.get(str(path[1])) if path[0] == "functions" else None
    if function is not None and function.concurrency is not None:
        return function.concurrency.reserved or 1
    service = settings.services.get(str(path[1])) if path[0] == "services" else None
    if service is None:
        return 1
    return service.most_tasks


CHECKS = (
    reachable_addresses,
    places,
    room_in_subnets,
    ways_out,
    reachable_images,
    connections,
    rules_of_groups,
)
