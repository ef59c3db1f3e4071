"""What Secrets Manager takes as a rotation's schedule, and how long its window may be.

Numbers: "Rotation schedules" (AWS Secrets Manager User Guide) and "RotationRulesType" (API
Reference), 2026-11.
"""

from __future__ import annotations

import re
from itertools import pairwise

from components.parts.cron import cron_fields, numbers_of

RATE = re.compile(r"rate\(([1-9]\d*) (hour|day)s?\)")

LEAST_HOURS = 4
"""Between two rotations."""

MOST_DAYS = 999
"""Of a rate."""

DAY = 24
"""Hours."""


def schedule_problem(schedule: str, window: int) -> str | None:
    """What Secrets Manager has against a schedule and its window, or None.

    Args:
        schedule: `rate(...)` or `cron(...)`.
        window: hours within which a rotation starts.

    Returns:
        What would be allowed, as the end of an error message.
    """
    if schedule.startswith("rate("):
        return _rate_problem(schedule, window)
    try:
        fields = cron_fields(schedule[len("cron(") : -1])
    except ValueError as error:
        return f"`schedule` with {error}"
    return _cron_problem(fields, window)


def _rate_problem(schedule: str, window: int) -> str | None:
    found = RATE.fullmatch(schedule)
    if found is None:
        return "a rate in hours or days, as in `rate(12 hours)` or `rate(10 days)`"
    value, unit = int(found[1]), found[2]
    hours = value if unit == "hour" else value * DAY
    if hours < LEAST_HOURS:
        return f"`rate({LEAST_HOURS} hours)` or more"
    if hours > MOST_DAYS * DAY:
        return f"`rate({MOST_DAYS} days)` or less"
    if window > hours:
        return f"`windowHours` of at most {hours}: the next rotation starts then"
    return None


def _cron_problem(fields: list[str], window: int) -> str | None:
    minutes, hour_field, month_day, _, week_day, year = fields
    if minutes != "0":
        return f"minute 0 in a rotation's cron: windows start on the hour; found `{minutes}`"
    if year != "*":
        return f"`*` for the year of a rotation's cron; found `{year}`"
    hours = numbers_of("hours", hour_field)
    daily = {month_day, week_day} <= {"*", "?"}
    # Where it runs every day, the first of the next day follows the last of this one.
    starts = [*hours, hours[0] + DAY] if daily else hours
    gap = min((later - earlier for earlier, later in pairwise(starts)), default=DAY)
    if gap < LEAST_HOURS:
        return f"{LEAST_HOURS} hours or more between rotations; `{hour_field}` leaves {gap}"
    most = min(gap, DAY - hours[-1])
    if window > most:
        why = "the next rotation starts then" if gap < DAY - hours[-1] else "the UTC day ends then"
        return f"`windowHours` of at most {most} with hour {hours[-1]}: {why}"
    return None
