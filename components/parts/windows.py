"""Backup and maintenance windows in UTC: parsing, length, and that they do not overlap."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

DAY = 24 * 60
"""Minutes."""
WEEK = 7 * DAY
"""Minutes."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_DAILY = re.compile(f"{_TIME}-{_TIME}")
_WEEKLY = re.compile(f"({'|'.join(DAYS)}):{_TIME}-({'|'.join(DAYS)}):{_TIME}")


def _daily(value: str) -> str:
    if not _DAILY.fullmatch(value):
        raise ValueError("a daily window in UTC such as 03:00-04:00")
    return value


def _weekly(value: str) -> str:
    if not _WEEKLY.fullmatch(value):
        raise ValueError("a weekly window in UTC such as sun:04:00-sun:05:00")
    return value


DailyWindow = Annotated[str, AfterValidator(_daily)]
"""Every day in UTC, as in `03:00-04:00`."""
WeeklyWindow = Annotated[str, AfterValidator(_weekly)]
"""Once a week in UTC, as in `sun:04:00-sun:05:00`."""


def daily_minutes(window: str) -> tuple[int, int]:
    """Start, in minutes after midnight, and length in minutes; a window may cross midnight."""
    found = _DAILY.fullmatch(window)
    if found is None:
        raise ValueError(f"{window!r} is not a daily window")
    start, end = (int(found[n]) * 60 + int(found[n + 1]) for n in (1, 3))
    return start, (end - start) % DAY


def weekly_minutes(window: str) -> tuple[int, int]:
    """Start, in minutes after Monday's midnight, and length in minutes."""
    found = _WEEKLY.fullmatch(window)
    if found is None:
        raise ValueError(f"{window!r} is not a weekly window")
    start, end = (
        DAYS.index(found[n]) * DAY + int(found[n + 1]) * 60 + int(found[n + 2]) for n in (1, 4)
    )
    return start, (end - start) % WEEK


def overlap(daily: str, weekly: str) -> bool:
    """Whether the daily window, on any day, shares a minute with the weekly one."""
    begin, length = daily_minutes(daily)
    start, duration = weekly_minutes(weekly)
    return any(
        _circular_overlap(day * DAY + begin, length, start, duration) for day in range(len(DAYS))
    )


def _circular_overlap(a: int, a_length: int, b: int, b_length: int) -> bool:
    return (b - a) % WEEK < a_length or (a - b) % WEEK < b_length


def require_apart(daily: str, weekly: str, least: int, setting: str) -> None:
    """Refuse windows that are too short, or that meet.

    Args:
        least: minutes.
        setting: what says the daily one, as in `backups.window`.

    Raises:
        ValueError: says which one, and what is allowed.
    """
    for window, length in ((daily, daily_minutes(daily)[1]), (weekly, weekly_minutes(weekly)[1])):
        if length < least:
            raise ValueError(f"windows of at least {least} minutes; found {window}")
    if overlap(daily, weekly):
        raise ValueError(f"a `maintenanceWindow` apart from `{setting}`: {weekly} meets {daily}")
