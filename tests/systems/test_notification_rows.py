"""Who is told of what: budgets, topics, email, Slack and PagerDuty of the five systems."""

from __future__ import annotations

import json

import pytest

from tests.systems.alarm_rows import AFRIC, CLUB, ENGIFY, Recordings

BUDGETS = {
    (CLUB, "dev"): "260", (CLUB, "prod"): "500", (AFRIC, "starter"): "200", (AFRIC, "prod"): "200",
    ("systems/mantissa-log", "dev"): "100", ("systems/mantissa-log", "staging"): "300",
    ("systems/mantissa-log", "prod"): "500", ("systems/chat-backend", "dev"): "50",
    ("systems/chat-backend", "staging"): "100", ("systems/chat-backend", "prod"): "300",
    (ENGIFY, "prod"): "40",
}  # fmt: skip


def test_every_stack_has_a_monthly_budget_that_tells_of_its_forecast_too(
    recording_of: Recordings, any_stack: tuple[str, str]
):
    budget = recording_of(*any_stack).one("aws:budgets/budget:Budget", "month").inputs
    assert (budget["limitAmount"], budget["limitUnit"]) == (BUDGETS[any_stack], "USD")
    assert budget["timeUnit"] == "MONTHLY"
    assert {e["notificationType"] for e in budget["notifications"]} == {"ACTUAL", "FORECASTED"}


def test_budgets_tell_the_alerts_topic_at_80_and_100_percent_unless_said_otherwise(
    recording_of: Recordings, any_stack: tuple[str, str]
):
    budget = recording_of(*any_stack).one("aws:budgets/budget:Budget", "month").inputs
    assert all(
        notification["comparisonOperator"] == "GREATER_THAN"
        and [arn.rsplit("-", 1)[-1] for arn in notification["subscriberSnsTopicArns"]] == ["alerts"]
        for notification in budget["notifications"]
    )
    if any_stack[0] != AFRIC:
        assert [
            (
                notification["notificationType"],
                notification["threshold"],
                notification["thresholdType"],
            )
            for notification in budget["notifications"]
        ] == [
            ("ACTUAL", 80, "PERCENTAGE"),
            ("ACTUAL", 100, "PERCENTAGE"),
            ("FORECASTED", 100, "PERCENTAGE"),
        ]


EMAIL = {
    CLUB: "alerts@desh.co",
    AFRIC: "alerts@example.africa",
    ENGIFY: "ops@engify.example",
    "systems/mantissa-log": "security@example.com",
    "systems/chat-backend": "chat-team@example.com",
}


def test_every_system_is_told_by_email_of_what_can_wait_and_what_can_not(
    recording_of: Recordings, any_stack: tuple[str, str]
):
    subscribed = {
        (resource.inputs["topic"].rsplit("-", 1)[-1], resource.inputs["endpoint"])
        for resource in recording_of(*any_stack).of_type(
            "aws:sns/topicSubscription:TopicSubscription"
        )
        if resource.inputs["protocol"] == "email"
    }
    address = EMAIL[any_stack[0]]
    assert {("alerts", address), ("pages", address)} <= subscribed


def test_who_only_puts_metrics_may_put_them_into_its_namespace_only(recording_of: Recordings):
    for stack in ("starter", "prod"):
        policies = recording_of(AFRIC, stack).of_type("aws:iam/rolePolicy:RolePolicy")
        putting = [
            (resource.name, statement)
            for resource in policies
            for statement in json.loads(resource.inputs["policy"])["Statement"]
            if "cloudwatch:PutMetricData" in statement["Action"]
        ]
        ((name, statement),) = putting
        assert name.startswith("repo2-consumer")
        assert statement == {
            "Sid": "PutMetricsApplication",
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
            "Condition": {"StringEquals": {"cloudwatch:namespace": "SIEM/Application"}},
        }


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
    account = "123456789012"
    assert chat.inputs["snsTopicArns"] == [
        f"arn:aws:sns:eu-west-1:{account}:siem-prod-alerts",
        f"arn:aws:sns:eu-west-1:{account}:siem-prod-pages",
        f"arn:aws:sns:us-east-1:{account}:siem-prod-alerts-edge",
        f"arn:aws:sns:us-east-1:{account}:siem-prod-pages-edge",
    ]


def test_engify_is_told_by_email_and_text_message(recording_of: Recordings):
    recording = recording_of(ENGIFY, "prod")
    heard = recording.of_type("aws:sns/topicSubscription:TopicSubscription")
    assert {resource.inputs["protocol"] for resource in heard} == {"email", "sms"}


@pytest.mark.parametrize("stack", ["starter", "prod"])
def test_afric_is_told_at_50_100_and_200_dollars(recording_of: Recordings, stack: str):
    budget = recording_of(AFRIC, stack).one("aws:budgets/budget:Budget", "month").inputs
    actual = [n for n in budget["notifications"] if n["notificationType"] == "ACTUAL"]
    assert [n["threshold"] for n in actual] == [50, 100, 200]
    assert {n["thresholdType"] for n in actual} == {"ABSOLUTE_VALUE"}
    assert all(n["subscriberSnsTopicArns"][0].endswith("-alerts") for n in actual)
