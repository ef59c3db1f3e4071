"""Alarms over others, over expressions and against a band, by the series that they should hear."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from components.monitoring.alarms.custom import Metric, created
from components.monitoring.alarms.settings import AlarmSettings
from tests.components.monitoring.evaluation import State, history
from tests.components.monitoring.expressions import value_of
from trellis.planner.record import Recorded, Recording

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
Points = Sequence[float | None]


def rule(alarm: Recorded, **more: Any) -> dict[str, Any]:
    inputs = alarm.inputs
    return {
        "threshold": inputs.get("threshold"),
        "comparison": inputs["comparisonOperator"],
        "periods": inputs["evaluationPeriods"],
        "datapoints": inputs["datapointsToAlarm"],
        "missing": inputs["treatMissingData"],
        **more,
    }


# Against a band: how far a value lies outside of it, above 0 where it does.
OUTSIDE: Mapping[str, Callable[[float, float, float], float]] = {
    "GreaterThanUpperThreshold": lambda value, low, high: value - high,
    "LessThanLowerThreshold": lambda value, low, high: low - value,
    "LessThanLowerOrGreaterThanUpperThreshold": lambda value, low, high: max(
        value - high, low - value
    ),
}
LOW, HIGH = 80.0, 120.0
"""What CloudWatch expects in these series, for the width that was asked."""


def against_band(points: Points, comparison: str, **given: Any) -> list[State]:
    """The states, by the same M of N and missing data as with a threshold."""
    outside = [None if point is None else OUTSIDE[comparison](point, LOW, HIGH) for point in points]
    return history(outside, **{**given, "threshold": 0, "comparison": "GreaterThanThreshold"})


BANDS: dict[str, tuple[Points, State]] = {
    "as expected": ([100.0] * 20, "OK"),
    "just inside": ([HIGH] * 10 + [LOW] * 10, "OK"),
    "far more for a quarter of an hour": ([100.0] * 9 + [500.0] * 3, "ALARM"),
    "far fewer for a quarter of an hour": ([100.0] * 9 + [3.0] * 3, "ALARM"),
    "more, then fewer, then more": ([100.0] * 9 + [500.0, 3.0, 500.0], "ALARM"),
    "far more for ten minutes": ([100.0] * 9 + [500.0] * 2, "OK"),
    "a flapping series": ([100.0, 500.0] * 10, "OK"),
    "no requests measured at all": ([None] * 20, "OK"),
    "back where it was": ([500.0] * 9 + [100.0], "OK"),
}


@pytest.mark.parametrize("case", BANDS, ids=lambda case: case.replace(" ", "-"))
def test_requests_unlike_the_weeks_before_are_told_and_no_others(
    recording_of: Callable[..., Recording], case: str
):
    points, state = BANDS[case]
    alarm = recording_of("systems/mantissa-log", "prod").one(ALARM, "bucket-logs-requests")
    assert against_band(points, **rule(alarm))[-1] == state


@pytest.mark.parametrize(
    ("comparison", "more", "fewer"),
    [(None, "ALARM", "ALARM"), ("above", "ALARM", "OK"), ("below", "OK", "ALARM")],
)
def test_a_band_of_ones_own_hears_the_side_that_was_asked(
    comparison: str | None, more: State, fewer: State
):
    given = {"metric": "orders", "band": 2.0, "missing": "ignore", "meaning": "a", "action": "b"}
    settings = AlarmSettings.model_validate({**given, "comparison": comparison})
    alarm = created("few", settings, {"orders": Metric("Shop", "Orders", {})})
    how = {"periods": 1, "datapoints": 1, "missing": "ignore"}
    assert against_band([100.0, 500.0], alarm.comparison, **how)[-1] == more
    assert against_band([100.0, 3.0], alarm.comparison, **how)[-1] == fewer


# Errors and requests of one minute each, and the state after five of them.
SHARES: dict[str, tuple[list[tuple[float | None, float | None]], State]] = {
    "no errors": ([(None, 1000.0)] * 9, "OK"),
    "four of a hundred": ([(4.0, 100.0)] * 9, "OK"),
    "six of a hundred for three minutes": ([(0.0, 100.0)] * 6 + [(6.0, 100.0)] * 3, "ALARM"),
    "six of a hundred for two minutes": ([(0.0, 100.0)] * 6 + [(6.0, 100.0)] * 2, "OK"),
    "every one of nineteen": ([(19.0, 19.0)] * 9, "OK"),
    "two of twenty": ([(2.0, 20.0)] * 9, "ALARM"),
    "no requests": ([(None, None)] * 9, "OK"),
    "all errors, then no requests": ([(50.0, 50.0)] * 9 + [(None, None)] * 9, "OK"),
    "errors now and then": ([(50.0, 50.0), (0.0, 50.0)] * 9, "OK"),
}


@pytest.mark.parametrize("case", SHARES, ids=lambda case: case.replace(" ", "-"))
def test_a_share_of_errors_is_told_where_there_are_enough_requests(
    recording_of: Callable[..., Recording], case: str
):
    minutes, state = SHARES[case]
    alarm = recording_of("systems/afric-analyzer", "prod").one(ALARM, "repo1-api-alb-error-share")
    (shown,) = [query for query in alarm.inputs["metricQueries"] if query["returnData"]]
    points = [
        value_of(shown["expression"], {"errors": errors, "requests": requests})
        for errors, requests in minutes
    ]
    assert history(points, **rule(alarm))[-1] == state


def composite_states(composite: Recorded, members: Mapping[str, Sequence[State]]) -> list[State]:
    """As CloudWatch evaluates a rule of `OR`s ("Create a composite alarm", 2026-11)."""
    names = re.findall(r'ALARM\("([^"]+)"\)', composite.inputs["alarmRule"])
    assert composite.inputs["alarmRule"] == " OR ".join(f'ALARM("{name}")' for name in names)
    known = [states for name, states in members.items() if name in names]
    return ["ALARM" if "ALARM" in now else "OK" for now in zip(*known, strict=True)]


def pages(states: Sequence[State]) -> int:
    """How often somebody is woken."""
    return sum(a == "OK" and b == "ALARM" for a, b in zip(["OK", *states], states, strict=False))


def test_one_outage_with_several_signs_pages_once_and_is_over_once(
    recording_of: Callable[..., Recording],
):
    recording = recording_of(".", "prod")
    outage = recording.one(COMPOSITE, "service-backend-outage")
    unhealthy = recording.one(ALARM, "backend-alb-unhealthy")
    errors = recording.one(ALARM, "backend-alb-errors")
    # Targets fail first, then errors come, and they end in that order too.
    first = history([0.0] * 5 + [2.0] * 10 + [0.0] * 15, **rule(unhealthy))
    then = history([0.0] * 9 + [50.0] * 11 + [0.0] * 10, **rule(errors))
    states = composite_states(
        outage, {unhealthy.inputs["name"]: first, errors.inputs["name"]: then}
    )
    assert (pages(first), pages(then), pages(states)) == (1, 1, 1)
    assert states[-1] == "OK"
    # Alone, each would have woken somebody; neither does.
    assert not unhealthy.inputs.get("alarmActions")
    assert not errors.inputs.get("alarmActions")


def test_two_outages_page_twice(recording_of: Callable[..., Recording]):
    recording = recording_of(".", "prod")
    outage = recording.one(COMPOSITE, "service-backend-outage")
    errors = recording.one(ALARM, "backend-alb-errors")
    twice = history([0.0, 50.0, 0.0, 50.0, 0.0], **rule(errors))
    assert pages(composite_states(outage, {errors.inputs["name"]: twice})) == 2
