"""The alarm, dashboard, budget and baseline rows of the systems, one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.systems.alarm_rows import AFRIC, ALARM, CLUB, ENGIFY, Recordings, receiver_of
from trellis.planner.record import Recording

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
GT = "GreaterThanThreshold"
CONNECTIONS = "database-main-connections"
"""Whose number is starter's class's there, and the document's in prod."""

# Metric, statistic, threshold, period, periods, comparison, missing data, topic or composite.
CLUB_ROWS: dict[str, tuple[Any, ...]] = {
    "backend-cpu": ("CPUUtilization", "Average", 80, 300, 1, GT, "notBreaching", "alerts"),
    "backend-memory": ("MemoryUtilization", "Average", 85, 300, 1, GT, "notBreaching", "alerts"),
    "backend-alb-unhealthy": (
        "UnHealthyHostCount", "Maximum", 0, 60, 2, GT, "notBreaching", "outage",
    ),
    "backend-alb-errors": (
        "HTTPCode_Target_5XX_Count", "Sum", 10, 300, 1, GT, "notBreaching", "outage",
    ),
}  # fmt: skip
AFRIC_ROWS: dict[str, tuple[Any, ...]] = {
    **{
        f"{service}-{what}": (
            metric, "Average", threshold, 300, 1, GT, "notBreaching", "alerts",
        )
        for service in ("repo1-api", "repo2-api", "repo2-consumer")
        for what, metric, threshold in (
            ("cpu", "CPUUtilization", 80), ("memory", "MemoryUtilization", 85),
        )
    },
    "queue-depth": ("QueueDepth", "Maximum", 5000, 60, 10, GT, "ignore", "outage"),
    CONNECTIONS: (
        "DatabaseConnections", "Maximum", 180, 60, 5, GT, "notBreaching", "alerts",
    ),
    "dead-letters": ("DeadLetters", "Sum", 100, 3600, 1, GT, "notBreaching", "alerts"),
    "nothing-processed": (
        "LogsProcessed", "Sum", 0, 300, 3, "LessThanOrEqualToThreshold", "breaching", "outage",
    ),
}  # fmt: skip
STARTERS_CACHE: dict[str, tuple[Any, ...]] = {
    "cache-main-memory": (
        "DatabaseMemoryUsagePercentage", "Maximum", 80, 60, 10, GT, "notBreaching", "alerts",
    ),
}  # fmt: skip
"""Of one node; prod has two."""
ENGIFY_ROWS: dict[str, tuple[Any, ...]] = {
    "api-error-rate": ("API.ErrorRate", "Average", 5, 300, 2, GT, "notBreaching", "alerts"),
    "ai-cost": ("AI.Cost", "Sum", 100, 86400, 1, GT, "notBreaching", "alerts"),
    "function-errors": ("Errors", "Sum", 10, 60, 1, GT, "notBreaching", "alerts"),
}
ROWS = [
    (stack, name, row)
    for stack, rows in (
        ((CLUB, "dev"), CLUB_ROWS),
        ((CLUB, "prod"), CLUB_ROWS),
        ((AFRIC, "prod"), AFRIC_ROWS),
        (
            (AFRIC, "starter"),
            {**{k: v for k, v in AFRIC_ROWS.items() if k != CONNECTIONS}, **STARTERS_CACHE},
        ),
        ((ENGIFY, "prod"), ENGIFY_ROWS),
    )
    for name, row in rows.items()
]


@pytest.mark.parametrize(
    ("stack", "name", "row"), ROWS, ids=[f"{s[0].split('/')[-1]}-{s[1]}-{n}" for s, n, _ in ROWS]
)
def test_the_alarm_row_is_met(
    recording_of: Recordings, stack: tuple[str, str], name: str, row: tuple[Any, ...]
):
    recording = recording_of(*stack)
    alarm = recording.one(ALARM, name).inputs
    found = (
        alarm["metricName"],
        alarm["statistic"],
        alarm["threshold"],
        alarm["period"],
        alarm["evaluationPeriods"],
        alarm["comparisonOperator"],
        alarm["treatMissingData"],
        receiver_of(recording, name),
    )
    assert found == row
    assert alarm["datapointsToAlarm"] == alarm["evaluationPeriods"]
    assert "What to do:" in alarm["alarmDescription"]


