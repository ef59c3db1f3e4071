"""What only the whole can tell of databases, caches and backups: places and regions."""

from __future__ import annotations

from collections.abc import Iterator

from components.contracts import SubnetTier
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


def regions(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A copy of backups in the region that they are in."""
    copy = settings.backups.copy_to
    if copy is not None and copy.region == settings.region:
        path = ("backups", "copyTo", "region")
        yield path, f"the system's own region {copy.region}", "another region", ""


CHECKS = (places, regions)
