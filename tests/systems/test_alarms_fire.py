"""Every alarm of every stack fires when it should and only then, and is one CloudWatch takes."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from components.monitoring.alarms.composites import RULE_LIMIT
from components.monitoring.alarms.settings import DAY, HOUR, LONGEST_SECONDS, SHORT_PERIODS
from tests.components.monitoring.evaluation import COMPARE, State, history
from tests.components.monitoring.expressions import Value, value_of
from trellis.planner.record import Recorded, Recording

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
LONG = 40
"""Periods of quiet before something happens, more than any alarm looks back."""

SILENT: dict[str, State] = {
    "breaching": "ALARM",
    "notBreaching": "OK",
    "ignore": "OK",
    "missing": "INSUFFICIENT_DATA",
}
"""What an alarm that was fine says when nothing is measured any more."""


@pytest.fixture
def recording(recording_of: Callable[..., Recording], any_stack: tuple[str, str]) -> Recording:
    return recording_of(*any_stack)


def rules(recording: Recording) -> Iterator[tuple[str, dict[str, Any]]]:
    """How each alarm with a threshold is evaluated; a band's values only CloudWatch knows."""
    for alarm in recording.of_type(ALARM):
        inputs = alarm.inputs
        if inputs.get("thresholdMetricId") is None:
            yield (
                alarm.name,
                {
                    "threshold": inputs["threshold"],
                    "comparison": inputs["comparisonOperator"],
                    "periods": inputs["evaluationPeriods"],
                    "datapoints": inputs["datapointsToAlarm"],
                    "missing": inputs["treatMissingData"],
                },
            )


def values(rule: dict[str, Any]) -> tuple[float, float]:
    """One that is beyond the threshold, and one that is not."""
    above = COMPARE[rule["comparison"]] in (operator.gt, operator.ge)
    step = 1.0 if above else -1.0
    return rule["threshold"] + step, rule["threshold"] - step


def test_what_is_fine_never_fires(recording: Recording):
    for name, rule in rules(recording):
        _, fine = values(rule)
        assert set(history([fine] * LONG, **rule)) == {"OK"}, name


def test_exactly_the_threshold_fires_only_where_the_comparison_has_it(recording: Recording):
    for name, rule in rules(recording):
        states = history([rule["threshold"]] * LONG, **rule)
        assert (states[-1] == "ALARM") is ("OrEqual" in rule["comparison"]), name


def test_a_breach_fires_with_as_many_datapoints_as_it_takes_and_not_one_sooner(
    recording: Recording,
):
    for name, rule in rules(recording):
        bad, fine = values(rule)
        states = history([fine] * LONG + [bad] * rule["datapoints"], **rule)
        assert states[-1] == "ALARM", name
        assert "ALARM" not in states[:-1], name


def test_flapping_every_other_period_fires_only_where_that_is_enough(recording: Recording):
    for name, rule in rules(recording):
        bad, fine = values(rule)
        fires = "ALARM" in history([fine] * LONG + [bad, fine] * LONG, **rule)
        assert fires is (math.ceil(rule["periods"] / 2) >= rule["datapoints"]), name


def test_when_nothing_is_measured_any_more_it_does_as_was_chosen(recording: Recording):
    for name, rule in rules(recording):
        _, fine = values(rule)
        states = history([fine] * LONG + [None] * LONG, **rule)
        assert states[-1] == SILENT[rule["missing"]], name


def test_it_recovers_once_too_few_of_its_periods_are_bad(recording: Recording):
    for name, rule in rules(recording):
        bad, fine = values(rule)
        needed = rule["periods"] - rule["datapoints"] + 1
        states = history([bad] * LONG + [fine] * needed, **rule)
        assert states[-1] == "OK", name
        assert states[-2] == "ALARM", name


def math_of(alarm: Recorded) -> tuple[str, dict[str, str]] | None:
    """The expression an alarm looks at, and the metrics in it by id."""
    queries = alarm.inputs.get("metricQueries") or []
    shown = [query for query in queries if query["returnData"]]
    if len(shown) != 1 or shown[0].get("expression") is None:
        return None
    return shown[0]["expression"], {
        query["id"]: query["metric"]["metricName"] for query in queries if query.get("metric")
    }


