"""Stated use of what is not there, or cannot be: nothing would count it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic.alias_generators import to_camel

from components.database.settings import ClusterSettings, DatabaseSettings
from components.network.settings import Nat
from components.services.settings import ServiceSettings
from trellis.stackfile.complaints import Complaint, unknown
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.usage import Amount, RangeSettings

KEYED: Mapping[str, tuple[str, str]] = {
    "services": ("services", "service"),
    "jobs": ("jobs", "job"),
    "functions": ("functions", "function"),
    "apis": ("apis", "API"),
    "user_pools": ("userPools", "user pool"),
    "streams": ("streams", "stream"),
    "catalogs": ("catalogs", "catalog"),
    "queries": ("queries", "query"),
    "databases": ("databases", "database"),
    "caches": ("caches", "cache"),
    "tables": ("tables", "table"),
    "buckets": ("buckets", "bucket"),
    "file_systems": ("fileSystems", "file system"),
    "topics": ("topics", "topic"),
    "queues": ("queues", "queue"),
    "mail": ("mail", "mail"),
    "load_balancers": ("loadBalancers", "load balancer"),
    "network_load_balancers": ("networkLoadBalancers", "network load balancer"),
    "sites": ("sites", "site"),
    "zones": ("zones", "zone"),
    "firewalls": ("firewalls", "firewall"),
}
"""Parts whose use is stated by key: their names in the stack file, and what one is called."""


def unknown_uses(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    """Use of a key that the stack file has not."""
    for field, (part, kind) in KEYED.items():
        known: Mapping[str, object] = getattr(settings, field)
        stated: Mapping[str, object] = getattr(settings.usage, field)
        for key in stated:
            if key not in known:
                yield unknown(("usage", part, key), kind, key, known)
    images = {
        repository
        for service in (*settings.services.values(), *settings.jobs.values())
        if (repository := getattr(service.image, "repository", None)) is not None
    }
    for key in settings.usage.repositories:
        names = {*settings.repositories, *images} - {*settings.existing.repositories}
        if key not in names:
            yield unknown(("usage", "repositories", key), "repository", key, names)


def parts_that_are_not_there(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    """Use of a whole part that makes nothing."""
    usage = settings.usage
    for name, there, stated in (
        ("network", settings.network is not None, usage.network),
        ("secrets", bool(settings.secrets), usage.secrets),
        ("account", settings.baseline is not None, usage.account),
    ):
        if not there and stated.model_dump(exclude_none=True):
            yield (
                ("usage", name),
                f"use of {name}, which the stack file has not",
                f"none, or a stack with `{'baseline' if name == 'account' else name}`",
                "nothing would count it",
            )


def tasks_beyond_scaling(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    """Tasks on average that scaling does not let run."""
    for key, stated in settings.usage.services.items():
        service = settings.services.get(key)
        if service is None or stated.tasks is None:
            continue
        yield from _beyond(("usage", "services", key, "tasks"), service, stated.tasks)


def _beyond(path: KeyPath, service: ServiceSettings, tasks: Amount) -> Iterable[Complaint]:
    scaling = service.scaling
    lows = (schedule.min for schedule in scaling.schedules.values() if schedule.min is not None)
    least, most = min(scaling.min, *lows, scaling.min), scaling.most
    amounts = (tasks.low, tasks.high) if isinstance(tasks, RangeSettings) else (tasks,)
    if any(not least <= amount <= most for amount in amounts):
        yield (
            path,
            f"{' to '.join(f'{amount:g}' for amount in amounts)} tasks on average",
            f"{least} to {most}, what `scaling` lets run",
            "",
        )


def _bills_requests(database: DatabaseSettings) -> bool:
    return isinstance(database, ClusterSettings) and database.storage_type == "standard"


COUNTED: tuple[tuple[str, tuple[str, ...], Callable[[Any], bool], str], ...] = (
    ("tables", ("writes", "reads"), lambda it: it.capacity == "onDemand", "capacity: onDemand"),
    ("catalogs", ("crawler_dpu_hours",), lambda it: bool(it.crawlers), "crawlers"),
    ("user_pools", ("users",), lambda it: it.existing is None, "a pool that is made here"),
    ("databases", ("requests",), _bills_requests, "storageType: standard"),
    ("caches", ("backup_gb",), lambda it: it.snapshots.retention_days > 0, "snapshots"),
    (
        "file_systems",
        ("infrequent_gb", "infrequent_read_gb"),
        lambda it: it.infrequent_days != "none",
        "infrequentDays",
    ),
    (
        "file_systems",
        ("archive_gb", "archive_read_gb"),
        lambda it: it.archive_days is not None,
        "archiveDays",
    ),
    (
        "file_systems",
        ("read_gb", "written_gb"),
        lambda it: it.throughput == "elastic",
        "throughput: elastic",
    ),
    ("file_systems", ("backup_gb",), lambda it: it.backups, "backups"),
)
"""Measures that have a price with some settings only: of which entries, and what to set."""


def measures_that_nothing_counts(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    """Use that an entry, as it is set, has no price for."""
    for field, measures, counts, setting in COUNTED:
        part, kind = KEYED[field]
        made: Mapping[str, object] = getattr(settings, field)
        for key, stated in getattr(settings.usage, field).items():
            for measure in measures if key in made and not counts(made[key]) else ():
                if getattr(stated, measure) is not None:
                    yield (
                        ("usage", part, key, to_camel(measure)),
                        f"use of a {kind} without `{setting}`",
                        f"none, or `{setting}` in {part}.{key}",
                        "nothing would count it",
                    )


def what_others_do_not_bill(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    """Use of NAT gateways, transit gateways or AWS Backup where there is none."""
    usage, network = settings.usage, settings.network
    made = network is not None and network.existing is None and network.from_ is None
    for path, stated, there, setting in (
        (
            ("network", "natGb"),
            usage.network.nat_gb,
            not made or (network is not None and network.nat != Nat.NONE),
            "network.nat",
        ),
        (
            ("network", "transitGatewayGb"),
            usage.network.transit_gateway_gb,
            not made or (network is not None and bool(network.transit_gateways)),
            "network.transitGateways",
        ),
        *(
            (
                ("backups", to_camel(name)),
                getattr(usage.backups, name),
                settings.backups.enabled,
                "backups.enabled: true",
            )
            for name in ("databases_gb", "tables_gb")
        ),
    ):
        if stated is not None and not there:
            yield (
                ("usage", *path),
                "use of what the stack does not make",
                f"none, or `{setting}`",
                "nothing would count it",
            )


def dates_to_come(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    """Amounts that were measured on a day that is to come."""
    as_of = settings.usage.as_of
    if as_of is not None and as_of > datetime.now(UTC).date() + timedelta(days=1):
        yield (
            ("usage", "asOf"),
            f"{as_of.isoformat()}, which is to come",
            "the day on which the amounts were measured or agreed",
            "",
        )


CHECKS = (
    unknown_uses,
    parts_that_are_not_there,
    tasks_beyond_scaling,
    measures_that_nothing_counts,
    what_others_do_not_bill,
    dates_to_come,
)
