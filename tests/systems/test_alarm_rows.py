"""The alarm, dashboard, budget and baseline rows of the systems, one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from trellis.planner.record import Recording

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
AFRIC = "systems/afric-analyzer"
CLUB = "."
ENGIFY = "systems/engify"
GT = "GreaterThanThreshold"
Recordings = Callable[..., Recording]

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
    "database-main-storage": (
        "FreeStorageSpace", "Minimum", 10 * 2**30, 60, 10, "LessThanThreshold", "breaching",
        "alerts",
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
    "database-main-connections": (
        "DatabaseConnections", "Maximum", 180, 60, 5, GT, "notBreaching", "alerts",
    ),
    "dead-letters": ("DeadLetters", "Sum", 100, 3600, 1, GT, "notBreaching", "alerts"),
    "nothing-processed": (
        "LogsProcessed", "Sum", 0, 300, 3, "LessThanOrEqualToThreshold", "breaching", "outage",
    ),
}  # fmt: skip
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
        ((ENGIFY, "prod"), ENGIFY_ROWS),
    )
    for name, row in rows.items()
]


def told(recording: Recording, name: str) -> str:
    """The topic's key, or `outage` where a composite that pages speaks for the alarm."""
    alarm = recording.one(ALARM, name).inputs
    topics = alarm.get("alarmActions") or []
    assert alarm["actionsEnabled"] is True
    assert topics == (alarm.get("okActions") or [])
    if topics:
        return str(topics[0]).rsplit("-", 1)[-1]
    speaking = [
        each
        for each in recording.of_type(COMPOSITE)
        if f'ALARM("{alarm["name"]}")' in each.inputs["alarmRule"]
    ]
    assert len(speaking) == 1
    assert [arn.rsplit("-", 1)[-1] for arn in speaking[0].inputs["alarmActions"]] == ["pages"]
    return "outage"


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
        told(recording, name),
    )
    assert found == row
    assert alarm["datapointsToAlarm"] == alarm["evaluationPeriods"]
    assert "What to do:" in alarm["alarmDescription"]


def test_an_evicting_cache_is_told_after_five_minutes(recording_of: Recordings):
    alarm = recording_of(CLUB, "dev").one(ALARM, "cache-main-evictions").inputs
    assert (alarm["threshold"], alarm["evaluationPeriods"]) == (0, 5)


def test_the_share_of_errors_pages_above_five_percent_for_three_minutes(recording_of: Recordings):
    recording = recording_of(AFRIC, "prod")
    for service in ("repo1-api", "repo2-api"):
        alarm = recording.one(ALARM, f"{service}-alb-error-share").inputs
        assert (alarm["threshold"], alarm["evaluationPeriods"]) == (5, 3)
        assert told(recording, f"{service}-alb-error-share") == "outage"


def test_starters_connections_follow_its_class(recording_of: Recordings):
    alarm = recording_of(AFRIC, "starter").one(ALARM, "database-main-connections").inputs
    assert 60 <= alarm["threshold"] <= 100


def test_slow_calls_are_told_by_their_percentile_once_there_are_enough(recording_of: Recordings):
    alarm = recording_of(ENGIFY, "prod").one(ALARM, "api-response-time").inputs
    measured = {q["id"]: q["metric"]["stat"] for q in alarm["metricQueries"] if q.get("metric")}
    assert alarm["threshold"] == 5000
    assert measured == {"m1": "p99", "samples": "SampleCount"}


def test_pages_reach_pagerduty_by_a_function_that_reads_its_key(recording_of: Recordings):
    for project in (CLUB, AFRIC):
        recording = recording_of(project, "prod")
        hooked = recording.one("aws:sns/topicSubscription:TopicSubscription", "on-call-page")
        assert hooked.inputs["protocol"] == "lambda"
        variables = recording.one("aws:lambda/function:Function", "on-call").inputs["environment"]
        assert list(variables["variables"]) == ["SECRET_ARN"]
        assert ":secret:" in variables["variables"]["SECRET_ARN"]


def test_slack_hears_both_topics(recording_of: Recordings):
    chat = recording_of(AFRIC, "prod").one(
        "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", "chat"
    )
    assert [arn.rsplit("-", 1)[-1] for arn in chat.inputs["snsTopicArns"]] == ["alerts", "pages"]


def test_engify_is_told_by_email_and_text_message(recording_of: Recordings):
    recording = recording_of(ENGIFY, "prod")
    heard = recording.of_type("aws:sns/topicSubscription:TopicSubscription")
    assert {each.inputs["protocol"] for each in heard} == {"email", "sms"}


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


@pytest.mark.parametrize("stack", ["starter", "prod"])
def test_afric_is_told_at_50_100_and_200_dollars(recording_of: Recordings, stack: str):
    budget = recording_of(AFRIC, stack).one("aws:budgets/budget:Budget", "month").inputs
    actual = [n for n in budget["notifications"] if n["notificationType"] == "ACTUAL"]
    assert [n["threshold"] for n in actual] == [50, 100, 200]
    assert {n["thresholdType"] for n in actual} == {"ABSOLUTE_VALUE"}
    assert all(n["subscriberSnsTopicArns"][0].endswith("-alerts") for n in actual)


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
