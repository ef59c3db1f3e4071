"""Until when AWS supports engines, and which price of longer support a version is under.

Sources, 2026-11: "Release calendar for Amazon RDS for PostgreSQL", "Supported MySQL major versions
on Amazon RDS", "Release calendars for Aurora PostgreSQL" and "Aurora MySQL", "Amazon RDS Extended
Support with Amazon RDS". The days on which standard support ends stand with the engines themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from components.database.engines import ENGINES

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
