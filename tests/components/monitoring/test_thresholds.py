"""Where alarms fire is drawn on the charts of what they look at, and on no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pulumi
import pytest

from components.contracts import AlarmSpec, MetricQuery, Severity, WidgetSpec
from components.monitoring.dashboards.thresholds import Threshold, by_subject, thresholds_of


def metric(id_: str = "m1", name: str = "CPUUtilization", **more: Any) -> MetricQuery:
    given: dict[str, Any] = {
        "id": id_,
        "namespace": "AWS/ECS",
        "name": name,
        "dimensions": {"ServiceName": "web"},
        "statistic": "Average",
        "period": 300,
        **more,
    }
    return MetricQuery(**given)


def alarm(*metrics: MetricQuery, name: str = "web-cpu", **more: Any) -> AlarmSpec:
    given: dict[str, Any] = {
        "name": name,
        "title": name,
        "meaning": "It is busy.",
        "action": "Look.",
        "severity": Severity.NOTIFY,
        "metrics": metrics or (metric(),),
        "threshold": 80.0,
        "comparison": "GreaterThanThreshold",
        "evaluation_periods": 1,
        "datapoints_to_alarm": 1,
        "missing_data": "missing",
        **more,
    }
    return AlarmSpec(**given)


def chart(*metrics: MetricQuery, **more: Any) -> WidgetSpec:
    return WidgetSpec("web: CPU", "Services", metrics or (metric(),), **more)


def drawn(widget: WidgetSpec, *alarms: AlarmSpec) -> list[tuple[str, float]]:
    return [(shown.label, shown.value) for shown in thresholds_of(widget, by_subject(alarms))]


HERE = [("web-cpu", 80.0)]


def test_an_alarm_is_drawn_by_its_name_where_its_metric_is_shown():
    assert thresholds_of(chart(), by_subject([alarm()])) == (Threshold("web-cpu", 80.0),)


def test_a_value_that_is_bad_below_is_marked_so():
    low = alarm(comparison="LessThanOrEqualToThreshold")
    assert thresholds_of(chart(), by_subject([low])) == (Threshold("web-cpu", 80.0, below=True),)


@pytest.mark.parametrize(
    "other",
    [
        metric(name="MemoryUtilization"),
        metric(namespace="AWS/RDS"),
        metric(dimensions={"ServiceName": "other"}),
        metric(dimensions={"ServiceName": "web", "ClusterName": "shop"}),
    ],
)
def test_a_chart_of_something_else_shows_nothing_of_it(other: MetricQuery):
    assert drawn(chart(other), alarm()) == []


def test_a_chart_of_another_region_shows_nothing_of_it():
    assert drawn(chart(region="us-east-1"), alarm()) == []
    assert drawn(chart(region="us-east-1"), alarm(region="us-east-1")) == HERE


def test_an_average_over_another_period_can_be_compared_and_a_sum_can_not():
    assert drawn(chart(metric(period=60)), alarm()) == HERE
    assert drawn(chart(metric(statistic="p99")), alarm()) == HERE
    hourly = alarm(metric(statistic="Sum", period=3600))
    assert drawn(chart(metric(statistic="Sum", period=300)), hourly) == []
    assert drawn(chart(metric(statistic="Sum", period=3600)), hourly) == HERE
    assert drawn(chart(metric(period=3600)), hourly) == []


def test_dimensions_that_aws_makes_are_the_same_only_where_they_are_one_object():
    known_later = cast("pulumi.Output[str]", object())
    own = {"LoadBalancer": known_later}
    assert drawn(chart(metric(dimensions=own)), alarm(metric(dimensions=own))) == HERE
    other = {"LoadBalancer": cast("pulumi.Output[str]", object())}
    assert drawn(chart(metric(dimensions=other)), alarm(metric(dimensions=own))) == []


def nodes(statistic: str) -> tuple[MetricQuery, ...]:
    return tuple(metric(f"m{n}", dimensions={"Node": f"{n}"}, statistic=statistic) for n in (1, 2))


def over(expression: str, statistic: str, **more: Any) -> AlarmSpec:
    hidden = (replace(node, returns=False) for node in nodes(statistic))
    return alarm(MetricQuery("all", expression=expression), *hidden, **more)


def test_the_largest_of_several_lines_is_one_of_them():
    assert drawn(chart(*nodes("Maximum")), over("MAX([m1, m2])", "Maximum")) == HERE
    assert drawn(chart(nodes("Maximum")[0]), over("MAX([m1, m2])", "Maximum")) == []


def test_a_total_is_above_nothing_as_soon_as_one_line_is_but_no_line_is_the_total():
    any_at_all = over("SUM([m1, m2])", "Sum", threshold=0)
    assert drawn(chart(*nodes("Sum"), threshold=0), any_at_all) == [("web-cpu", 0)]
    ten = over("SUM([m1, m2])", "Sum", threshold=10)
    assert drawn(chart(*nodes("Sum")), ten) == []


def test_what_counts_only_with_enough_samples_is_drawn_on_what_is_counted():
    guarded = alarm(
        MetricQuery("result", expression="IF(samples >= 100, m1, 0)"),
        metric(statistic="p99", returns=False),
        metric("samples", statistic="SampleCount", returns=False),
    )
    assert drawn(chart(metric("line", statistic="p99")), guarded) == HERE
    assert drawn(chart(metric("line", name="Other")), guarded) == []


def test_an_expression_is_drawn_where_the_same_is_shown_of_the_same():
    def share(**more: Any) -> tuple[MetricQuery, ...]:
        return (
            MetricQuery("share", expression="100 * errors / requests"),
            metric("errors", "Errors", statistic="Sum", returns=False),
            metric("requests", "Requests", statistic="Sum", returns=False, **more),
        )

    assert drawn(chart(*share()), alarm(*share())) == HERE
    assert drawn(chart(*share(dimensions={})), alarm(*share())) == []


def test_what_compares_with_a_band_has_no_line():
    banded = alarm(
        metric(), MetricQuery("band", expression="ANOMALY_DETECTION_BAND(m1, 3)"),
        comparison="GreaterThanUpperThreshold", threshold=3.0,
    )  # fmt: skip
    assert drawn(chart(), banded) == []


def test_a_goal_is_drawn_where_no_alarm_is():
    assert drawn(chart(threshold=50)) == [("goal", 50)]
    assert drawn(chart(threshold=50), alarm()) == HERE


def test_alarms_at_one_value_share_a_line():
    two = alarm(name="web-cpu-long")
    assert drawn(chart(), alarm(), two) == [("web-cpu and 1 more", 80)]
    assert len(drawn(chart(), alarm(), alarm(name="b", threshold=90.0))) == 2
