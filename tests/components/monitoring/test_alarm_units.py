"""Thresholds in another unit than what they are compared with, which would never or always fire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.contracts import AlarmSpec, MetricQuery, Severity
from components.monitoring.alarms.units import unit_of
from tests.components.small_systems import CACHE, DATABASE, NETWORK, small_system
from tests.conftest import STACKS
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
GROWING = {**DATABASE, "storage": {"initialGiB": 100, "maxGiB": 200}}


def refusal_of(name: str, threshold: float, **database: Any) -> str:
    with pytest.raises(StackFileError) as caught:
        recorded(name, threshold, **database)
    return str(caught.value)


def recorded(name: str, threshold: float, **database: Any) -> Recording:
    return small_system(
        network=NETWORK,
        databases={"main": {**DATABASE, **database}},
        caches={"main": CACHE},
        monitoring={"alarms": {name: {"threshold": threshold}}},
    )


@pytest.mark.parametrize(
    ("name", "threshold", "message"),
    [
        ("database-main-storage", 10_000_000_000, "usedPercent"),
        ("database-main-cpu", 900, "CPUUtilization"),
        ("database-main-cpu", -1, "0 to 100"),
        ("database-main-memory", 10, "an amount of bytes"),
    ],
)
def test_a_threshold_of_another_unit_is_refused(name: str, threshold: float, message: str):
    found = refusal_of(name, threshold, storage=GROWING["storage"])
    assert message in found
    assert f"monitoring.alarms.{name}.threshold" in found


def test_a_volume_that_does_not_grow_is_told_in_bytes():
    assert "an amount of bytes" in refusal_of("database-main-storage", 10)
    recorded("database-main-storage", 10_000_000_000)
    recorded("database-main-storage", 85, storage=GROWING["storage"])


@pytest.mark.long
def test_every_alarm_that_is_made_fits_its_own_unit(recording_of: Callable[..., Recording]):
    seen = 0
    made = (recording_of(*stack) for stack in STACKS)
    alarms = (alarm for recording in made for alarm in recording.of_type(ALARM))
    for alarm in alarms:
        queries = [
            MetricQuery(
                id=query["id"],
                name=(query.get("metric") or {}).get("metricName"),
                expression=query.get("expression"),
            )
            for query in alarm.inputs.get("metricQueries") or ()
        ] or [MetricQuery(id="m", name=alarm.inputs["metricName"])]
        measured = unit_of(
            AlarmSpec(
                name=alarm.name,
                title="",
                meaning="",
                action="",
                severity=Severity.NOTIFY,
                metrics=tuple(queries),
                threshold=0,
                comparison="GreaterThanThreshold",
                evaluation_periods=1,
                datapoints_to_alarm=1,
                missing_data="missing",
            )
        )
        threshold = alarm.inputs.get("threshold")
        if measured is not None and threshold is not None:
            seen += 1
            assert measured.may_be(threshold), alarm.name
    assert seen >= 10
