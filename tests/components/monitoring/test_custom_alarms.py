"""What a stack file says of alarms: changes, alarms of its own, silences, composites."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from components.contracts import AlarmSpec, MetricQuery, Severity
from components.monitoring.alarms.composites import (
    NEVER,
    alarm_rule,
    grouped,
    part_of_all,
    spoken_for,
)
from components.monitoring.alarms.custom import Metric, created
from components.monitoring.alarms.merging import Alarms, AlarmsError, Complaint, changed, merged
from components.monitoring.alarms.settings import AlarmSettings
from components.naming import Naming

NAMING = Naming("shop", "dev")
TODAY = date(2026, 11, 21)
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


def together(
    published: list[AlarmSpec], alarms: dict[str, AlarmSettings] | None = None, **more: Any
) -> Alarms:
    return merged(published, alarms or {}, METRICS, naming=NAMING, today=TODAY, **more)


def complaints(
    published: list[AlarmSpec], alarms: dict[str, AlarmSettings], **more: Any
) -> list[Complaint]:
    with pytest.raises(AlarmsError) as caught:
        together(published, alarms, **more)
    return list(caught.value.complaints)


def pages(*names: str, parent: str = "service-backend", **more: Any) -> list[AlarmSpec]:
    return [spec(name, severity=Severity.PAGE, parent=parent, **more) for name in names]


def test_a_threshold_changes_and_the_rest_stays():
    found = changed(spec(), settings(threshold=85.0))
    assert found.threshold == 85
    assert (found.evaluation_periods, found.datapoints_to_alarm) == (3, 2)


def test_fewer_periods_never_ask_for_more_datapoints_than_there_are():
    assert changed(spec(), settings(periods=1)).datapoints_to_alarm == 1


def test_every_name_nobody_has_is_refused_at_once_with_those_it_could_have_been():
    alarms = {"bakend-cpu": settings(threshold=1.0), "x": settings(periods=2)}
    found = complaints([spec()], alarms)
    assert [(complaint.path, complaint.word) for complaint in found] == [
        (("alarms", "bakend-cpu"), "bakend-cpu"),
        (("alarms", "x"), "x"),
    ]
    assert found[0].known == ("backend-cpu",)


def test_a_silence_of_a_name_nobody_has_is_refused():
    quiet = settings(silence={"reason": "moved on Friday", "until": date(2027, 1, 31)})
    (found,) = complaints([spec()], {"backend-cpuu": quiet})
    assert found.found == "the alarm backend-cpuu"


def test_what_waits_for_its_image_may_be_changed_and_silenced_before_it_is_there():
    quiet = settings(
        threshold=1.0, silence={"reason": "moved on Friday", "until": date(2027, 1, 31)}
    )
    found = together([], {"backend-cpu": quiet}, waiting=frozenset({"backend-cpu"}))
    assert (found.metric, found.silences) == ((), ())


def test_a_new_alarm_may_not_take_a_tiers_name():
    mine = settings(metric="orders", threshold=1.0, missing="breaching", **WORDS)
    (found,) = complaints([spec()], {"backend-cpu": mine})
    assert found.found == "a new alarm named backend-cpu, as one that a tier makes"


def test_two_things_whose_alarms_have_one_name_are_told_so():
    (found,) = complaints([spec(), spec()], {})
    assert found.found == "two alarms named backend-cpu"


def test_more_datapoints_than_a_tiers_alarm_looks_at_are_refused():
    (found,) = complaints([spec()], {"backend-cpu": settings(datapoints=5)})
    assert (found.path, found.allowed) == (
        ("alarms", "backend-cpu", "datapoints"),
        "at most 3, as it looks at 3 periods",
    )


def test_a_period_that_looks_back_too_far_with_the_tiers_periods_is_refused():
    (found,) = complaints([spec()], {"backend-cpu": settings(periods=300)})
    assert found.allowed == "together at most 86400 s"


def test_an_anomaly_alarm_looks_at_a_band():
    mine = settings(metric="orders", band=2.0, missing="missing", statistic="Sum", **WORDS)
    found = created("odd-orders", mine, METRICS)
    assert found.comparison == "LessThanLowerOrGreaterThanUpperThreshold"
    assert [metric.expression for metric in found.metrics] == [
        None,
        "ANOMALY_DETECTION_BAND(m1, 2)",
    ]


def test_an_expression_returns_one_series():
    mine = settings(
        expression="a / a",
        terms={"a": {"metric": "orders", "statistic": "Sum"}},
        threshold=1.0,
        missing="ignore",
        **WORDS,
    )
    found = created("share", mine, METRICS)
    assert [metric.returns for metric in found.metrics] == [True, False]


def banded() -> AlarmSpec:
    measured = MetricQuery("m1", "AWS/S3", "AllRequests", {}, "Sum", 300, returns=False)
    band = MetricQuery("band", expression="ANOMALY_DETECTION_BAND(m1, 3)")
    return spec("odd", metrics=(measured, band), comparison="GreaterThanUpperThreshold")


def test_the_width_of_a_band_can_be_changed_and_a_threshold_means_nothing_to_it():
    found = changed(banded(), settings(band=2.5))
    assert found.metrics[1].expression == "ANOMALY_DETECTION_BAND(m1, 2.5)"
    assert [e.allowed for e in complaints([banded()], {"odd": settings(threshold=2.0)})] == [
        "`band`"
    ]
    assert [e.allowed for e in complaints([spec()], {"backend-cpu": settings(band=2.0)})] == [
        "`threshold`"
    ]


def test_a_silence_keeps_the_alarm_and_says_until_when():
    quiet = settings(silence={"reason": "moved on Friday", "until": date(2027, 1, 31)})
    found = together([spec()], {"backend-cpu": quiet})
    assert [alarm.name for alarm in found.metric] == ["backend-cpu"]
    assert [(silence.alarm, silence.until) for silence in found.silences] == [
        ("backend-cpu", date(2027, 1, 31))
    ]


@pytest.mark.parametrize(
    ("until", "holds"), [(date(2026, 11, 20), False), (TODAY, True), (date(2026, 11, 22), True)]
)
def test_a_silence_holds_to_the_end_of_its_last_day(until: date, holds: bool):
    quiet = settings(silence={"reason": "moved on Friday", "until": until})
    found = together([spec()], {"backend-cpu": quiet})
    assert [bool(found.silences), bool(found.ended)] == [holds, not holds]


def test_what_pages_together_is_one_outage():
    (outage,) = grouped([*pages("a", "b"), spec("c")])
    assert outage.members == ("a", "b")
    assert grouped(pages("a")) == ()


def test_what_is_measured_in_two_regions_is_two_outages():
    both = [*pages("a", "b"), *pages("c", "d", region="us-east-1")]
    assert [(alarm.members, alarm.region) for alarm in grouped(both)] == [
        (("a", "b"), None),
        (("c", "d"), "us-east-1"),
    ]


def test_an_outage_that_one_composite_of_a_person_tells_is_not_told_twice():
    alarms = {"both": settings(anyOf=("a", "b"), severity="page", **WORDS)}
    found = together(pages("a", "b"), alarms)
    assert [alarm.name for alarm in found.composite] == ["both"]
    assert spoken_for(found.composite) == {"a", "b"}


def test_what_pages_only_together_with_another_can_wait_alone():
    alarms = {"both": settings(allOf=("a", "b"), severity="page", **WORDS)}
    found = together([*pages("a"), *pages("b", parent="cache-main")], alarms)
    assert part_of_all(found.composite) == {"a", "b"}
    assert spoken_for(found.composite) == frozenset()


def test_a_silenced_alarm_tells_nobody_by_way_of_a_composite_either():
    quiet = settings(silence={"reason": "moved on Friday", "until": date(2027, 1, 31)})
    both = settings(anyOf=("a", "b"), **WORDS)
    found = together(pages("a", "b"), {"a": quiet, "both": both})
    assert [alarm.members for alarm in found.composite if alarm.name == "both"] == [("b",)]
    alone = together(pages("a", "b"), {"a": quiet, "mine": settings(anyOf=("a",), **WORDS)})
    (mine,) = [alarm for alarm in alone.composite if alarm.name == "mine"]
    assert alarm_rule(mine, NAMING) == NEVER


def test_the_outage_of_a_thing_can_be_silenced_and_reworded_but_has_no_threshold():
    quiet = {"reason": "moved on Friday", "until": date(2027, 1, 31)}
    alarms = {"service-backend-outage": settings(silence=quiet, severity="notify", title="Down")}
    found = together(pages("a", "b"), alarms)
    assert [silence.alarm for silence in found.silences] == ["service-backend-outage"]
    assert [(alarm.title, alarm.severity) for alarm in found.composite] == [("Down", "notify")]
    (wrong,) = complaints(pages("a", "b"), {"service-backend-outage": settings(threshold=1.0)})
    assert wrong.path == ("alarms", "service-backend-outage", "threshold")


def test_a_composite_may_look_at_the_outage_of_a_thing():
    either = settings(anyOf=("service-a-outage", "b"), severity="page", **WORDS)
    found = together([*pages("x", "y", parent="service-a"), *pages("b")], {"either": either})
    assert [alarm.name for alarm in found.composite] == ["service-a-outage", "either"]
    assert spoken_for(found.composite) >= {"service-a-outage", "b"}


def test_a_composite_of_unknown_alarms_is_refused_at_the_place_of_each():
    (found,) = complaints([spec("a")], {"both": settings(anyOf=("a", "nope"), **WORDS)})
    assert (found.path, found.word) == (("alarms", "both", "anyOf", 1), "nope")


def test_a_composite_over_two_regions_is_refused():
    both = settings(allOf=("a", "b"), **WORDS)
    (found,) = complaints([spec("a"), spec("b", region="us-east-1")], {"both": both})
    assert found.found == "alarms of two regions"


def test_composites_that_look_at_each_other_in_a_circle_are_refused():
    alarms = {"x": settings(anyOf=("y",), **WORDS), "y": settings(anyOf=("x",), **WORDS)}
    assert "in a circle: x, y" in complaints([], alarms)[0].found


def test_a_rule_longer_than_cloudwatch_takes_is_refused():
    names = tuple(f"{'n' * 110}-{number}" for number in range(100))
    alarms = {"all": settings(anyOf=names, **WORDS)}
    (found,) = complaints([spec(name) for name in names], alarms)
    assert found.path == ("alarms", "all", "anyOf")
    assert "at most 10240" in found.allowed


@pytest.mark.parametrize(
    ("given", "message"),
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
        ({"statistic": "Sum"}, "together with `metric`"),
        ({"anyOf": tuple(f"a{n}" for n in range(101)), **WORDS}, "at most 100"),
        (
            {
                "expression": "100 * errors / request",
                "terms": {"errors": {"metric": "b"}},
                "threshold": 1.0,
                "missing": "ignore",
                **WORDS,
            },
            "request too",
        ),
        ({"expression": "a-b", "terms": {"a-b": {"metric": "b"}}}, "pattern"),
        ({"silence": {"until": date(2027, 1, 31)}}, "reason"),
        ({"silence": {"reason": "short", "until": date(2027, 1, 31)}}, "at least 10"),
    ],
)
def test_what_cloudwatch_would_refuse_is_refused_here(given: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        settings(**given)
