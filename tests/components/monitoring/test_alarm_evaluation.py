"""Alarms of the real stack files fire when they should and only then, by CloudWatch's rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.components.monitoring.evaluation import history, state_of
from trellis.planner.record import Recorded, Recording

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
AFRIC, ENGIFY = ("systems/afric-analyzer", "prod"), ("systems/engify", "prod")
CLUB = (".", "prod")

HIGH: dict[str, tuple[tuple[str, str], str]] = {
    "service cpu": (CLUB, "backend-cpu"),
    "unhealthy targets": (CLUB, "backend-alb-unhealthy"),
    "server errors": (CLUB, "backend-alb-errors"),
    "evictions": (CLUB, "cache-main-evictions"),
    "redis memory": (AFRIC, "cache-main-memory"),
    "connections": (AFRIC, "database-main-connections"),
    "dead letters": (AFRIC, "dead-letters"),
    "error rate": (ENGIFY, "api-error-rate"),
    "cost": (ENGIFY, "ai-cost"),
    "function errors": (ENGIFY, "function-errors"),
}
"""Alarms that fire above their threshold, and count silence as fine."""


def rule(recording: Recording, name: str) -> dict[str, Any]:
    inputs = recording.one(ALARM, name).inputs
    return {
        "threshold": inputs["threshold"],
        "comparison": inputs["comparisonOperator"],
        "periods": inputs["evaluationPeriods"],
        "datapoints": inputs["datapointsToAlarm"],
        "missing": inputs["treatMissingData"],
    }


@pytest.fixture(params=HIGH, ids=lambda case: case.replace(" ", "-"))
def high(request: pytest.FixtureRequest, recording_of: Callable[..., Recording]) -> dict[str, Any]:
    stack, name = HIGH[request.param]
    return rule(recording_of(*stack), name)


def test_a_healthy_series_is_fine(high: dict[str, Any]):
    assert set(history([0.0] * 20, **high)) == {"OK"}


def test_a_breach_fires_after_its_periods_and_not_one_before(high: dict[str, Any]):
    n = high["periods"]
    breach = high["threshold"] + 1
    states = history([0.0] * 20 + [breach] * n, **high)
    assert states[-1] == "ALARM"
    assert states[-2] == "OK"


def test_exactly_the_threshold_is_fine(high: dict[str, Any]):
    assert history([high["threshold"]] * 20, **high)[-1] == "OK"


def test_a_series_that_flaps_every_other_period_is_fine_where_all_must_breach(high: dict[str, Any]):
    if high["periods"] == 1:
        pytest.skip("one period decides")
    assert "ALARM" not in history([0.0, high["threshold"] + 1] * 12, **high)


def test_silence_is_fine(high: dict[str, Any]):
    assert set(history([None] * 20, **high)) == {"OK"}


def test_it_recovers_with_the_first_good_period(high: dict[str, Any]):
    breach = high["threshold"] + 1
    states = history([breach] * (high["periods"] + 5) + [0.0], **high)
    assert states[-2:] == ["ALARM", "OK"]


def test_one_breach_among_silence_fires_only_where_one_period_decides(high: dict[str, Any]):
    points = [None] * 20 + [high["threshold"] + 1]
    expected = "ALARM" if high["datapoints"] == 1 else "OK"
    assert state_of(points, **high) == expected


@pytest.fixture(scope="module")
def afric(recording_of: Callable[..., Recording]) -> Recording:
    return recording_of(*AFRIC)


def test_nothing_processed_pages_when_the_consumers_are_silent(afric: Recording):
    silent = rule(afric, "nothing-processed")
    assert history([500.0] * 5 + [None] * 6, **silent)[-1] == "ALARM"


def test_nothing_processed_pages_after_three_idle_periods(afric: Recording):
    idle = rule(afric, "nothing-processed")
    assert history([500.0] * 5 + [0.0] * 3, **idle)[-2:] == ["OK", "ALARM"]


def test_a_little_work_is_work(afric: Recording):
    assert "ALARM" not in history([1.0] * 9, **rule(afric, "nothing-processed"))


def test_a_gap_in_the_queues_depth_keeps_the_state_it_has(afric: Recording):
    depth = rule(afric, "queue-depth")
    states = history([9000.0] * 10 + [None] * 14, **depth)
    assert states[9] == "ALARM"
    assert states[-1] == "ALARM"


def test_a_database_that_reports_nothing_is_down(recording_of: Callable[..., Recording]):
    storage = rule(recording_of(*CLUB), "database-main-storage")
    assert history([None] * 15, **storage)[-1] == "ALARM"


def test_free_storage_fires_below_a_tenth(recording_of: Callable[..., Recording]):
    storage = rule(recording_of(*CLUB), "database-main-storage")
    most = storage["threshold"]
    assert most == 90
    assert history([most] * 12, **storage)[-1] == "OK"
    states = history([most] * 12 + [most + 1] * 10, **storage)
    assert states[-2:] == ["OK", "ALARM"]


def least_requests(alarm: Recorded) -> tuple[str, list[str]]:
    queries = alarm.inputs["metricQueries"]
    shown = [query for query in queries if query.get("returnData")]
    assert len(shown) == 1
    return shown[0]["expression"], [query["id"] for query in queries]


def test_a_share_of_few_requests_says_nothing(recording_of: Callable[..., Recording]):
    expression, ids = least_requests(recording_of(*CLUB).one(ALARM, "backend-alb-error-share"))
    assert expression.startswith("IF(requests >= 20,")
    assert {"errors", "requests", "share"} == set(ids)


def test_a_percentile_of_few_calls_says_nothing(recording_of: Callable[..., Recording]):
    expression, ids = least_requests(recording_of(*ENGIFY).one(ALARM, "api-response-time"))
    assert expression == "IF(samples >= 10, m1, 0)"
    assert set(ids) == {"result", "m1", "samples"}


M_OF_N = {
    "three of five": ([9, 1, 9, 1, 9], 3, 5, "missing", "ALARM"),
    "two of five are too few": ([9, 1, 1, 1, 9], 3, 5, "missing", "OK"),
    "old breaches do not count": ([9, 9, 9, 1, 1, 1, 1, 1], 3, 5, "missing", "OK"),
    "a gap counts as a breach where it should": ([9, None, 9], 3, 3, "breaching", "ALARM"),
    "a gap counts as fine where it should": ([9, None, 9], 3, 3, "notBreaching", "OK"),
    "older points stand in for gaps": ([9, 9, None, 9], 3, 3, "notBreaching", "ALARM"),
    "no data at all is no verdict": ([None] * 6, 1, 3, "missing", "INSUFFICIENT_DATA"),
    "no data at all breaches": ([None] * 6, 1, 3, "breaching", "ALARM"),
    "no data at all is fine": ([None] * 6, 1, 3, "notBreaching", "OK"),
    "no data keeps the state": ([None] * 6, 1, 3, "ignore", "OK"),
    "one of three": ([1, 9, 1], 1, 3, "missing", "ALARM"),
    "data that came late decides": ([None, None, 9], 1, 3, "missing", "ALARM"),
}


@pytest.mark.parametrize("case", M_OF_N, ids=lambda case: case.replace(" ", "-"))
def test_m_of_n_and_missing_data(case: str):
    points, datapoints, periods, missing, expected = M_OF_N[case]
    state = state_of(
        [None if point is None else float(point) for point in points],
        threshold=5,
        comparison="GreaterThanThreshold",
        periods=periods,
        datapoints=datapoints,
        missing=missing,  # type: ignore[arg-type]
    )
    assert state == expected
