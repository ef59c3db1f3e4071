"""What a stack file says of alarms: changes, alarms of its own, silences, composites."""

from __future__ import annotations

from datetime import date
from typing import Any

import pulumi
import pytest
from pydantic import ValidationError

from components.contracts import AlarmSpec, MetricQuery, Severity
from components.monitoring.alarm_settings import AlarmSettings
from components.monitoring.alarms import grouped
from components.monitoring.custom import Metric, changed, created, merged

METRICS = {"orders": Metric("Shop", "Orders", {"Kind": "new"})}
WORDS: dict[str, Any] = {"meaning": "Nobody buys.", "action": "Look at the shop."}


def spec(name: str = "backend-cpu", **more: Any) -> AlarmSpec:
    given: dict[str, Any] = {
        "name": name,
        "title": name,
        "meaning": "It is busy.",
        "action": "Look.",
        "severity": Severity.NOTIFY,
        "metrics": (MetricQuery("m1", "AWS/ECS", "CPUUtilization", {}, "Average", 300),),
        "threshold": 80.0,
        "comparison": "GreaterThanThreshold",
        "evaluation_periods": 3,
        "datapoints_to_alarm": 2,
        "missing_data": "notBreaching",
        "parent": "service-backend",
    }
    return AlarmSpec(**{**given, **more})


def settings(**given: Any) -> AlarmSettings:
    return AlarmSettings.model_validate(given)


def test_a_threshold_changes_and_the_rest_stays():
    found = changed(spec(), settings(threshold=85.0))
    assert found.threshold == 85
    assert (found.evaluation_periods, found.datapoints_to_alarm) == (3, 2)


def test_fewer_periods_never_ask_for_more_datapoints_than_there_are():
    assert changed(spec(), settings(periods=1)).datapoints_to_alarm == 1


def test_a_name_nobody_has_is_refused_with_the_nearest():
    with pytest.raises(pulumi.RunError, match="nearest is backend-cpu"):
        merged([spec()], {"bakend-cpu": settings(threshold=1.0)}, {})


def test_a_new_alarm_may_not_take_a_tiers_name():
    mine = settings(metric="orders", threshold=1.0, missing="breaching", **WORDS)
    with pytest.raises(pulumi.RunError, match="a tier makes one"):
        merged([spec()], {"backend-cpu": mine}, METRICS)


def test_a_metric_that_is_nowhere_is_refused_with_the_nearest():
    mine = settings(metric="order", threshold=1.0, missing="breaching", **WORDS)
    with pytest.raises(pulumi.RunError, match="nearest is orders"):
        created("few-orders", mine, METRICS)


def test_an_anomaly_alarm_looks_at_a_band():
    mine = settings(metric="orders", band=2.0, missing="missing", statistic="Sum", **WORDS)
    found = created("odd-orders", mine, METRICS)
    assert found.comparison == "LessThanLowerOrGreaterThanUpperThreshold"
    assert [each.expression for each in found.metrics] == [None, "ANOMALY_DETECTION_BAND(m1, 2)"]


def test_an_expression_returns_one_series():
    mine = settings(
        expression="a / a",
        terms={"a": {"metric": "orders", "statistic": "Sum"}},
        threshold=1.0,
        missing="ignore",
        **WORDS,
    )
    found = created("share", mine, METRICS)
    assert [each.returns for each in found.metrics] == [True, False]


def test_a_silence_keeps_the_alarm_and_says_until_when():
    quiet = settings(silence={"reason": "moved on Friday", "until": date(2027, 1, 31)})
    found = merged([spec()], {"backend-cpu": quiet}, {})
    assert [each.name for each in found.metric] == ["backend-cpu"]
    assert [(each.alarm, each.until) for each in found.silences] == [
        ("backend-cpu", date(2027, 1, 31))
    ]


def test_what_pages_together_is_one_outage():
    pages = [spec(name, severity=Severity.PAGE) for name in ("a", "b")]
    (outage,) = grouped([*pages, spec("c")])
    assert outage.members == ("a", "b")
    assert grouped(pages[:1]) == ()


def test_a_composite_of_unknown_alarms_is_refused():
    both = settings(anyOf=("a", "nope"), **WORDS)
    with pytest.raises(pulumi.RunError, match="nope"):
        merged([spec("a")], {"both": both}, {})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"metric": "orders", "threshold": 1.0, "missing": "ignore"}, "meaning"),
        ({"metric": "orders", "missing": "ignore", **WORDS}, "threshold"),
        ({"metric": "orders", "threshold": 1.0, **WORDS}, "missing"),
        ({"metric": "orders", "expression": "a", "terms": {"a": {"metric": "b"}}}, "one of"),
        ({"expression": "a", "threshold": 1.0, "missing": "ignore", **WORDS}, "terms"),
        ({"period": 90}, "multiple of 60"),
        ({"periods": 2, "datapoints": 3}, "at most 2"),
        ({"period": 3600, "periods": 200}, "604800"),
        ({"period": 60, "periods": 1441}, "1440"),
        ({"anyOf": ("a",), "threshold": 1.0, **WORDS}, "no threshold"),
        ({"band": 2.0}, "together with `metric`"),
    ],
)
def test_what_cloudwatch_would_refuse_is_refused_here(given: dict[str, Any], says: str):
    with pytest.raises(ValidationError, match=says):
        settings(**given)
