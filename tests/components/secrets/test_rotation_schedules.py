"""Schedules of rotations: what Secrets Manager takes, and the window that fits into it."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from components.secrets.settings import RotationSettings
from tests.components.small_systems import small_system

ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"


def rotation(schedule: str, window: int = 3) -> RotationSettings:
    given = {"schedule": schedule, "windowHours": window}
    return RotationSettings.model_validate_json(json.dumps(given))


@pytest.mark.parametrize(
    ("schedule", "window"),
    [
        ("rate(4 hours)", 4),
        ("rate(1 day)", 24),
        ("rate(10 days)", 3),
        ("rate(999 days)", 24),
        ("rate(36 hours)", 24),
        ("cron(0 3 ? * SUN *)", 21),
        ("cron(0 0 1 * ? *)", 24),
        ("cron(0 21 * * ? *)", 3),
        ("cron(0 /8 * * ? *)", 8),
        ("cron(0 8/8 * * ? *)", 8),
        ("cron(0 0,4,8,12,16,20 ? * * *)", 4),
        ("cron(0 8 L 1/3 ? *)", 3),
        ("cron(0 0,22 ? * SUN *)", 2),
        ("cron(0 16 ? * 5#3 *)", 8),
    ],
)
def test_a_schedule_that_secrets_manager_takes_is_taken(schedule: str, window: int):
    assert rotation(schedule, window).schedule == schedule


@pytest.mark.parametrize(
    ("schedule", "window", "allowed"),
    [
        ("rate(3 hours)", 1, r"rate\(4 hours\)` or more"),
        ("rate(30 minutes)", 1, "in hours or days"),
        ("rate(0 days)", 1, "in hours or days"),
        ("rate(1000 days)", 1, r"rate\(999 days\)` or less"),
        ("rate(4 hours)", 5, "`windowHours` of at most 4: the next rotation"),
        ("rate(weekly)", 1, "in hours or days"),
        ("cron(30 3 ? * SUN *)", 1, "minute 0 .* found `30`"),
        ("cron(0 3 ? * SUN)", 1, "six fields .* found 5"),
        ("cron(0 3 * * * *)", 1, "`\\?` for either day of month or day of week"),
        ("cron(0 24 * * ? *)", 1, "hours from 0 to 23"),
        ("cron(0 3 * * ? 2027)", 1, "`\\*` for the year"),
        ("cron(0 22 * * ? *)", 3, "at most 2 with hour 22: the UTC day ends then"),
        ("cron(0 * * * ? *)", 1, "`\\*` leaves 1"),
        ("cron(0 /2 * * ? *)", 1, "`/2` leaves 2"),
        ("cron(0 0,22 * * ? *)", 1, "leaves 2"),
        ("cron(0 0,8 ? * MON *)", 9, "at most 8 .* next rotation"),
        ("cron(0 /8 * * ? *)", 9, "at most 8"),
        ("cron(0 3,, * * ? *)", 1, "hours from 0 to 23"),
        ("cron(0 /0 * * ? *)", 1, "hours from 0 to 23"),
    ],
)
def test_a_schedule_that_secrets_manager_refuses_is_refused_with_what_is_allowed(
    schedule: str, window: int, allowed: str
):
    with pytest.raises(ValidationError, match=allowed):
        rotation(schedule, window)


def test_a_schedule_reaches_secrets_manager_instead_of_the_days():
    recording = small_system(
        secrets={
            "jwt": {
                "kind": "generated",
                "rotation": {"schedule": "cron(0 3 ? * SUN *)", "windowHours": 2},
            }
        }
    )
    (made,) = recording.of_type(ROTATION)
    assert made.inputs["rotationRules"] == {
        "scheduleExpression": "cron(0 3 ? * SUN *)",
        "duration": "2h",
    }
