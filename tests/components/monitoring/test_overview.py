"""The dashboards of a system: what stands on which, where they lead, how they go on."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest

from components.contracts import MetricQuery, WidgetSpec
from components.monitoring.dashboards.body import links_row
from components.monitoring.dashboards.dashboards import create_dashboards
from components.monitoring.dashboards.layout import PAGE
from components.monitoring.settings import MonitoringSettings
from components.naming import Naming
from tests.components.small_systems import ACCOUNT, REGION, small_system
from trellis.planner.dashboard import picture
from trellis.planner.record import ProgramInput, Recording, record_program

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
CONSOLE = "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1"

Body = dict[str, Any]


def bodies(recording: Recording) -> dict[str, Body]:
    return {e.name: json.loads(e.inputs["dashboardBody"]) for e in recording.of_type(DASHBOARD)}


def titles(body: Body, kind: str = "metric") -> list[str]:
    return [e["properties"]["title"] for e in body["widgets"] if e["type"] == kind]


def texts(body: Body) -> list[str]:
    return [e["properties"]["markdown"] for e in body["widgets"] if e["type"] == "text"]


@pytest.fixture(scope="module")
def shop() -> Recording:
    return small_system(
        queues={"work": {}},
        buckets={"lake": {}},
        monitoring={
            "logs": {"app": {"name": "/shop/app"}},
            "metrics": {"shop": {"namespace": "Shop", "metrics": {"orders": {"name": "Orders"}}}},
            "alarms": {
                "few-orders": {
                    "metric": "orders", "statistic": "Sum", "threshold": 5, "comparison": "below",
                    "missing": "breaching", "meaning": "Nobody buys.", "action": "Look.",
                },
                "work-dead-letters": {"threshold": 7},
            },
            "dashboards": {
                "sales": {
                    "sections": {
                        "shop": [
                            {"title": "Orders", "lines": [{"metric": "orders", "statistic": "Sum"}]}
                        ]
                    },
                    "tiers": ["Queues"],
                },
            },
            "canaries": {"www": {"host": "www.example.com", "artifacts": "lake"}},
        },
    )  # fmt: skip


def test_the_overview_shows_every_tier_and_the_states_of_all_that_tell(shop: Recording):
    overview = bodies(shop)["overview"]
    assert shop.one(DASHBOARD, "overview").inputs["dashboardName"] == "shop-dev-overview"
    (states,) = [e["properties"] for e in overview["widgets"] if e["type"] == "alarm"]
    named = [arn.rpartition(":")[2] for arn in states["alarms"]]
    alarm_names = [
        resource.inputs["name"]
        for resource in shop.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
        if resource.inputs.get("alarmActions")
    ]
    assert sorted(named) == sorted(alarm_names)
    assert all(
        arn.startswith(f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:shop-dev-")
        for arn in states["alarms"]
    )
    headings = [text.splitlines()[0] for text in texts(overview)[1:]]
    assert headings == ["## Queues", "## Buckets", "## Canaries"]
    assert {"www: success", "www: duration"} <= set(titles(overview))


def test_one_of_the_stack_file_shows_its_charts_then_the_tiers_it_names(shop: Recording):
    sales = bodies(shop)["sales"]
    assert [text.splitlines()[0] for text in texts(sales)[1:]] == ["## Shop", "## Queues"]
    assert "Orders" in titles(sales)
    assert not any(title.startswith("lake") for title in titles(sales))
    assert titles(sales, "alarm") == []


def test_dashboards_lead_to_one_another_and_to_the_applications_logs(shop: Recording):
    for here, there in (("overview", "sales"), ("sales", "overview")):
        links = texts(bodies(shop)[here])[0]
        assert f"[{there}]({CONSOLE}#dashboards/dashboard/shop-dev-{there})" in links
        assert f"dashboard/shop-dev-{here})" not in links
        group = links.partition("[/shop/app](")[2].partition(")")[0]
        address, _, encoded = group.rpartition("/")
        assert address == f"{CONSOLE}#logsV2:log-groups/log-group"
        # The console reads the name percent-encoded twice, with `$` for `%`.
        assert unquote(unquote(encoded.replace("$", "%"))) == "/shop/app"


def annotated(body: Body, title: str) -> list[dict[str, Any]]:
    (chart,) = [e["properties"] for e in body["widgets"] if e["properties"].get("title") == title]
    return chart.get("annotations", {}).get("horizontal", [])


def test_thresholds_are_drawn_as_the_stack_file_has_them(shop: Recording):
    body = bodies(shop)
    (orders,) = annotated(body["sales"], "Orders")
    assert orders == {"label": "few-orders", "value": 5, "color": "#d62728", "fill": "below"}
    overview = body["overview"]
    lines = [element for title in titles(overview) for element in annotated(overview, title)]
    (letters,) = [line for line in lines if line["label"] == "work-dead-letters"]
    assert (letters["value"], letters["fill"]) == (7, "above")
    (canary,) = annotated(overview, "www: success")
    assert (canary["label"], canary["value"], canary["fill"]) == ("www-canary", 100, "below")


def made(count: int, **monitoring: Any) -> Recording:
    """The dashboards of a system that publishes so many widgets."""
    widgets = [
        WidgetSpec(
            f"queue {number}",
            "Queues",
            (MetricQuery("m1", "AWS/SQS", "Age", {"QueueName": f"q{number}"}, "Maximum", 300),),
        )
        for number in range(count)
    ]

    def program() -> None:
        import pulumi

        from components.contracts import AccountRegion

        create_dashboards(
            MonitoringSettings.model_validate(monitoring),
            widgets,
            alarms=(),
            shown=(),
            metrics={},
            naming=Naming("shop", "dev"),
            where=AccountRegion(ACCOUNT, REGION),
            opts=pulumi.ResourceOptions(),
        )

    return record_program(program, ProgramInput("shop", "dev", {}), "deployed")


def test_what_a_dashboard_has_no_room_for_goes_on_in_pages_that_lead_back():
    pages = bodies(made(PAGE + 20))
    assert list(pages) == ["overview", "overview-page-2"]
    assert len(titles(pages["overview"])) + len(titles(pages["overview-page-2"])) == PAGE + 20
    assert "## Queues" in texts(pages["overview-page-2"])
    first, second = texts(pages["overview"])[0], texts(pages["overview-page-2"])[0]
    assert "dashboard/shop-dev-overview-page-2)" in first
    assert "dashboard/shop-dev-overview)" in second


def test_more_widgets_leave_the_pages_that_are_full_alone():
    fewer, more = bodies(made(PAGE * 2)), bodies(made(PAGE * 2 + 50))
    assert len(fewer) == len(more) == 3
    for name in ("overview", "overview-page-2"):
        assert titles(fewer[name]) == titles(more[name])


def test_a_dashboard_alone_has_no_row_of_links():
    (body,) = bodies(made(3)).values()
    assert texts(body) == ["## Queues"]
    assert [widget["y"] for widget in body["widgets"]] == [0, 1, 1, 1]


def test_links_that_need_more_than_a_line_have_it():
    def height(count: int) -> int:
        links = " · ".join(f"[/shop/group-{n}](https://example.com/{n})" for n in range(count))
        return links_row(links, 0)[0]["height"]

    assert (height(2), height(10), height(40)) == (1, 1, 4)


def test_the_picture_names_alarms_as_the_stack_file_does(shop: Recording):
    drawn = picture("shop-dev-overview", bodies(shop)["overview"])
    assert ">work-dead-letters</text>" in drawn
    assert "shop-dev-work" not in drawn
    assert ">Dashboards: sales | Logs: /shop/app</text>" in drawn


def chart(*thresholds: dict[str, Any]) -> Body:
    properties = {
        "title": "Storage",
        "metrics": [["AWS/RDS", "FreeStorageSpace", {"id": "m1"}]],
        "annotations": {"horizontal": list(thresholds)},
    }
    place = {"x": 0, "y": 0, "width": 24, "height": 6}
    return {"widgets": [{"type": "metric", **place, "properties": properties}]}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (10 * 2**30, "10.7 G"), (2 * 2**30, "2.15 G"), (1.5e12, "1.5 T"), (20_000, "20 k"),
        (5_000, "5000"), (0, "0"), (0.5, "0.5"), (-3e6, "-3 M"),
    ],
)  # fmt: skip
def test_the_picture_writes_numbers_as_people_read_them(value: float, message: str):
    line = {"label": "low", "value": value, "color": "#d62728", "fill": "above"}
    assert f">low {message}</text>" in picture("d", chart(line))


def test_the_picture_draws_what_is_bad_below_under_the_lines():
    high = {"label": "high", "value": 90, "color": "#1", "fill": "above"}
    low = {"label": "low", "value": 10, "color": "#2", "fill": "below"}
    drawn = picture("d", chart(high, low))

    def level(stroke: str) -> int:
        return int(drawn.partition(f'stroke="{stroke}"')[0].rpartition('y2="')[2].split('"')[0])

    wave = drawn.partition('<polyline points="')[2].partition('"')[0]
    waves = [int(point.split(",")[1]) for point in wave.split()]
    assert level("#1") < min(waves) <= max(waves) < level("#2")
