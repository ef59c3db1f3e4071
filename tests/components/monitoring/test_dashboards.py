"""Dashboards: no widget lies over another, and CloudWatch would take every body."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import combinations
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.contracts import MetricQuery, WidgetSpec
from components.monitoring.dashboards.layout import COLUMNS, MOST_WIDGETS, Place, laid_out, pages_of
from trellis.planner.dashboard import picture
from trellis.planner.record import Recording

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
METRIC = MetricQuery(id="m1", namespace="AWS/SQS", name="Depth", statistic="Sum", period=60)
WIDGETS = st.lists(
    st.builds(
        WidgetSpec,
        title=st.just("chart"),
        section=st.sampled_from(["Services", "Databases", "Mine"]),
        metrics=st.just((METRIC,)),
        width=st.integers(1, COLUMNS),
        height=st.integers(1, 12),
    ),
    max_size=40,
)


def overlap(one: Place, other: Place) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@given(WIDGETS)
def test_no_two_widgets_lie_over_each_other(widgets: list[WidgetSpec]):
    placed = laid_out(widgets)
    assert len([widget for widget in placed if widget.widget]) == len(widgets)
    for one, other in combinations(placed, 2):
        assert not overlap(one.place, other.place)
    assert all(widget.place.x + widget.place.width <= COLUMNS for widget in placed)


def test_more_widgets_than_a_dashboard_takes_are_refused():
    with pytest.raises(ValueError, match="500"):
        laid_out([WidgetSpec("chart", "Services", (METRIC,))] * MOST_WIDGETS)


@pytest.mark.parametrize(("count", "dashboards"), [(0, 1), (1, 1), (487, 1), (488, 2), (2_000, 5)])
def test_widgets_stand_on_as_many_dashboards_as_they_need(count: int, dashboards: int):
    sections = ("Services", "Queues", "Mine")
    widgets = [
        WidgetSpec(f"chart {number}", sections[number % len(sections)], (METRIC,))
        for number in range(count)
    ]
    pages = pages_of(widgets)
    assert all(len(laid_out(page)) < MOST_WIDGETS for page in pages)
    assert sorted(widget.title for page in pages for widget in page) == sorted(
        widget.title for widget in widgets
    )
    assert len(pages) == dashboards


def test_a_dashboard_goes_on_where_its_charts_have_more_metrics_than_cloudwatch_takes():
    crowded = [WidgetSpec(f"chart {n}", "Services", (METRIC,) * 60) for n in range(100)]
    pages = pages_of(crowded)
    assert [len(page) for page in pages] == [41, 41, 18]
    assert all(sum(len(alarm.metrics) for alarm in page) <= 2_500 for page in pages)
    # One chart alone is never left out.
    assert len(pages_of([WidgetSpec("chart", "Services", (METRIC,) * 3_000)])) == 1


@given(st.lists(st.integers(1, 6), max_size=9))
def test_charts_of_one_subject_share_a_row_that_is_as_wide_as_the_grid(sizes: list[int]):
    widgets = [
        WidgetSpec(f"thing-{subject}: {n}", "Services", (METRIC,))
        for subject, size in enumerate(sizes)
        for n in range(size)
    ]
    placed = [widget for widget in laid_out(widgets) if widget.widget]
    rows: dict[int, list[WidgetSpec]] = {}
    for element in placed:
        rows.setdefault(element.place.y, []).append(cast("WidgetSpec", element.widget))
    widths = {y: sum(e.place.width for e in placed if e.place.y == y) for y in rows}
    assert set(widths.values()) <= {COLUMNS}
    assert all(len(row) <= 4 for row in rows.values())
    for subject, size in enumerate(sizes):
        own = [y for y, row in rows.items() for e in row if e.title.startswith(f"thing-{subject}:")]
        assert len(set(own)) == (1 if size <= 4 else 2)


def bodies(recording: Recording) -> dict[str, Any]:
    return {
        resource.inputs["dashboardName"]: json.loads(resource.inputs["dashboardBody"])
        for resource in recording.of_type(DASHBOARD)
    }


@pytest.mark.long
def test_every_body_is_as_cloudwatch_documents_it(
    recording_of: Callable[..., Recording], any_stack: tuple[str, str]
):
    for body in bodies(recording_of(*any_stack)).values():
        assert set(body) == {"periodOverride", "widgets"}
        assert len(body["widgets"]) <= MOST_WIDGETS
        for widget in body["widgets"]:
            assert set(widget) == {"type", "x", "y", "width", "height", "properties"}
            assert 0 <= widget["x"] < widget["x"] + widget["width"] <= COLUMNS
            assert 1 <= widget["height"] <= 1000
            properties = widget["properties"]
            if widget["type"] == "metric":
                assert {"title", "region", "view", "metrics", "period"} <= set(properties)
                ids = [line[-1]["id"] for line in properties["metrics"]]
                assert len(ids) == len(set(ids)) > 0
                assert all(len(line) % 2 for line in properties["metrics"])
                assert len(ids) <= 100
            elif widget["type"] == "alarm":
                assert 0 < len(properties["alarms"]) <= 100
            else:
                assert widget["type"] == "text"
                assert properties["markdown"]
        places = [Place(w["x"], w["y"], w["width"], w["height"]) for w in body["widgets"]]
        assert not any(overlap(a, b) for a, b in combinations(places, 2))


def test_the_picture_shows_every_widget_by_its_title(recording_of: Callable[..., Recording]):
    for name, body in bodies(recording_of("systems/afric-analyzer", "prod")).items():
        drawn = picture(name, body)
        titles = [w["properties"]["title"] for w in body["widgets"] if w["type"] == "metric"]
        assert titles
        assert all(f">{title}</text>" in drawn for title in titles if len(title) < 40)
