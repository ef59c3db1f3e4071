"""Stated use of what is not there, or cannot be: nothing would count it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic.alias_generators import to_camel

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


def files_that_do_not_move(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    """Use of a class, a throughput or copies that a file system has not."""
    for key, stated in settings.usage.file_systems.items():
        files = settings.file_systems.get(key)
        if files is None:
            continue
        elastic = files.throughput == "elastic"
        for measures, has, setting in (
            (
                ("infrequent_gb", "infrequent_read_gb"),
                files.infrequent_days != "none",
                "infrequentDays",
            ),
            (("archive_gb", "archive_read_gb"), files.archive_days, "archiveDays"),
            (("read_gb", "written_gb"), elastic, "throughput: elastic"),
            (("backup_gb",), files.backups, "backups"),
        ):
            for measure in measures:
                if getattr(stated, measure) is not None and not has:
                    yield (
                        ("usage", "fileSystems", key, to_camel(measure)),
                        f"use of a file system without `{setting}`",
                        f"none, or `{setting}` in fileSystems.{key}",
                        "nothing would count it",
                    )


CHECKS = (unknown_uses, parts_that_are_not_there, tasks_beyond_scaling, files_that_do_not_move)
