"""Schedules as AWS takes them: what a person types wrong is told before anything is made."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from components.parts.schedule_settings import Schedule, TimeZone

SCHEDULE, ZONE = TypeAdapter(Schedule), TypeAdapter(TimeZone)


@pytest.mark.parametrize(
    "text",
    [
        "cron(0 22 * * ? *)",
        "cron(0 8 ? * MON-FRI *)",
        "cron(0/15 * * * ? *)",
        "cron(5,35 14 * JAN,MAR ? 2026-2030)",
        "cron(0 3 L * ? *)",
        "cron(0 3 L-3 * ? *)",
        "cron(0 3 15W * ? *)",
        "cron(0 3 ? * 6L *)",
        "cron(0 3 ? * FRI#3 *)",
        "cron(0 3 ? * FRI-MON *)",
        "rate(1 hour)",
        "rate(5 minutes)",
        "at(2026-12-24T18:00:00)",
    ],
)
def test_a_schedule_that_aws_takes_is_taken(text: str):
    assert SCHEDULE.validate_python(text) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cron(0 3 * * *)", "six fields .* found 5"),
        ("cron(0 3 * * * *)", "for either day of month or day of week"),
        ("cron(0 3 ? * ? *)", "for either day of month or day of week"),
        ("cron(60 3 * * ? *)", "minutes from 0 to 59.*found `60`"),
        ("cron(0 24 * * ? *)", "hours from 0 to 23"),
        ("cron(0 3 ? 13 MON *)", "month from 1 to 12"),
        ("cron(0 three * * ? *)", "found `three`"),
        ("cron(? 3 ? * MON *)", "minutes"),
        ("cron(0 20-8 * * ? *)", "hours"),
        ("rate(0 hours)", "a rate as in"),
        ("rate(1 week)", "a rate as in"),
        ("at(2026-12-24)", "a point in time"),
        ("at(2026-12-24T18:00:00Z)", "without zone"),
        ("daily", "pattern"),
    ],
)
def test_a_schedule_that_aws_would_refuse_is_refused(text: str, message: str):
    with pytest.raises(ValidationError, match=message):
        SCHEDULE.validate_python(text)


def test_a_time_zone_is_one_of_the_iana_list():
    assert ZONE.validate_python("Europe/Vienna") == "Europe/Vienna"
    for wrong in ("Europe/Wien", "../etc/passwd", ""):
        with pytest.raises(ValidationError, match="a time zone of the IANA list"):
            ZONE.validate_python(wrong)