# Stack, alarm: metrics with statistic, expression, period, threshold, periods, missing data, told.
MATH_ROWS: dict[tuple[str, str, str], tuple[Any, ...]] = {
    **{
        (CLUB, stack, "cache-main-evictions"): (
            {("Evictions", "Sum")}, "SUM([m1, m2])", 60, 0, 5, "notBreaching", "alerts",
        )
        for stack in ("dev", "prod")
    },
    (AFRIC, "prod", "cache-main-memory"): (
        {("DatabaseMemoryUsagePercentage", "Maximum")}, "MAX([m1, m2])", 60, 80, 10,
        "notBreaching", "alerts",
    ),
    **{
        (AFRIC, stack, f"{service}-alb-error-share"): (
            {("HTTPCode_Target_5XX_Count", "Sum"), ("RequestCount", "Sum")},
            "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)", 60, 5, 3, "notBreaching",
            "outage",
        )
        for stack in ("starter", "prod")
        for service in ("repo1-api", "repo2-api")
    },
    (ENGIFY, "prod", "api-response-time"): (
        {("API.ResponseTime", "p99"), ("API.ResponseTime", "SampleCount")},
        "IF(samples >= 10, m1, 0)", 300, 5000, 2, "notBreaching", "alerts",
    ),
}  # fmt: skip


@pytest.mark.parametrize("at", MATH_ROWS, ids=lambda at: "-".join(at).split("/")[-1])
def test_the_alarm_row_over_several_metrics_is_met(
    recording_of: Recordings, at: tuple[str, str, str]
):
    project, stack, name = at
    recording = recording_of(project, stack)
    alarm = recording.one(ALARM, name).inputs
    metrics = [query["metric"] for query in alarm["metricQueries"] if query.get("metric")]
    (shown,) = [query for query in alarm["metricQueries"] if query["returnData"]]
    (period,) = {metric["period"] for metric in metrics}
    found = (
        {(metric["metricName"], metric["stat"]) for metric in metrics},
        shown["expression"],
        period,
        alarm["threshold"],
        alarm["evaluationPeriods"],
        alarm["treatMissingData"],
        receiver_of(recording, name),
    )
    assert found == MATH_ROWS[at]
    assert alarm["comparisonOperator"] == GT
    assert alarm["datapointsToAlarm"] == alarm["evaluationPeriods"]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_clubs_storage_is_told_below_a_tenth_of_what_is_allocated_however_it_grew(
    recording_of: Recordings, stack: str
):
    recording = recording_of(CLUB, stack)
    alarm = recording.one(ALARM, "database-main-storage").inputs
    instance = recording.one("aws:rds/instance:Instance", "main").outputs["resourceId"]
    (used,) = alarm["metricQueries"]
    assert used["expression"] == (
        f"DB_PERF_INSIGHTS('RDS', '{instance}', 'os.fileSys.usedPercent.avg')"
    )
    assert used["period"] * alarm["evaluationPeriods"] == 600
    assert (alarm["threshold"], alarm["comparisonOperator"]) == (90, GT)
    assert alarm["treatMissingData"] == "breaching"
    assert receiver_of(recording, "database-main-storage") == "alerts"


def test_starters_connections_are_told_at_80_percent_of_what_its_class_allows(
    recording_of: Recordings,
):
    # Of db.t3.micro's 1 GiB PostgreSQL has about three quarters, at 9531392 bytes a connection.
    allowed = int(0.75 * 2**30) // 9_531_392
    alarm = recording_of(AFRIC, "starter").one(ALARM, "database-main-connections").inputs
    assert alarm["threshold"] == int(0.8 * allowed)
    assert (alarm["period"], alarm["evaluationPeriods"]) == (60, 5)


def certificates(recording: Recording) -> list[str]:
    return [resource.name for resource in recording.of_type("aws:acm/certificate:Certificate")]


