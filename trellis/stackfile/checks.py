"""What only the whole of a stack can tell: each check is a small function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from components.naming import IllegalNameError, Kind
from components.network import addresses
from components.tags import RESERVED
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
    room_checks,
    route_checks,
    secret_checks,
    service_checks,
    sign_in_checks,
    site_checks,
    storage_checks,
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

Check: TypeAlias = Callable[[SystemSettings, Context], Iterable[Complaint]]

TAG_KEY, TAG_VALUE, TAGS = 128, 256, 50
"""Characters of a tag's key and value, and tags a resource ("Tag naming limits and requirements",
Tagging AWS Resources User Guide, 2026-11)."""


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


def _tags(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    reserved = {key.lower(): key for key in (*RESERVED, "Name")}
    seen: dict[str, str] = {}
    for key, value in settings.tags.items():
        path = ("tags", key)
        first = seen.setdefault(key.lower(), key)
        if first != key:
            yield (
                path,
                f"the key {key}, which is {first} but for case",
                "keys that differ by more than case",
                "IAM takes both for one key and refuses every role",
            )
        if key.lower() in reserved:
            yield path, f"the key {key}", "any other key", "Trellis sets it itself"
        if key.lower().startswith("aws:"):
            yield path, f"the key {key}", "a key that does not begin with aws:", ""
        if not 1 <= len(key) <= TAG_KEY:
            yield path, f"a key of {len(key)} characters", f"1 to {TAG_KEY}", ""
        if len(value) > TAG_VALUE:
            yield path, f"a value of {len(value)} characters", f"at most {TAG_VALUE}", ""
    most = TAGS - len(RESERVED) - 1
    if len(settings.tags) > most:
        yield (
            ("tags",),
            f"{len(settings.tags)} tags",
            f"at most {most}: AWS takes {TAGS}",
            ("Trellis adds Name and " + ", ".join(RESERVED)),
        )


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
            ("run `trellis lookup` with this stack's name again"),
        )
    else:
        for tier, named in network.existing.subnets.items():
            there = [subnet.id for subnet in context.network.subnets.get(tier, ())]
            if set(named) != set(there):
                yield (
                    (*path, "subnets", tier.value),
                    ", ".join(named),
                    f"{', '.join(there) or 'none'}, as looked up",
                    "run `trellis lookup` with this stack's name again",
                )


def _looked_up_here(settings: SystemSettings, context: Context) -> Iterable[Complaint]:
    """Answers of another account: its images and networks are not this one's."""
    if None not in (settings.account, context.account) and settings.account != context.account:
        yield (
            ("account",),
            f"{settings.account}, and a context file that was looked up in {context.account}",
            "both of one account",
            "run `trellis lookup` with this stack's name again",
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


def _exemption_ends(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    latest = datetime.now(UTC).date() + timedelta(days=LONGEST_DAYS)
    for position, exemption in enumerate(settings.exemptions):
        if exemption.until > latest:
            yield (
                ("exemptions", position, "until"),
                exemption.until.isoformat(),
                f"a day in the next {LONGEST_DAYS} days, by {latest.isoformat()}",
                "an exemption is for a while: ask again when it ends, or change the level of the "
                "control (docs/policies.md)",
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
    _tags,
    _one_network,
    _looked_up,
    _looked_up_here,
    _addresses,
    _system_name,
    _exemptions,
    _exemption_ends,
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
