"""When something happens: a schedule as AWS's schedulers take it, and its time zone."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, StringConstraints

RATE = re.compile(r"rate\([1-9]\d* (minute|hour|day)s?\)")

NUMBERS = {
    "minutes": (0, 59),
    "hours": (0, 23),
    "day of month": (1, 31),
    "month": (1, 12),
    "day of week": (1, 7),
    "year": (1970, 2199),
}
"""The fields of a cron expression in their order, with the numbers each may have ("Schedule types
in EventBridge Scheduler", 2026-11; Application Auto Scaling takes the same)."""

NAMED = {
    "month": ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    "day of week": ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
}

EXAMPLE = "`cron(0 8 ? * MON-FRI *)`"


def _schedule(text: str) -> str:
    """Whether AWS would take it; it says so only when the schedule is made.

    Raises:
        ValueError: it would not; the message says what is allowed.
    """
    if text.startswith("cron("):
        _cron(text[5:-1])
    elif text.startswith("rate("):
        if not RATE.fullmatch(text):
            raise ValueError("a rate as in `rate(5 minutes)`, `rate(1 hour)` or `rate(2 days)`")
    else:
        _moment(text[3:-1])
    return text


def _moment(text: str) -> None:
    allowed = "a point in time without zone, as in `at(2026-12-24T18:00:00)`"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(allowed) from None
    if moment.tzinfo is not None or moment.isoformat() != text:
        raise ValueError(allowed)


def _cron(text: str) -> None:
    fields = text.split()
    if len(fields) != len(NUMBERS):
        raise ValueError(
            f"six fields (minutes, hours, day of month, month, day of week, year), as in "
            f"{EXAMPLE}; found {len(fields)}"
        )
    for (name, (least, most)), field in zip(NUMBERS.items(), fields, strict=True):
        if not _in_range(name, field, least, most):
            raise ValueError(
                f"{name} from {least} to {most}, with `*`, `,`, `-` and `/`, as in {EXAMPLE}; "
                f"found `{field}`"
            )
    if [fields[2], fields[4]].count("?") != 1:
        raise ValueError(f"`?` for either day of month or day of week, not both, as in {EXAMPLE}")


def _in_range(name: str, field: str, least: int, most: int) -> bool:
    if field in ("*", "?"):
        return field == "*" or name.startswith("day")
    if name.startswith("day"):
        # The last day, the nearest weekday, and the third Friday.
        field = re.sub(r"^L-?|L$|W$|#[1-5]$", "", field)
    names = NAMED.get(name, [])
    for part in field.split(","):
        values, _, step = part.partition("/")
        if step and not step.isdigit():
            return False
        ends = [names.index(each) + least if each in names else each for each in values.split("-")]
        if values in ("*", ""):
            continue
        if len(ends) > 2 or not all(str(each).isdigit() for each in ends):
            return False
        numbers = [int(each) for each in ends]
        if any(not least <= each <= most for each in numbers):
            return False
        if any(first > second for first, second in pairwise(numbers)) and name != "day of week":
            return False
    return True


def _zone(name: str) -> str:
    """Whether there is such a time zone; where this machine knows none, AWS decides."""
    try:
        ZoneInfo("Etc/UTC")
    except ZoneInfoNotFoundError:
        return name
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone of the IANA list, as in `Europe/Vienna`") from None
    return name


Schedule = Annotated[
    str,
    StringConstraints(pattern=r"^(cron\(.+\)|rate\(.+\)|at\(.+\))$"),
    AfterValidator(_schedule),
]
"""As in `cron(0 8 ? * MON-FRI *)`, `rate(5 minutes)` or `at(2026-12-24T18:00:00)`."""

TimeZone = Annotated[str, AfterValidator(_zone)]
"""As in `Europe/Vienna`."""