@pytest.mark.parametrize("stack", ["starter", "prod"])
def test_every_certificate_is_told_of_30_days_before_it_ends(recording_of: Recordings, stack: str):
    recording = recording_of(AFRIC, stack)
    assert len(certificates(recording)) == 3
    for key in certificates(recording):
        alarm = recording.one(ALARM, f"certificate-{key}-expiry").inputs
        found = (
            alarm["metricName"],
            alarm["statistic"],
            alarm["threshold"],
            alarm["period"],
            alarm["evaluationPeriods"],
            alarm["comparisonOperator"],
            alarm["treatMissingData"],
        )
        assert found == ("DaysToExpiry", "Minimum", 30, 86400, 1, "LessThanThreshold", "ignore")
        (topic,) = alarm["alarmActions"]
        # An alarm and its topic are of one region: that of what is measured.
        region = alarm.get("region", "eu-west-1")
        assert topic.split(":")[3] == region
        assert (region == "us-east-1") is key.startswith("site-")


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_unusual_requests_to_mantissas_lake_are_told(recording_of: Recordings, stack: str):
    recording = recording_of("systems/mantissa-log", stack)
    alarm = recording.one(ALARM, "bucket-logs-requests").inputs
    measured, band = alarm["metricQueries"]
    assert measured["metric"] == {
        "namespace": "AWS/S3",
        "metricName": "AllRequests",
        "dimensions": {"BucketName": f"mantissa-log-{stack}-logs", "FilterId": "everything"},
        "stat": "Sum",
        "period": 300,
    }
    assert band["expression"] == "ANOMALY_DETECTION_BAND(m1, 3)"
    assert alarm["thresholdMetricId"] == band["id"]
    assert measured["returnData"] is band["returnData"] is True
    assert alarm["comparisonOperator"] == "LessThanLowerOrGreaterThanUpperThreshold"
    assert (alarm["evaluationPeriods"], alarm["treatMissingData"]) == (3, "notBreaching")
    assert receiver_of(recording, "bucket-logs-requests") == "alerts"
    asked = recording.one("aws:s3/bucketMetric:BucketMetric", "logs").inputs
    assert asked["name"] == "everything"


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_clubapps_overview_shows_what_its_row_lists(recording_of: Recordings, environment: str):
    inputs = recording_of(CLUB, environment).one(DASHBOARD, "overview").inputs
    assert inputs["dashboardName"] == f"clubapp-{environment}-overview"
    shown = inputs["dashboardBody"]
    for metric in (
        "RunningTaskCount", "DesiredTaskCount", "CPUUtilization", "MemoryUtilization",
        "MatchedEvents", "DatabaseConnections", "ReadLatency", "FreeStorageSpace", "RequestCount",
        "HealthyHostCount", "UnHealthyHostCount", "TargetResponseTime", "HTTPCode_Target_5XX_Count",
        "CacheHitRate", "Evictions", "EngineCPUUtilization", "DatabaseMemoryUsagePercentage",
    ):  # fmt: skip
        assert f'"{metric}"' in shown, metric


def test_africs_application_dashboard_shows_its_own_metrics(recording_of: Recordings):
    recording = recording_of(AFRIC, "prod")
    shown = recording.one(DASHBOARD, "application").inputs["dashboardBody"]
    for metric in (
        "LogsIngested", "LogsProcessed", "QueueDepth", "Alerts", "DeadLetters", "ProcessingLatency",
        "ActiveTenants", "ApiLatency",
    ):  # fmt: skip
        assert f'["SIEM/Application","{metric}"' in shown, metric
    assert recording.one(DASHBOARD, "infrastructure")


def test_engifys_logs_are_kept_as_long_as_the_law_wants(recording_of: Recordings):
    recording = recording_of(ENGIFY, "prod")
    for key, days in (("app", 90), ("audit", 2557), ("security", 2557)):
        group = recording.one("aws:cloudwatch/logGroup:LogGroup", key)
        assert group.inputs["name"] == f"/engify/{key}"
        assert group.inputs["retentionInDays"] == days
        assert group.inputs["kmsKeyId"].startswith("arn:aws:kms:")


def test_clubapps_trail_records_who_reads_its_assets(recording_of: Recordings):
    for environment in ("dev", "prod"):
        trail = recording_of(CLUB, environment).one("aws:cloudtrail/trail:Trail", "baseline-trail")
        assert trail.inputs["isMultiRegionTrail"] is True
        assert trail.inputs["enableLogFileValidation"] is True
        selectors = json.dumps(trail.inputs["advancedEventSelectors"])
        assert f"arn:aws:s3:::clubapp-{environment}-assets/" in selectors
        assert ('"Management"' in selectors) is (environment == "prod")


def test_what_an_account_has_once_is_made_once(recording_of: Recordings):
    for type_ in ("aws:guardduty/detector:Detector", "aws:cfg/recorder:Recorder"):
        assert len(recording_of(CLUB, "prod").of_type(type_)) == 1
        assert recording_of(CLUB, "dev").of_type(type_) == ()