INSIGHTS = "DB_PERF_INSIGHTS('RDS', 'db-"
"""How an expression begins that is itself measured, of one instance by AWS's own id."""


def test_expressions_make_a_value_wherever_something_was_measured(recording: Recording):
    for alarm in recording.of_type(ALARM):
        found = math_of(alarm)
        if found is None:
            continue
        expression, metrics = found
        if expression.startswith(INSIGHTS):
            assert not metrics, alarm.name
            continue
        assert value_of(expression, dict.fromkeys(metrics, 50.0)) is not None, alarm.name


def test_what_few_requests_say_is_not_enough_to_fire(recording: Recording):
    for alarm in recording.of_type(ALARM):
        found = math_of(alarm)
        if found is None or not found[0].startswith("IF("):
            continue
        expression, metrics = found
        counted = expression.removeprefix("IF(").split(" ")[0]
        few: dict[str, Value] = dict.fromkeys(metrics, 1e6)
        few[counted] = 1
        assert value_of(expression, few) == 0, alarm.name
        assert COMPARE[alarm.inputs["comparisonOperator"]] in (operator.gt, operator.ge)
        many: dict[str, Value] = {**few, counted: 1e6}
        assert value_of(expression, many) == pytest.approx(100 if "100 *" in expression else 1e6), (
            alarm.name
        )


def test_cloudwatch_would_take_every_alarm(recording: Recording):
    for alarm in recording.of_type(ALARM):
        inputs = alarm.inputs
        queries = inputs.get("metricQueries") or []
        measured = [query["metric"] for query in queries if query.get("metric")]
        # One that no metric gives its period says it itself.
        measured = measured or [query for query in queries if query.get("period")] or [inputs]
        assert 1 <= inputs["datapointsToAlarm"] <= inputs["evaluationPeriods"], alarm.name
        assert len(measured) <= 10, alarm.name
        for element in measured:
            period = element["period"]
            assert period in SHORT_PERIODS or period % 60 == 0, alarm.name
            longest = LONGEST_SECONDS if period >= HOUR else DAY
            assert period * inputs["evaluationPeriods"] <= longest, alarm.name
            assert len(element.get("dimensions") or {}) <= 30, alarm.name
        ids = [query["id"] for query in queries]
        assert len(ids) == len(set(ids)), alarm.name
        assert len(inputs["name"]) <= 255, alarm.name


def test_whoever_is_told_reads_what_it_means_and_what_to_do(recording: Recording):
    alarms = [*recording.of_type(ALARM), *recording.of_type(COMPOSITE)]
    for alarm in alarms:
        # Scaling and rollback are told by what they do.
        if alarm.inputs.get("alarmActions") and "trellis:monitoring" in alarm.urn:
            assert "What to do:" in alarm.inputs["alarmDescription"], alarm.name
            assert len(alarm.inputs["alarmDescription"]) <= 1024, alarm.name


def test_a_composite_looks_at_alarms_of_its_own_region_that_page_by_it_alone(
    recording: Recording,
):
    alarms = {resource.inputs["name"]: resource for resource in recording.of_type(ALARM)}
    for composite in recording.of_type(COMPOSITE):
        rule = composite.inputs["alarmRule"]
        members = [part.split('"')[1] for part in rule.split(" OR ")]
        assert len(rule) <= RULE_LIMIT
        assert 2 <= len(members) <= 100
        for member in members:
            alarm = alarms[member]
            assert alarm.inputs.get("region") == composite.inputs.get("region"), member
            assert not alarm.inputs.get("alarmActions"), member
            assert alarm.urn in composite.dependencies, member


def test_every_alarm_that_pages_nobody_is_spoken_for(recording: Recording):
    composites = [resource.inputs["alarmRule"] for resource in recording.of_type(COMPOSITE)]
    for alarm in recording.of_type(ALARM):
        if "trellis:monitoring" in alarm.urn and not alarm.inputs.get("alarmActions"):
            name = alarm.inputs["name"]
            assert [f'ALARM("{name}")' in rule for rule in composites].count(True) == 1, name
