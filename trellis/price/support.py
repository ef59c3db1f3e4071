"""Until when AWS supports engines and runtimes, and what it costs to stay longer.

Sources, 2026-11: "Release calendar for Amazon RDS for PostgreSQL", "Supported MySQL major versions
on Amazon RDS", "Release calendars for Aurora PostgreSQL" and "Aurora MySQL", "Amazon RDS Extended
Support with Amazon RDS", "Lambda runtimes". The days on which standard support ends stand with the
engines themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from components.database.engines import ENGINES, EXTENDED_SUPPORT_OFF
from trellis.planner.recording import Recorded, Recording
from trellis.price.asked import known

EXTENDED = "open-source-rds-extended-support"
"""`engineLifecycleSupport` under which RDS bills for old versions instead of upgrading them; what
AWS takes where nothing is said."""

ENDED: Mapping[str, Mapping[str, date]] = {
    "postgres": {
        "11": date(2024, 2, 29), "12": date(2025, 2, 28), "13": date(2026, 2, 28),
    },
    "mysql": {"5.7": date(2024, 2, 29), "8.0": date(2026, 7, 31)},
    "aurora-postgresql": {
        "11": date(2024, 2, 29), "12": date(2025, 2, 28), "13": date(2026, 2, 28),
    },
    "aurora-mysql": {"5.7": date(2024, 10, 31)},
}  # fmt: skip
"""Last day of standard support of versions that Trellis no longer makes, for those that live on."""

DEARER_AFTER_YEARS = 2
"""Years of extended support after which its price doubles."""

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


def surcharge_year(engine: str, version: str, today: date | None = None) -> str | None:
    """Which price of extended support a version is under; None under standard support.

    Returns:
        `year1` or `year3`, as price keys have it.
    """
    ends = end_of(engine, version)
    now = today or datetime.now(UTC).date()
    if ends is None or now <= ends:
        return None
    dearer = ends.year + DEARER_AFTER_YEARS
    return "year3" if (now.year, now.month, now.day) > (dearer, ends.month, ends.day) else "year1"


def end_of(engine: str, version: str) -> date | None:
    """The last day of a version's standard support; None where nobody knows it."""
    majors = {**ENDED.get(engine, {}), **(ENGINES[engine].majors if engine in ENGINES else {})}
    fitting = [major for major in majors if version == major or version.startswith(f"{major}.")]
    return majors[max(fitting, key=len)] if fitting else None


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
