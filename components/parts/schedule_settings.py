"""When something happens: a schedule as AWS's schedulers take it, its time zone, its retries."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints

from components.parts.cron import cron_fields
from components.parts.model import Settings

RATE = re.compile(r"rate\([1-9]\d* (minute|hour|day)s?\)")


def _schedule(text: str) -> str:
    """Whether AWS would take it; it says so only when the schedule is made.

    Raises:
        ValueError: it would not; the message says what is allowed.
    """
    if text.startswith("cron("):
        cron_fields(text[5:-1])
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


class RetrySettings(Settings):
    """What happens when what a schedule starts could not be started."""

    attempts: int = Field(default=3, ge=0, le=185)
    """How often EventBridge Scheduler repeats a failed invocation."""
    hours: int = Field(default=1, ge=1, le=24)
    """Hours after which a start is given up."""
