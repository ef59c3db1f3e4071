"""What only the whole can tell of databases, caches, tables and backups: names, places, regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from components.contracts import SubnetTier
from components.database.settings import DatabaseSettings, InstanceSettings
from components.naming import IllegalNameError, Kind, Naming
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings

LEAST_ZONES = 2
"""Zones that a database's subnets span ("Working with DB subnet groups", Amazon RDS User Guide,
2026-11)."""


def places(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Databases or caches without subnets that they may stand in."""
    network = settings.network
    wanted = [name for name in ("databases", "caches") if getattr(settings, name)]
    for name in wanted:
        path: KeyPath = (name,)
        if network is None:
            yield path, f"{name} without a network", "`network`, or none of them", ""
        elif not (network.existing or network.from_) and not (
            {SubnetTier.ISOLATED, SubnetTier.PRIVATE} & network.subnets.keys()
        ):
            yield (
                path,
                f"{name} in a network with public subnets only",
                "isolated or private subnets in `network.subnets`",
                "data is never in a public subnet",
            )
    if settings.databases and network is not None and not (network.existing or network.from_):
        zones = network.zones if isinstance(network.zones, int) else len(network.zones)
        if zones < LEAST_ZONES:
            yield (
                ("network", "zones"),
                f"{zones} zone",
                f"{LEAST_ZONES} or more",
                "RDS wants a database's subnets in two zones, also where it uses one",
            )


def names(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """Two things of one physical name, or a name that AWS refuses."""
    naming = Naming(settings.name, settings.environment)
    databases = {
        ("databases", key): [each.name or key, *_members(each.name or key, each)]
        for key, each in settings.databases.items()
    }
    caches = {("caches", key): [each.name or key] for key, each in settings.caches.items()}
    tables = {("tables", key): [each.name or key] for key, each in settings.tables.items()}
    yield from _clashes(naming, Kind.DATABASE, databases)
    yield from _clashes(naming, Kind.CACHE, caches)
    yield from _clashes(naming, Kind.TABLE, tables)


def regions(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A copy in the region that the original is in."""
    copies: list[tuple[KeyPath, str]] = [
        (("tables", key, "replicas", number), region)
        for key, table in settings.tables.items()
        for number, region in enumerate(table.replicas)
    ]
    copy = settings.backups.copy_to
    if copy is not None:
        copies.append((("backups", "copyTo", "region"), copy.region))
    for path, region in copies:
        if region == settings.region:
            yield path, f"the system's own region {region}", "another region", ""


def _members(thing: str, database: DatabaseSettings) -> list[str]:
    if isinstance(database, InstanceSettings):
        return [f"{thing}-{key}" for key in database.read_replicas]
    return [f"{thing}-{key}" for key in database.instances]


def _clashes(
    naming: Naming, kind: Kind, things: Mapping[tuple[str, str], list[str]]
) -> Iterator[Complaint]:
    taken: dict[str, str] = {}
    for path, thing in chain.from_iterable(((p, t) for t in ts) for p, ts in things.items()):
        try:
            name = naming.of(kind, thing)
        except IllegalNameError as error:
            yield path, f"a name that AWS refuses: {error}", "a plainer name", ""
            continue
        if name in taken:
            yield path, f"the name {name}", f"another: {taken[name]} has it", ""
        taken[name] = path[1]


CHECKS = (places, names, regions)
