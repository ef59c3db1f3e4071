"""The chat backend's rows about alarms and charts, asserted over its recordings."""

from __future__ import annotations

import json

from tests.recordings import ROOT
from tests.systems.chat_backend import ALARM, CHAT, GROUPS, Recordings
from trellis.planner.record import Recording, record


def test_alarms_have_the_rows_numbers(chat: Recording):
    alarms = {resource.name: resource.inputs for resource in chat.of_type(ALARM)}
    assert alarms["api-chat-4xx"]["threshold"] == 5
    assert alarms["api-chat-5xx"]["threshold"] == 0.1
    latency = alarms["api-chat-latency"]
    assert (latency["threshold"], latency["comparisonOperator"]) == (
        500,
        "GreaterThanOrEqualToThreshold",
    )
    assert latency["extendedStatistic"] == "p99"
    for name in GROUPS:
        errors = alarms[f"function-{name}-errors"]
        assert errors["threshold"] == 0
        assert (errors["datapointsToAlarm"], errors["evaluationPeriods"]) == (2, 3)


def test_shares_of_requests_are_taken_over_five_minutes(chat: Recording):
    alarms = {resource.name: resource.inputs for resource in chat.of_type(ALARM)}
    for name in ("api-chat-4xx", "api-chat-5xx"):
        queries = alarms[name]["metricQueries"]
        assert {query["metric"]["period"] for query in queries if query.get("metric")} == {300}


def test_alarms_tell_by_email_message_or_webhook_and_what_they_do_is_a_setting(
    recording_of: Recordings,
):
    """Who hears, of what, and what is silent are lines of the stack file."""
    subscribers = {
        "team": {"email": "chat-team@example.com"},
        "on-call": {"sms": "+14155550100", "hears": ["page"]},
        "hook": {"https": "https://hooks.example.com/chat"},
    }
    edited = record(
        ROOT / CHAT,
        "dev",
        "deployed",
        changes={
            ("monitoring", "subscribers"): subscribers,
            ("monitoring", "alarms"): {"api-chat-4xx": {"severity": "page", "threshold": 7}},
        },
    )
    subscribed = {
        (resource.inputs["topic"].rsplit("-", 1)[-1], resource.inputs["protocol"])
        for resource in edited.of_type("aws:sns/topicSubscription:TopicSubscription")
    }
    assert subscribed == {
        ("alerts", "email"), ("pages", "email"), ("pages", "sms"),
        ("alerts", "https"), ("pages", "https"),
    }  # fmt: skip
    paged = edited.one(ALARM, "api-chat-4xx").inputs
    assert paged["threshold"] == 7
    assert [action.rsplit("-", 1)[-1] for action in paged["alarmActions"]] == ["pages"]
    before = recording_of(CHAT, "dev", "deployed").one(ALARM, "api-chat-4xx").inputs
    assert [action.rsplit("-", 1)[-1] for action in before["alarmActions"]] == ["alerts"]


def test_the_dashboard_shows_requests_runs_and_capacity(chat: Recording):
    """Each by the metrics of this stack's own things: a title alone shows nothing."""
    shown = charts(chat)
    head = f"chat-backend-{chat.stack}"
    of_api = ("AWS/ApiGateway", f"{head}-chat")
    assert shown["chat: requests"] == {(*of_api, "Count")}
    assert shown["chat: errors"] == {(*of_api, "4XXError"), (*of_api, "5XXError")}
    assert shown["chat: latency"] == {(*of_api, "Latency")}
    for name in GROUPS:
        runs = ("AWS/Lambda", f"{head}-{name}")
        assert {(*runs, "Invocations"), (*runs, "Errors")} <= shown[f"{name}: runs and errors"]
        assert shown[f"{name}: duration"] == {(*runs, "Duration")}
        # What they take of the account's runs at once.
        assert shown[f"{name}: runs at once"] == {(*runs, "ConcurrentExecutions")}
    for label, name in TABLES.items():
        table = ("AWS/DynamoDB", f"{head}-{name}")
        for title, metric in (("capacity used", "Consumed{}CapacityUnits"),
                              ("throttles", "{}ThrottleEvents")):  # fmt: skip
            assert shown[f"table-{label}: {title}"] == {
                (*table, metric.format(way)) for way in ("Read", "Write")
            }


TABLES = {"session": "SessionTable", "cache": "CacheTable", "chat-history": "ChatHistoryTable"}
"""Physical names of the tables by their keys."""


def charts(recording: Recording) -> dict[str, set[tuple[str, str, str]]]:
    """Namespace, first dimension and name of the metrics of each chart, by its title."""
    return {
        widget["properties"].get("title", ""): {
            (metric[0], metric[3], metric[1])
            for metric in widget["properties"].get("metrics", ())
            if len(metric) > 3
        }
        for resource in recording.of_type("aws:cloudwatch/dashboard:Dashboard")
        for widget in json.loads(resource.inputs["dashboardBody"])["widgets"]
    }
