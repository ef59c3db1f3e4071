"""Topics and queues: whole policies, dead letters, subscriptions and the visibility check."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.contracts import AccountRegion
from components.messaging.queue import Queue
from components.messaging.settings import QueueSettings, TopicSettings, visibility_problem
from components.naming import Naming
from tests.components.small_systems import ACCOUNT, document, small_system, statement
from trellis.planner.record import ProgramInput, record_program
from trellis.stackfile.problems import StackFileError

TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
TOPIC_ARN = f"arn:aws:sns:us-east-1:{ACCOUNT}:shop-dev-news"
QUEUE_ARN = f"arn:aws:sqs:us-east-1:{ACCOUNT}:shop-dev-jobs"


def queue(**given: Any) -> QueueSettings:
    return QueueSettings.model_validate_json(json.dumps(given))


def test_a_topic_is_under_the_customer_key_and_lets_in_whom_it_names():
    recording = small_system(topics={"news": {"publishers": ["alarms"]}})
    topic = recording.one(TOPIC, "news")
    assert topic.inputs["name"] == "shop-dev-news"
    key = recording.one("aws:kms/key:Key", "keys-messages")
    assert topic.inputs["kmsMasterKeyId"] == key.outputs["arn"]
    assert topic.inputs["signatureVersion"] == 2
    assert document(recording.one(TOPIC_POLICY, "news")) == [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": TOPIC_ARN,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "FromAlarms",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": TOPIC_ARN,
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:*"},
            },
        },
    ]


def test_a_topic_policy_is_known_before_anything_exists():
    recording = small_system("preview", topics={"news": {}})
    assert statement(recording.one(TOPIC_POLICY, "news"), "TlsOnly")["Resource"] == TOPIC_ARN


def test_a_queue_that_subscribes_lets_in_exactly_its_topic():
    recording = small_system(
        topics={
            "news": {
                "subscriptions": {
                    "work": {
                        "protocol": "queue",
                        "to": "jobs",
                        "raw": True,
                        "filter": {"kind": ["order"]},
                    },
                    "team": {"protocol": "email", "to": "team@example.com"},
                }
            }
        },
        queues={"jobs": {}},
    )
    subscription = recording.one("aws:sns/topicSubscription:TopicSubscription", "news-work").inputs
    assert subscription["protocol"] == "sqs"
    assert subscription["endpoint"] == QUEUE_ARN
    assert subscription["rawMessageDelivery"] is True
    assert json.loads(subscription["filterPolicy"]) == {"kind": ["order"]}
    allowed = statement(recording.one(QUEUE_POLICY, "jobs"), "FromTopicNews")
    assert allowed["Principal"] == {"Service": "sns.amazonaws.com"}
    assert allowed["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnEquals": {"aws:SourceArn": TOPIC_ARN},
    }


def test_a_queue_has_dead_letters_that_take_from_it_alone_and_outlive_its_messages():
    recording = small_system(queues={"jobs": {"deadLetters": {"maxReceives": 3}}})
    jobs = recording.one(QUEUE, "jobs")
    dead = recording.one(QUEUE, "jobs-dead-letters")
    assert json.loads(jobs.inputs["redrivePolicy"]) == {
        "deadLetterTargetArn": f"{QUEUE_ARN}-dead-letters",
        "maxReceiveCount": 3,
    }
    assert dead.urn in jobs.dependencies
    assert dead.inputs["messageRetentionSeconds"] == 14 * 86_400
    assert jobs.inputs["messageRetentionSeconds"] == 4 * 86_400
    allow = recording.one("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "jobs-dead-letters")
    assert json.loads(allow.inputs["redriveAllowPolicy"]) == {
        "redrivePermission": "byQueue",
        "sourceQueueArns": [QUEUE_ARN],
    }
    for name in ("jobs", "jobs-dead-letters"):
        tls = statement(recording.one(QUEUE_POLICY, name), "TlsOnly")
        assert tls["Effect"] == "Deny"
        assert tls["Action"] == "sqs:*"
    assert jobs.inputs["kmsMasterKeyId"] == dead.inputs["kmsMasterKeyId"]


def test_an_ordered_queue_and_topic_are_called_fifo_all_the_way():
    recording = small_system(
        queues={"jobs": {"fifo": True}},
        topics={
            "news": {
                "fifo": True,
                "subscriptions": {"work": {"protocol": "queue", "to": "jobs"}},
            }
        },
    )
    names = {resource.inputs["name"] for resource in recording.of_type(QUEUE)}
    assert names == {"shop-dev-jobs.fifo", "shop-dev-jobs-dead-letters.fifo"}
    assert recording.one(TOPIC, "news").inputs["name"] == "shop-dev-news.fifo"


@pytest.mark.parametrize(
    ("visibility", "seconds", "function", "fits"),
    [(60, 10, True, True), (59, 10, True, False), (30, 30, False, True), (29, 30, False, False)],
)
def test_a_message_stays_hidden_while_its_consumer_works(
    visibility: int, seconds: int, function: bool, fits: bool
):
    problem = visibility_problem(queue(visibilitySeconds=visibility), seconds, function=function)
    assert (problem is None) is fits
    if problem:
        assert f"visibilitySeconds of {60 if function else 30}" in problem


def test_alarms_tell_of_dead_letters_and_of_work_that_waits():
    found: list[Any] = []

    def program() -> None:
        made = Queue(
            "jobs",
            queue(oldestMessageMinutes=10),
            naming=Naming("shop", "dev"),
            where=AccountRegion(ACCOUNT, "us-east-1"),
            key_arn=None,
        )
        found.extend(made.alarms())

    record_program(program, ProgramInput("shop", "dev", {"aws:region": "us-east-1"}))
    dead, old = found
    assert dead.metrics[0].dimensions == {"QueueName": "shop-dev-jobs-dead-letters"}
    assert (dead.threshold, dead.missing_data) == (0, "notBreaching")
    assert old.threshold == 600


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({"visibilitySeconds": 43_201}, "43200"),
        ({"retentionDays": 15}, "14"),
        ({"fifo": True, "publishers": ["rules", "buckets"]}, "no `buckets` in `publishers` of a"),
        ({"retentionDays": 10, "deadLetters": {"retentionDays": 7}}, "retentionDays: 10"),
        ({"waitSeconds": 21}, "20"),
        ({"delaySeconds": 901}, "900"),
        ({"maxMessageKib": 1025}, "1024"),
        ({"deadLetters": {"maxReceives": 0}}, "1"),
    ],
)
def test_a_queue_that_sqs_would_refuse_is_refused_first(given: dict[str, Any], allowed: str):
    with pytest.raises(ValidationError, match=allowed):
        queue(**given)


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({"fifo": True, "publishers": ["alarms"]}, "no `publishers`"),
        ({"fifo": True, "subscriptions": {"a": {"protocol": "email", "to": "a@b.co"}}}, "only"),
        ({"subscriptions": {"a": {"protocol": "email", "to": "nobody"}}}, "an address"),
        ({"subscriptions": {"a": {"protocol": "sms", "to": "0415 555"}}}, "14155550100"),
        ({"subscriptions": {"a": {"protocol": "https", "to": "http://a.b"}}}, "https://"),
        ({"subscriptions": {"a": {"protocol": "sms", "to": "+14155550100", "raw": True}}}, "raw"),
    ],
)
def test_a_topic_that_sns_would_refuse_is_refused_first(given: dict[str, Any], allowed: str):
    with pytest.raises(ValidationError, match=allowed):
        TopicSettings.model_validate_json(json.dumps(given))


@pytest.mark.parametrize(
    ("to", "message"), [("jbs", "did you mean `jobs`"), ("ordered", "which is fifo")]
)
def test_a_subscription_of_a_queue_that_cannot_take_it_is_refused(to: str, message: str):
    with pytest.raises(StackFileError, match=message):
        small_system(
            topics={"news": {"subscriptions": {"a": {"protocol": "queue", "to": to}}}},
            queues={"jobs": {}, "ordered": {"fifo": True}},
        )
