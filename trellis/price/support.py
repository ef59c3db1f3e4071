"""What of a stack AWS stops to support soon: engines and runtimes, and what follows.

Source, 2026-11: "Lambda runtimes"; for engines see `components.database.support`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from components.database.engines import ENGINES, EXTENDED_SUPPORT_OFF
from components.database.support import end_of
from components.parts.asked import known
from trellis.planner.recording import Recorded, Recording

RUNTIMES: Mapping[str, date] = {
    "nodejs18.x": date(2025, 9, 1), "nodejs20.x": date(2026, 4, 30),
    "nodejs22.x": date(2027, 4, 30), "nodejs24.x": date(2028, 4, 30),
    "python3.9": date(2025, 12, 15), "python3.10": date(2026, 10, 31),
    "python3.11": date(2027, 6, 30), "python3.12": date(2028, 10, 31),
    "python3.13": date(2029, 6, 30), "python3.14": date(2029, 6, 30),
    "java11": date(2027, 6, 30), "java17": date(2027, 6, 30), "java21": date(2029, 6, 30),
    "dotnet8": date(2026, 11, 10), "ruby3.2": date(2026, 3, 31), "ruby3.3": date(2027, 3, 31),
    "provided.al2": date(2026, 7, 31), "provided.al2023": date(2029, 6, 30),
}  # fmt: skip
"""Day from which Lambda calls a runtime deprecated ("Lambda runtimes", 2026-11)."""

SOON_DAYS = 365
"""What ends within a year is told."""


@dataclass(frozen=True)
class Sunset:
    """Something that AWS stops to support."""

    resource: str
    """URN."""
    name: str
    what: str
    """As in `RDS for PostgreSQL 16`."""
    ends: date
    then: str
    """What happens after."""


def sunsets(recording: Recording, today: date) -> Iterator[Sunset]:
    """What of a stack AWS stops to support within a year, or has stopped."""
    for resource in recording:
        found = _sunset(resource)
        if found is not None and (found.ends - today).days <= SOON_DAYS:
            yield found


def _sunset(resource: Recorded) -> Sunset | None:
    if resource.type in ("aws:rds/instance:Instance", "aws:rds/cluster:Cluster"):
        engine = str(known(resource.inputs.get("engine"), ""))
        version = str(known(resource.inputs.get("engineVersion"), ""))
        ends = end_of(engine, version)
        if ends is None:
            return None
        title = ENGINES[engine].title if engine in ENGINES else engine
        off = known(resource.inputs.get("engineLifecycleSupport")) == EXTENDED_SUPPORT_OFF
        then = (
            "RDS upgrades it to the next major version by itself"
            if off or (engine in ENGINES and not ENGINES[engine].extended_support)
            else "RDS bills extended support for each virtual CPU and hour"
        )
        return Sunset(resource.urn, resource.name, f"{title} {version}", ends, then)
    if resource.type == "aws:lambda/function:Function":
        runtime = str(known(resource.inputs.get("runtime"), ""))
        if runtime in RUNTIMES:
            then = "Lambda patches it no longer, and later refuses changes"
            return Sunset(resource.urn, resource.name, f"Lambda {runtime}", RUNTIMES[runtime], then)
    return None
