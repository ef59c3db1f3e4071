"""Who hears of alarms, and who may say so: subscriptions, chat, pager, silences, topic policies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.monitoring.delivery.settings import SubscriberSettings
from tests.components.small_systems import ACCOUNT, document, small_system, statement
from trellis.planner.record import Recording
from trellis.planner.wire import Secret

LAST = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=300)
"""Last day of a silence."""

TOPIC, POLICY = "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
SLACK = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"
TEAMS = "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration"
MUTE = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule"
KEY = "aws:kms/key:Key"
ALERTS = f"arn:aws:sns:us-east-1:{ACCOUNT}:shop-dev-alerts"
PAGES = f"arn:aws:sns:us-east-1:{ACCOUNT}:shop-dev-pages"
AFRIC = ("systems/afric-analyzer", "prod")
UUID = "0" * 8 + "-0000-0000-0000-" + "0" * 12

SUBSCRIBERS = {
    "team": {"email": "team@example.com"},
    "night": {"sms": "+14155550100", "hears": ["page"]},
    "hook": {"https": "https://hooks.example.com/T1/secret", "hears": ["notify"]},
    "chat": {"slack": {"workspace": "T07EA123LEP", "channel": "C07EZ1ABC23"}},
    "office": {
        "teams": {"tenant": UUID, "team": UUID, "channel": "19:abc@thread.tacv2"},
        "hears": ["notify"],
    },
    "on-call": {"pagerduty": "key", "hears": ["page"]},
}


@pytest.fixture(scope="module")
def shop() -> Recording:
    return small_system(
        queues={"work": {}},
        secrets={"key": {"description": "PagerDuty"}},
        budgets={"month": {"monthly": 100}},
        monitoring={
            "subscribers": SUBSCRIBERS,
            "alarms": {
                "work-dead-letters": {
                    "silence": {"reason": "old letters are sorted", "until": LAST.isoformat()}
                }
            },
        },
    )


@pytest.fixture(scope="module")
def afric(recording_of: Callable[..., Recording]) -> Recording:
    return recording_of(*AFRIC)


def test_each_subscriber_hears_what_it_wants_to_and_nothing_else(shop: Recording):
    heard = {
        (resource.name, resource.inputs["protocol"], resource.inputs["topic"])
        for resource in shop.of_type(SUBSCRIPTION)
    }
    assert heard == {
        ("alerts-team", "email", ALERTS),
        ("pages-team", "email", PAGES),
        ("pages-night", "sms", PAGES),
        ("hook-notify", "https", ALERTS),
        ("on-call-page", "lambda", PAGES),
    }


def test_a_webhook_confirms_itself_and_its_address_is_kept_secret(shop: Recording):
    hook = shop.one(SUBSCRIPTION, "hook-notify")
    assert hook.inputs["endpoint"] == Secret("https://hooks.example.com/T1/secret")
    assert hook.inputs["endpointAutoConfirms"] is True


def test_a_slack_channel_hears_both_topics_and_may_only_read(shop: Recording):
    inputs = shop.one(SLACK, "chat").inputs
    assert (inputs["slackTeamId"], inputs["slackChannelId"]) == ("T07EA123LEP", "C07EZ1ABC23")
    assert inputs["snsTopicArns"] == [ALERTS, PAGES]
    assert inputs["guardrailPolicyArns"] == ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"]
    assert inputs["loggingLevel"] == "ERROR"


def test_a_teams_channel_hears_one_topic(shop: Recording):
    inputs = shop.one(TEAMS, "office").inputs
    assert (inputs["tenantId"], inputs["teamId"]) == (UUID, UUID)
    assert inputs["channelId"] == "19%3aabc%40thread.tacv2"
    assert inputs["snsTopicArns"] == [ALERTS]


def test_a_chat_channels_role_is_for_this_accounts_channels_and_shows_alarms_only(shop: Recording):
    (trust,) = document(shop.one("aws:iam/role:Role", "chat"), "assumeRolePolicy")
    assert trust == {
        "Effect": "Allow",
        "Principal": {"Service": "chatbot.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    assert document(shop.one("aws:iam/rolePolicy:RolePolicy", "chat")) == [
        {
            "Sid": "ShowAlarms",
            "Effect": "Allow",
            "Action": "cloudwatch:DescribeAlarms",
            "Resource": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:*",
        },
        {
            "Sid": "ShowGraphs",
            "Effect": "Allow",
            "Action": "cloudwatch:GetMetricData",
            "Resource": "*",
        },
    ]


def test_a_pager_is_called_by_its_topic_only_and_reads_one_secret(shop: Recording):
    permission = shop.one("aws:lambda/permission:Permission", "on-call-page").inputs
    assert permission["principal"] == "sns.amazonaws.com"
    assert (permission["sourceArn"], permission["sourceAccount"]) == (PAGES, ACCOUNT)
    policy = shop.one("aws:iam/rolePolicy:RolePolicy", "on-call")
    grants = {element["Sid"]: element["Resource"] for element in document(policy)}
    (read,) = [arn for sid, arn in grants.items() if sid.startswith("Read")]
    assert read.startswith(f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:shop/dev/key")
    assert "*" not in grants.values()


def test_a_pagers_own_failure_is_told_by_the_other_ways(shop: Recording):
    for name in ("on-call-pager-errors", "on-call-pager-dead-letters"):
        alarm = shop.one("aws:cloudwatch/metricAlarm:MetricAlarm", name).inputs
        assert alarm["alarmActions"] == alarm["okActions"] == [ALERTS]


def test_a_silence_mutes_one_alarm_day_and_night_until_its_last_day_is_over(shop: Recording):
    inputs = shop.one(MUTE, "work-dead-letters-silence").inputs
    assert inputs["muteTargets"] == {"alarmNames": ["shop-dev-work-dead-letters"]}
    after = LAST + dt.timedelta(days=1)
    assert inputs["expireDate"] == f"{after.isoformat()}T00:00:00Z"
    schedule = {"expression": "cron(0 0 * * *)", "duration": "PT24H", "timezone": "UTC"}
    assert inputs["rule"] == {"schedule": schedule}
    assert inputs["description"] == f"old letters are sorted (until {LAST.isoformat()})"


def only_tls(topic: str) -> dict[str, Any]:
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def publishes(sid: str, service: str, topic: str, source: str) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": source},
        },
    }


def test_alarms_rules_and_budgets_of_this_account_publish_alerts_and_nobody_else(shop: Recording):
    assert document(shop.one(POLICY, "alerts")) == [
        only_tls(ALERTS),
        publishes(
            "FromAlarms", "cloudwatch", ALERTS, f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:*"
        ),
        publishes("FromRules", "events", ALERTS, f"arn:aws:events:us-east-1:{ACCOUNT}:rule/*"),
        publishes("FromBudgets", "budgets", ALERTS, f"arn:aws:budgets::{ACCOUNT}:*"),
    ]


def test_only_alarms_page(shop: Recording):
    assert document(shop.one(POLICY, "pages")) == [
        only_tls(PAGES),
        publishes(
            "FromAlarms", "cloudwatch", PAGES, f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:*"
        ),
    ]


def test_topics_are_encrypted_and_their_key_lets_each_publisher_in(shop: Recording):
    key = shop.one(KEY, "keys-messages")
    for name in ("alerts", "pages"):
        assert shop.one(TOPIC, name).inputs["kmsMasterKeyId"] == key.outputs["arn"]
    use = ["kms:Decrypt", "kms:GenerateDataKey*"]
    topics = {"kms:EncryptionContext:aws:sns:topicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:*"}
    account = {"aws:SourceAccount": ACCOUNT}
    assert statement(key, "AlarmsToTopics") == {
        "Sid": "AlarmsToTopics",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": use,
        "Resource": "*",
        "Condition": {"ArnLike": topics, "StringEquals": account},
    }
    # EventBridge delivers nothing under a key whose policy names its source.
    assert statement(key, "RulesToTopics")["Condition"] == {"ArnLike": topics}
    assert statement(key, "Budgets") == {
        "Sid": "Budgets",
        "Effect": "Allow",
        "Principal": {"Service": "budgets.amazonaws.com"},
        "Action": use,
        "Resource": "*",
        "Condition": {
            "StringEquals": account,
            "ArnLike": {"aws:SourceArn": f"arn:aws:budgets::{ACCOUNT}:*"},
        },
    }


EDGE = f"arn:aws:sns:us-east-1:{ACCOUNT}:siem-prod-"


def test_what_is_measured_in_us_east_1_is_told_there(afric: Recording):
    for name, action in (
        ("site-app-errors", "pages-edge"),
        ("certificate-site-app-expiry", "alerts-edge"),
        ("firewall-main-sites-blocked", "alerts-edge"),
    ):
        alarm = afric.one("aws:cloudwatch/metricAlarm:MetricAlarm", name).inputs
        assert alarm["region"] == "us-east-1"
        assert alarm["alarmActions"] == [f"{EDGE}{action}"]
    home = afric.one("aws:cloudwatch/metricAlarm:MetricAlarm", "firewall-main-regional-blocked")
    assert "region" not in home.inputs


def test_who_hears_of_alarms_hears_of_those_at_the_edge_too(afric: Recording):
    for severity, key in (("notify", "alerts"), ("page", "pages")):
        team = afric.one(SUBSCRIPTION, f"{key}-edge-team").inputs
        assert (team["region"], team["topic"]) == ("us-east-1", f"{EDGE}{key}-edge")
        assert f"{EDGE}{key}-edge" in afric.one(SLACK, "chat").inputs["snsTopicArns"], severity
    pager = afric.one(SUBSCRIPTION, "on-call-page-us-east-1").inputs
    assert (pager["region"], pager["topic"]) == ("us-east-1", f"{EDGE}pages-edge")
    function = afric.one("aws:lambda/function:Function", "on-call").outputs["arn"]
    assert pager["endpoint"] == function
    permission = afric.one("aws:lambda/permission:Permission", "on-call-page-us-east-1").inputs
    assert permission["sourceArn"] == f"{EDGE}pages-edge"


def test_topics_at_the_edge_have_a_key_there_that_lets_alarms_of_there_in(afric: Recording):
    key = afric.one(KEY, "keys-messages-us-east-1")
    assert afric.one(TOPIC, "alerts-edge").inputs["kmsMasterKeyId"] == key.outputs["arn"]
    assert key.inputs["region"] == "us-east-1"
    allowed = statement(key, "AlarmsToTopics")["Condition"]["ArnLike"]
    assert allowed == {
        "kms:EncryptionContext:aws:sns:topicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:*"
    }
    (_, published) = document(afric.one(POLICY, "alerts-edge"))
    source = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:*"
    assert published == publishes("FromAlarms", "cloudwatch", f"{EDGE}alerts-edge", source)


def test_a_system_in_us_east_1_needs_no_topics_at_the_edge(shop: Recording):
    assert {resource.name for resource in shop.of_type(TOPIC)} == {"alerts", "pages"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"email": "a@b.co", "sms": "+14155550100"}, "exactly one of"),
        ({}, "exactly one of"),
        ({"sms": "4155550100"}, "pattern"),
        ({"https": "http://hooks.example.com"}, "starts with https://"),
        ({"slack": {"workspace": "my-team", "channel": "C07EZ1ABC23"}}, "pattern"),
        ({"teams": {"tenant": UUID, "team": UUID, "channel": "general"}}, "a Teams channel's id"),
        ({"email": "a@b.co", "hears": []}, "at least 1"),
        ({"email": "a@b.co", "hears": ["everything"]}, "notify"),
    ],
)
def test_a_subscriber_that_nobody_could_reach_is_refused(given: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        SubscriberSettings.model_validate(given, strict=False)
