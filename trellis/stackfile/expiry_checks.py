"""What only the whole file can tell of a stack that is there for a while."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from components.tags import EXPIRES
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.context import Context
from trellis.stackfile.settings import SystemSettings

LONGEST_DAYS = 30
"""Days that a stack with an end may be there: what lasts longer is an environment of its own."""

PATH = ("expires",)


def _end(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    end = settings.expires
    if end is None:
        return
    today = datetime.now(UTC).date()
    latest = today + timedelta(days=LONGEST_DAYS)
    if settings.profile == "production":
        yield (
            PATH,
            "an end, under the profile `production`",
            "an end with the profile `development` alone",
            "`trellis expired` tells whoever cleans up to destroy what has ended",
        )
    if end < today:
        yield (
            PATH,
            f"{end.isoformat()}, which is past",
            f"a day from today ({today.isoformat()}) to {latest.isoformat()}",
            "destroy the stack (`pulumi destroy` needs no stack file that loads), or give it more "
            "days",
        )
    if end > latest:
        yield (
            PATH,
            end.isoformat(),
            f"a day in the next {LONGEST_DAYS} days, by {latest.isoformat()}",
            "what stays longer is an environment without an end",
        )


def _tag(settings: SystemSettings, _: Context) -> Iterable[Complaint]:
    if EXPIRES in settings.tags:
        yield ("tags", EXPIRES), f"the key {EXPIRES}", "any other key", "`expires` sets it"


CHECKS = (_end, _tag)
