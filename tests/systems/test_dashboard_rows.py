"""The dashboard rows of the systems, chart by chart: what is shown, how measured, which limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from trellis.planner.record import Recording

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
AFRIC = "systems/afric-analyzer"
CHAT, MANTISSA = "systems/chat-backend", "systems/mantissa-log"
Recordings = Callable[..., Recording]

Row = tuple[set[tuple[str, str]], set[tuple[str, float]]]
"""Metrics with their statistics (expressions as they stand), and limits by what they are called."""


def service(key: str, tasks: int) -> dict[str, Row]:
    """The rows of a service that a load balancer calls."""
    return {
        **tasks_of(key, tasks),
        f"{key}: traffic": ({("RequestCount", "Sum")}, set()),
        f"{key}: errors": (
            {
                ("HTTPCode_Target_5XX_Count", "Sum"), ("RequestCount", "Sum"),
                ("IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)", ""),
            },
            {(f"{key}-alb-error-share", 5)},
        ),
        f"{key}: requests": ({("RequestCount", "Sum")}, set()),
        f"{key}: healthy and unhealthy targets": (
            {("HealthyHostCount", "Maximum"), ("UnHealthyHostCount", "Maximum")},
            {(f"{key}-alb-unhealthy", 0)},
        ),
        f"{key}: latency": (
            {("TargetResponseTime", name) for name in ("p50", "p95", "p99")}, {("goal", 0.5)},
        ),
        f"{key}: status codes": (
            {(f"HTTPCode_Target_{n}XX_Count", "Sum") for n in (2, 3, 4, 5)}, set(),
        ),
    }  # fmt: skip


def tasks_of(key: str, tasks: int) -> dict[str, Row]:
    """The rows of any service."""
    return {
        f"{key}: CPU": ({("CPUUtilization", "Average")}, {(f"{key}-cpu", 80)}),
        f"{key}: memory": ({("MemoryUtilization", "Average")}, {(f"{key}-memory", 85)}),
        f"{key}: running and desired tasks": (
            {("RunningTaskCount", "Average"), ("DesiredTaskCount", "Average")},
            {(f"{key}-tasks", tasks)},
        ),
    }


BALANCER: dict[str, Row] = {
    "alb: connections": ({("ActiveConnectionCount", "Sum"), ("NewConnectionCount", "Sum")}, set()),
    "alb: errors of its own": (
        {("HTTPCode_ELB_5XX_Count", "Sum"), ("RejectedConnectionCount", "Sum")},
        {("load-balancer-alb-errors", 10), ("load-balancer-alb-rejected", 0)},
    ),
    "Failed deployments": ({("MatchedEvents", "Sum")}, set()),
}


def database(connections: int) -> dict[str, Row]:
    return {
        "database-main: CPU": ({("CPUUtilization", "Average")}, {("database-main-cpu", 80)}),
        "database-main: connections": (
            {("DatabaseConnections", "Maximum")}, {("database-main-connections", connections)},
        ),
        "database-main: sessions in queries": ({("DBLoad", "Average")}, set()),
        "database-main: disk latency": (
            {("ReadLatency", "Average"), ("WriteLatency", "Average")}, set(),
        ),
        "database-main: IOPS": ({("ReadIOPS", "Average"), ("WriteIOPS", "Average")}, set()),
        # Of volumes that grow: their alarm is a share, and the chart counts bytes.
        "database-main: free storage": ({("FreeStorageSpace", "Average")}, set()),
    }  # fmt: skip


CACHE: dict[str, Row] = {
    "cache-main: hit rate": ({("CacheHitRate", "Average")}, set()),
    "cache-main: evictions": ({("Evictions", "Sum")}, {("cache-main-evictions", 0)}),
    "cache-main: CPU": ({("EngineCPUUtilization", "Average")}, {("cache-main-cpu", 70)}),
    "cache-main: memory": (
        {("DatabaseMemoryUsagePercentage", "Average")}, {("cache-main-memory", 80)},
    ),
}  # fmt: skip


def club(tasks: int, allowed: int) -> dict[str, Row]:
    return {**service("backend", tasks), **BALANCER, **database(allowed), **CACHE}


def afric(connections: int) -> dict[str, Row]:
    return {
        **service("repo1-api", 2),
        **service("repo2-api", 2),
        **tasks_of("repo2-consumer", 2),
        **BALANCER,
        **database(connections),
        **CACHE,
    }


APPLICATION: dict[str, Row] = {
    "Logs ingested and processed per minute": (
        {("LogsIngested", "Sum"), ("LogsProcessed", "Sum")}, set(),
    ),
    "Queue depth": ({("QueueDepth", "Maximum")}, {("queue-depth", 5000)}),
    "Processing latency": ({("ProcessingLatency", "p50"), ("ProcessingLatency", "p95")}, set()),
    "Alerts by severity": ({("Alerts", "Sum")}, set()),
    "Dead letters per hour": ({("DeadLetters", "Sum")}, {("dead-letters", 100)}),
    "Dead letters per hour, share of what came in": (
        {
            ("DeadLetters", "Sum"), ("LogsIngested", "Sum"),
            ("100 * FILL(m1_dead, 0) / m1_ingested", ""),
        },
        {("goal", 1)},
    ),
    "API latency": ({("ApiLatency", name) for name in ("p50", "p95", "p99")}, set()),
    "API requests and errors": ({("ApiRequests", "Sum"), ("ApiErrors", "Sum")}, set()),
    "API error rate": (
        {
            ("ApiErrors", "Sum"), ("ApiRequests", "Sum"),
            ("100 * FILL(m1_errors, 0) / m1_requests", ""),
        },
        {("goal", 1)},
    ),
    "Active tenants": ({("ActiveTenants", "Maximum")}, set()),
}  # fmt: skip

ENGIFY: dict[str, Row] = {
    "Requests": ({("API.Requests", "Sum")}, set()),
    "Response time": (
        {("API.ResponseTime", name) for name in ("p50", "p95", "p99")},
        {("api-response-time", 5000)},
    ),
    "Error rate": ({("API.ErrorRate", "Average")}, {("api-error-rate", 5)}),
    "Tokens used": ({("AI.TokensUsed", "Sum")}, set()),
    "Cost a day": ({("AI.Cost", "Sum")}, {("ai-cost", 100)}),
    "Prompts executed": ({("Prompts.Executed", "Sum")}, set()),
    "Active users": ({("Users.Active", "Maximum")}, set()),
}

TABLES: dict[str, Row] = {
    title: row
    for key in ("session", "cache", "chat-history")
    for title, row in {
        f"table-{key}: capacity used": (
            {("ConsumedReadCapacityUnits", "Sum"), ("ConsumedWriteCapacityUnits", "Sum")},
            set[tuple[str, float]](),
        ),
        f"table-{key}: throttles": (
            {("ReadThrottleEvents", "Sum"), ("WriteThrottleEvents", "Sum")},
            set[tuple[str, float]](),
        ),
    }.items()
}

SIZES: dict[str, Row] = {
    f"{bucket}: size": ({("BucketSizeBytes", "Average")}, set())
    for bucket in ("logs", "query-results", "configuration")
}

DASHBOARDS: dict[tuple[str, str, str], dict[str, Row]] = {
    (".", "dev", "overview"): club(1, 324),
    (".", "prod", "overview"): club(2, 324),
    # Of db.t3.micro's connections 80 %; the document's 180 in prod.
    (AFRIC, "starter", "infrastructure"): afric(67),
    (AFRIC, "prod", "infrastructure"): afric(180),
    (AFRIC, "starter", "application"): APPLICATION,
    (AFRIC, "prod", "application"): APPLICATION,
    ("systems/engify", "prod", "application"): ENGIFY,
    **{(CHAT, stack, "overview"): TABLES for stack in ("dev", "staging", "prod")},
    **{(MANTISSA, stack, "overview"): SIZES for stack in ("dev", "staging", "prod")},
}
ROWS = [(at, title) for at, rows in DASHBOARDS.items() for title in rows]


def shown(recording: Recording, dashboard: str, title: str) -> dict[str, Any]:
    body = json.loads(recording.one(DASHBOARD, dashboard).inputs["dashboardBody"])
    found = [
        widget["properties"]
        for widget in body["widgets"]
        if widget["type"] == "metric" and widget["properties"]["title"] == title
    ]
    assert found, [widget["properties"].get("title") for widget in body["widgets"]]
    return found[0]


def measured(line: list[Any]) -> tuple[str, str]:
    if len(line) == 1:
        return line[0]["expression"], ""
    return line[1], line[-1].get("stat", "Average")


@pytest.mark.parametrize(
    ("at", "title"), ROWS, ids=[f"{a[0].split('/')[-1]}-{a[1]}-{t}" for a, t in ROWS]
)
def test_the_dashboard_row_is_met(recording_of: Recordings, at: tuple[str, str, str], title: str):
    project, stack, dashboard = at
    chart = shown(recording_of(project, stack), dashboard, title)
    metrics, limits = DASHBOARDS[at][title]
    assert {measured(metric) for metric in chart["metrics"]} == metrics
    lines = chart.get("annotations", {}).get("horizontal", [])
    assert {(line["label"], line["value"]) for line in lines} == limits


def test_alerts_stand_by_severity(recording_of: Recordings):
    chart = shown(recording_of(AFRIC, "prod"), "application", "Alerts by severity")
    assert chart["stacked"] is True
    severities = [line[3] for line in chart["metrics"]]
    assert severities == ["critical", "high", "medium", "low"]


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Logs ingested and processed per minute", 60),
        ("Dead letters per hour", 3600),
        ("Dead letters per hour, share of what came in", 3600),
    ],
)
def test_what_is_counted_by_time_is_counted_over_that_time(
    recording_of: Recordings, title: str, period: int
):
    chart = shown(recording_of(AFRIC, "prod"), "application", title)
    assert chart["period"] == period
    assert {line[-1]["period"] for line in chart["metrics"] if len(line) > 1} == {period}


def test_failed_deployments_are_counted_by_the_rule_that_hears_of_them(recording_of: Recordings):
    for stack in ("dev", "prod"):
        recording = recording_of(".", stack)
        ((*_, name, _),) = shown(recording, "overview", "Failed deployments")["metrics"]
        rule = recording.one("aws:cloudwatch/eventRule:EventRule", "deployments-failed").inputs
        assert name == rule["name"]
        pattern = json.loads(rule["eventPattern"])
        assert pattern["detail"] == {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]}
