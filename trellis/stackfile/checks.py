"""What only the whole of a stack can tell: each check is a small function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

from components.naming import IllegalNameError, Kind
from components.network import addresses
from policies.guardrails.exemptions import LONGEST_DAYS
from trellis.stackfile import (
    adopting,
    api_checks,
    beyond_checks,
    credential_checks,
    data_checks,
    database_checks,
    edge_checks,
    expiry_checks,
    file_checks,
    firewall_checks,
    function_checks,
    image_checks,
    key_checks,
    lake_checks,
    listener_checks,
    log_router_checks,
    monitoring_checks,
    outsider_checks,
    record_checks,
    region_checks,
    room_checks,
    route_checks,
    secret_checks,
    service_checks,
    sign_in_checks,
    site_checks,
    storage_checks,
    tag_checks,
    tier_checks,
    usage_checks,
)
from trellis.stackfile.adopting import naming_of
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.findings import locate
from trellis.stackfile.identity import check_renames, shown_path
from trellis.stackfile.problems import Problem
from trellis.stackfile.resolution import Resolution
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.unheeded import check_written
from trellis.stackfile.values import values

AGAIN = "run `trellis lookup` with this stack's name again"

Check: TypeAlias = Callable[[SystemSettings, Context], Iterable[Complaint]]


def check(resolution: Resolution, context: Context) -> list[Problem]:
    """Runs every check over valid settings; where entries were renamed, under their first keys
    too, whose names are those that AWS sees."""
    if resolution.settings is None:
        return []
    problems = _checked(resolution.settings, resolution, context)
    problems += [
        Problem(path, found, allowed, hint, locate(resolution.layers, path))
        for path, found, allowed, hint in check_written(
            resolution.settings, resolution.data, resolution.profiled
        )
    ]
    if problems or not resolution.renamed:
        return problems
    return _checked(resolution.built, resolution, context)


def _checked(settings: SystemSettings, resolution: Resolution, context: Context) -> list[Problem]:
    found: list[Problem] = []
    for complaints_of in CHECKS:
        for path, value, allowed, hint in complaints_of(settings, context):
            place = shown_path(path, resolution.renamed)
            found.append(Problem(place, value, allowed, hint, locate(resolution.layers, place)))
    return found


def _one_network(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    network = settings.network
    if network is not None and network.existing is not None and network.from_ is not None:
        yield (
            ("network", "from"),
            "both `existing` and `from`",
            "one of them",
            "a system lives in one network",
        )


def _looked_up(settings: SystemSettings, context: Context) -> Iterable[Complaint]:
    network = settings.network
    if network is None or network.existing is None:
        return
    path = ("network", "existing")
    if context.network is None:
        yield (
            path,
            "a network that was not looked up yet",
            "a looked-up one",
            ("run `trellis lookup` with this stack's name"),
        )
    elif network.existing.vpc_id not in (None, context.network.vpc_id):
        yield (
            path,
            f"{network.existing.vpc_id}",
            f"{context.network.vpc_id}, as looked up",
            AGAIN,
        )
    else:
        for tier, named in network.existing.subnets.items():
            there = [subnet.id for subnet in context.network.subnets.get(tier, ())]
            if set(named) != set(there):
                yield (
                    (*path, "subnets", tier.value),
                    ", ".join(named),
                    f"{', '.join(there) or 'none'}, as looked up",
                    AGAIN,
                )


def _zones_of_the_region(settings: SystemSettings, context: Context) -> Iterable[Complaint]:
    """Answers of another region, or twice the same: zones and subnets are where the stack is."""
    for region, zones in context.zones.items():
        for zone in zones:
            if not zone.startswith(region) or zones.count(zone) > 1:
                yield (
                    ("region",),
                    f"a context file with {', '.join(zones)} as the zones of {region}",
                    "the zones of a region, each once",
                    AGAIN,
                )
                break
    network = settings.network
    if context.network is None or network is None or network.existing is None:
        return
    for subnets in context.network.subnets.values():
        for subnet in subnets:
            if not subnet.zone.startswith(settings.region):
                yield (
                    ("network", "existing"),
                    f"a network with a subnet in {subnet.zone}, as looked up",
                    f"one of {settings.region}, where the stack is",
                    AGAIN,
                )
                return


def _looked_up_here(settings: SystemSettings, context: Context) -> Iterable[Complaint]:
    """Answers of another account: its images and networks are not this one's."""
    if None not in (settings.account, context.account) and settings.account != context.account:
        yield (
            ("account",),
            f"{settings.account}, and a context file that was looked up in {context.account}",
            "both of one account",
            AGAIN,
        )


def _addresses(settings: SystemSettings, context: Context) -> Iterable[Complaint]:
    network = settings.network
    if network is None or network.existing is not None or network.from_ is not None:
        return
    zones = context.zones.get(settings.region, ())
    for problem in addresses.problems(network, settings.region, context.subnets, zones):
        yield ("network", *problem.path), problem.found, problem.allowed, ""


def _system_name(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    """A system whose name no security group may begin with."""
    if settings.network is None:
        return
    try:
        naming_of(settings).of(Kind.SECURITY_GROUP, "x")
    except IllegalNameError as error:
        yield ("name",), settings.name, f"another name: {error}", ""


def _ends(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    """Exemptions, silences, agreed losses and open routes that would hold for ever."""
    latest = datetime.now(UTC).date() + timedelta(days=LONGEST_DAYS)
    for path, until in values(settings):
        if path[-1] == "until" and isinstance(until, date) and until > latest:
            yield (
                path,
                until.isoformat(),
                f"a day in the next {LONGEST_DAYS} days, by {latest.isoformat()}",
                "an exemption is for a while: ask again when it ends, or change the level of the "
                "control (docs/policies.md)"
                if path[0] == "exemptions"
                else "it is for a while: ask again when it ends",
            )


def _exemptions(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    times = Counter((exemption.control, exemption.resource) for exemption in settings.exemptions)
    seen: set[tuple[str, str]] = set()
    for position, exemption in enumerate(settings.exemptions):
        pair = (exemption.control, exemption.resource)
        if times[pair] > 1 and pair in seen:
            yield (
                ("exemptions", position),
                f"{exemption.control} on {exemption.resource} a second time",
                ("one exemption for a control and a resource"),
                "",
            )
        seen.add(pair)


CHECKS: tuple[Check, ...] = (
    check_renames,
    _one_network,
    _looked_up,
    _looked_up_here,
    _zones_of_the_region,
    _addresses,
    _system_name,
    _exemptions,
    _ends,
    *tag_checks.CHECKS,
    *region_checks.CHECKS,
    *expiry_checks.CHECKS,
    *beyond_checks.CHECKS,
    *storage_checks.CHECKS,
    *data_checks.CHECKS,
    *database_checks.CHECKS,
    *secret_checks.CHECKS,
    *record_checks.CHECKS,
    *edge_checks.CHECKS,
    *file_checks.CHECKS,
    *site_checks.CHECKS,
    *firewall_checks.CHECKS,
    *key_checks.CHECKS,
    *lake_checks.CHECKS,
    *credential_checks.CHECKS,
    *service_checks.CHECKS,
    *route_checks.CHECKS,
    *listener_checks.CHECKS,
    *log_router_checks.CHECKS,
    *sign_in_checks.CHECKS,
    *room_checks.CHECKS,
    *image_checks.CHECKS,
    *function_checks.CHECKS,
    *api_checks.CHECKS,
    *monitoring_checks.CHECKS,
    *outsider_checks.CHECKS,
    *usage_checks.CHECKS,
    *tier_checks.CHECKS,
    *adopting.CHECKS,
)
