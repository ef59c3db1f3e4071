"""What only the whole can tell of databases, caches and backups: places and regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from components.contracts import SubnetTier
from components.network.settings import NetworkSettings
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context, FoundSubnet
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings

LEAST_ZONES = 2
"""Zones that a database's subnets span ("Working with DB subnet groups", Amazon RDS User Guide,
2026-11)."""


def places(settings: SystemSettings, context: Context) -> Iterator[Complaint]:
    """Databases, caches, file systems or users' rotation without subnets to stand in."""
    network = settings.network
    found = subnets_found(settings, context)
    kept = {
        "databases": settings.databases,
        "caches": settings.caches,
        "fileSystems": settings.file_systems,
    }
    wanted = [name for name, entries in kept.items() if entries]
    if found is not None and SubnetTier.PRIVATE not in found:
        for key, secret in settings.secrets.items():
            if secret.kind == "credentials":
                yield no_subnets(("secrets", key), ("private",), found)
    for name in wanted:
        path: KeyPath = (name,)
        if network is None:
            yield path, f"{name} without a network", "`network`, or none of them", ""
        elif found is not None:
            tier = SubnetTier(network.data_subnets)
            zones = {subnet.zone for subnet in found.get(tier, ())}
            for key in kept[name]:
                if tier not in found:
                    yield no_subnets((name, key), (tier,), found)
                elif name == "databases" and len(zones) < LEAST_ZONES:
                    yield (
                        (name, key),
                        f"{tier} subnets in one zone, as looked up",
                        f"{LEAST_ZONES} zones or more",
                        "RDS wants a database's subnets in two zones, also where it uses one",
                    )
        elif not network.existing and network.data_subnets not in (there := _tiers(network)):
            yield (
                ("network", "dataSubnets") if network.data_subnets == "isolated" else path,
                f"{name} in {network.data_subnets} subnets, which the network has none of",
                _instead(there),
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


def subnets_found(
    settings: SystemSettings, context: Context
) -> Mapping[SubnetTier, tuple[FoundSubnet, ...]] | None:
    """Subnets of the network that was looked up, by tier; None where it is another one."""
    network = settings.network
    if network is None or network.existing is None or context.network is None:
        return None
    return context.network.subnets


def _tiers(network: NetworkSettings) -> frozenset[SubnetTier]:
    """The tiers there are; of another stack, which says so only at deployment, what all have."""
    return frozenset({SubnetTier.PRIVATE} if network.from_ else network.subnets)


def _instead(there: frozenset[SubnetTier]) -> str:
    if SubnetTier.ISOLATED in there:
        return "`network.dataSubnets: isolated`, or private subnets in `network.subnets`"
    if SubnetTier.PRIVATE in there:
        return "`private`, or isolated subnets in `network.subnets`"
    return "private or isolated subnets in `network.subnets`"


def no_subnets(
    path: KeyPath, wanted: Sequence[str], found: Mapping[SubnetTier, object]
) -> Complaint:
    """What to say where a network that was looked up has none of the subnets that are wanted."""
    return (
        path,
        f"a network without {' or '.join(wanted)} subnets, as `trellis lookup` found it",
        f"{' or '.join(wanted)} subnets; it has {', '.join(found) or 'none'}",
        "a subnet is private where its default route leads to a NAT gateway, isolated where it "
        "has none",
    )


def regions(settings: SystemSettings, _: Context) -> Iterator[Complaint]:
    """A copy of backups in the region that they are in."""
    copy = settings.backups.copy_to
    if copy is not None and copy.region == settings.region:
        path = ("backups", "copyTo", "region")
        yield path, f"the system's own region {copy.region}", "another region", ""


CHECKS = (places, regions)
