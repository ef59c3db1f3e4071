"""What is refused of functions because of the rest of the stack file, in words to act on."""

from __future__ import annotations

from typing import Any

import pytest

from components.functions.lambda_function import check_environment
from tests.components.functions.test_lambda_functions import APP, system
from tests.components.small_systems import DATABASE, NETWORK, small_system
from trellis.stackfile.problems import StackFileError

SHOT = {**NETWORK, "nat": "none", "endpoints": ["s3"]}
TABLE = {"partitionKey": {"name": "id"}}

CASES: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "subnets and no network": (
        {"subnets": "private"},
        {},
        ["functions.app.subnets", "`subnets: none`"],
    ),
    "subnets that the network has not": (
        {"subnets": "isolated"},
        {"network": NETWORK},
        ["functions.app.subnets", "private, public"],
    ),
    "a database from outside its network": (
        {"uses": [{"database": "main"}]},
        {"network": NETWORK, "databases": {"main": DATABASE}},
        ["functions.app.uses[0].database", "set functions.app.subnets: private"],
    ),
    "a secret's value as a variable": (
        {"uses": [{"secret": "token", "as": "TOKEN"}]},
        {"secrets": {"token": {}}},
        ["functions.app.uses[0].as", "TOKEN_SECRET_ARN"],
    ),
    "an unknown producer names the nearest": (
        {"uses": [{"secret": "tokne"}]},
        {"secrets": {"token": {}}},
        ["functions.app.uses[0].secret", "did you mean `token`?"],
    ),
    "a URL that is not there": (
        {"uses": [{"function": "app", "access": "url"}]},
        {},
        ["functions.app.uses[0].access", "`url: true` in functions.app"],
    ),
    "pools of any number of runs": (
        {"subnets": "private", "uses": [{"database": "main", "pool": 2}]},
        {"network": NETWORK, "databases": {"main": DATABASE}},
        ["functions.app.uses[0].pool", "concurrency.reserved"],
    ),
    "no way to what it uses": (
        {"subnets": "private", "uses": [{"queue": "work", "access": "send"}]},
        {"network": SHOT, "queues": {"work": {}}},
        ["functions.app", "no way to sqs"],
    ),
    "a queue that shows a message while it is worked on": (
        {"timeout": 90, "triggers": {"work": {"queue": "work"}}},
        {"queues": {"work": {"visibilitySeconds": 60}}},
        ["functions.app.triggers.work.queue", "visibilitySeconds: 540"],
    ),
    "a table without a stream": (
        {"triggers": {"changes": {"table": "orders"}}},
        {"tables": {"orders": TABLE}},
        ["functions.app.triggers.changes.table", "set tables.orders.stream: both"],
    ),
    "a stream that is not there": (
        {"triggers": {"clicks": {"stream": "clcks"}}},
        {"streams": {"clicks": {}}},
        ["functions.app.triggers.clicks.stream", "did you mean `clicks`?"],
    ),
    "a consumer that its stream does not have": (
        {"triggers": {"clicks": {"stream": "clicks", "consumer": "ap"}}},
        {"streams": {"clicks": {"consumers": ["app"]}}},
        ["functions.app.triggers.clicks.consumer", "did you mean `app`?"],
    ),
    "records that are gone by then": (
        {"triggers": {"clicks": {"stream": "clicks", "oldestHours": 48}}},
        {"streams": {"clicks": {"retentionHours": 24}}},
        ["functions.app.triggers.clicks.oldestHours", "24 at most"],
    ),
    "a topic that only queues hear": (
        {"triggers": {"news": {"topic": "news"}}},
        {"topics": {"news": {"fifo": True}}},
        ["functions.app.triggers.news.topic", "which is fifo"],
    ),
    "a queue that is not there": (
        {"triggers": {"work": {"queue": "wrok"}}},
        {"queues": {"work": {}}},
        ["functions.app.triggers.work.queue", "did you mean `work`?"],
    ),
    "its own lines": (
        {"triggers": {"lines": {"logs": "app"}}, "uses": [{"logs": "app"}]},
        {"monitoring": {"logs": {"app": {"name": "/shop/app"}}}},
        ["functions.app.triggers.lines.logs", "would call it again"],
    ),
    "one event for two": (
        {"triggers": {"one": {"bucket": "data", "prefix": "in/"}, "two": {"bucket": "data"}}},
        {"buckets": {"data": {}}},
        ["functions.app.triggers.two", "s3:ObjectCreated"],
    ),
    "what has no effect": (
        {"triggers": {"work": {"queue": "work", "timezone": "Europe/Vienna"}}},
        {"queues": {"work": {"visibilitySeconds": 180}}},
        ["functions.app.triggers.work", "`timezone` with schedule only"],
    ),
    "two kinds of trigger": (
        {"triggers": {"work": {"queue": "work", "topic": "news"}}},
        {"queues": {"work": {}}, "topics": {"news": {}}},
        ["functions.app.triggers.work", "exactly one of schedule, queue"],
    ),
    "an image that Lambda can't pull": (
        {"image": {"uri": f"docker.io/library/app@sha256:{'0' * 64}"}},
        {},
        ["functions.app.image.uri", "private repository of ECR in us-east-1"],
    ),
    "a repository that is made with the function": (
        {"image": {"repository": "app", "tag": "1"}},
        {},
        ["functions.app.image.repository", "repositories: {app: {}}"],
    ),
    "a folder and an image": (
        {"code": {"path": "functions/app", "handler": "app.handle"}},
        {},
        ["functions.app", "either `code` (a folder) or `image`"],
    ),
    "a variable that Lambda sets": (
        {"environment": {"AWS_REGION": "x"}},
        {},
        ["`environment` without AWS_REGION"],
    ),
    "staying inside of nothing": (
        {"internet": False},
        {},
        ["functions.app", "`internet: false` with `subnets` only"],
    ),
    "a queue of that name": (
        {},
        {"queues": {"app-failed-events": {}}},
        ["the queue shop-dev-app-failed-events"],
    ),
}


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_it_is_refused_in_words_to_act_on(case: str):
    app, tiers, words = CASES[case]
    with pytest.raises(StackFileError) as caught:
        system(app, **tiers)
    for word in words:
        assert word in str(caught.value)


def test_two_that_are_told_each_others_url_are_refused():
    one = {**APP, "url": True, "uses": [{"function": "two"}]}
    two = {**APP, "url": True, "uses": [{"function": "one"}]}
    with pytest.raises(StackFileError, match="a circle: one is told the URL of two"):
        small_system(functions={"one": one, "two": two})


def test_more_variables_than_lambda_keeps_are_refused():
    check_environment("app", {"A": "x" * 4_095})
    with pytest.raises(ValueError, match="4097 bytes"):
        check_environment("app", {"A": "x" * 4_096})


def test_a_function_without_a_way_out_brings_its_endpoints_and_one_with_a_way_brings_none():
    queue = {"uses": [{"queue": "work", "access": "send"}], "subnets": "private"}
    closed = system(queue, network={**NETWORK, "nat": "none"}, queues={"work": {}})
    found = {resource.name for resource in closed.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")}
    assert any("sqs" in name for name in found)
    assert not any("ecr" in name or "logs" in name for name in found)
    open_ = system(queue, network=NETWORK, queues={"work": {}})
    assert not [
        resource
        for resource in open_.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
        if resource.inputs["vpcEndpointType"] == "Interface"
    ]
