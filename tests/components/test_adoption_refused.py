"""An identifier of another form, account, name or thing is refused at its place."""

from __future__ import annotations

from typing import Any

import pytest

from components.parts.identifiers import ID_FORMS
from tests.components.adopted_parts import KEY, LB, NLB
from tests.components.small_systems import NETWORK, small_system
from trellis.stackfile.looking_up_adopted import QUESTIONS
from trellis.stackfile.problems import StackFileError
from trellis.tiers.provider_types import is_type


@pytest.mark.parametrize("type_", sorted(ID_FORMS))
def test_every_form_takes_its_own_example(type_: str):
    assert is_type(type_)
    assert ID_FORMS[type_].read(ID_FORMS[type_].example) is not None


def balancer(part: str, arn: str, **more: Any) -> dict[str, Any]:
    name = arn.split("/")[2]
    return {part: {"main": {"adopt": arn, "name": name, "accessLogs": "none", **more}}}


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (
        {"buckets": {"files": {"adopt": "arn:aws:s3:::files", "bucketName": "files"}}},
        "buckets.files.adopt",
        "the name of the bucket, as in shop-uploads",
    ),
    (
        {"queues": {"jobs": {"adopt": "jobs", "physicalName": "jobs"}}},
        "queues.jobs.adopt",
        "the URL of the queue, as in https://sqs",
    ),
    (
        {"topics": {"all": {"adopt": {"id": "arn:aws:sns:eu-west-1:123456789012:all"},
                            "physicalName": "all"}}},
        "topics.all.adopt.id",
        "one of us-east-1, where this stack is",
    ),
    (
        {"topics": {"all": {"adopt": "arn:aws:sns:us-east-1:210987654321:all",
                            "physicalName": "all"}}},
        "topics.all.adopt",
        "one of 123456789012, the stack's",
    ),
    (
        {"tables": {"orders": {"partitionKey": {"name": "id"}, "adopt": "Orders"}}},
        "tables.orders.adopt",
        "say `physicalName: Orders` beside `adopt`",
    ),
    (
        {"buckets": {"files": {"adopt": "files-2019"}}},
        "buckets.files.adopt",
        "say `bucketName: files-2019` beside `adopt`",
    ),
    (
        {"network": NETWORK, **balancer("networkLoadBalancers", LB)},
        "networkLoadBalancers.main.adopt",
        "the ARN of the network load balancer, as in arn:aws:elasticloadbalancing:eu-west-1:"
        "123456789012:loadbalancer/net/shop/50dc6c495c0c9188",
    ),
    (
        {"network": NETWORK, **balancer("loadBalancers", NLB)},
        "loadBalancers.main.adopt",
        "the ARN of the load balancer, as in",
    ),
    (
        {"network": NETWORK,
         **balancer("networkLoadBalancers", NLB, scheme="internal", name=None)},
        "networkLoadBalancers.main.adopt",
        "shop-dev-nlb-main-internal",
    ),
    (
        {"zones": {"main": {"domain": "example.com", "existing": True, "adopt": "Z1D633PJN98FT9"}}},
        "zones.main.adopt",
        "taken over, or left to its owner",
    ),
    (
        {"tables": {
            "one": {"partitionKey": {"name": "id"}, "adopt": "Same", "physicalName": "Same"},
            "two": {"partitionKey": {"name": "id"}, "adopt": "Same", "physicalName": "Same"},
        }},
        "tables.two.adopt",
        "one entry for what exists once",
    ),
    (
        {"keys": {"sharing": "shared", "adopt": {"logs": KEY}}},
        "keys.adopt.logs",
        "that of `data`",
    ),
    (
        {"queues": {"jobs": {"physicalName": "Jobs.fifo"}}},
        "queues.jobs",
        "ends in .fifo with `fifo: true`",
    ),
    (
        {"tables": {"orders":
            {"partitionKey": {"name": "id"}, "name": "o", "physicalName": "O-1"}}},
        "tables.orders",
        "either `name` or `physicalName`",
    ),
    (
        {"buckets": {"files": {"bucketName": "files-1", "adopt": {
            "id": "files-1", "keeps": ["forceDestroyed"]}}}},
        "buckets.files.adopt.keeps[0]",
        "forceDestroy",
    ),
    (
        {"buckets": {"files": {"bucketName": "files-1", "adopt": {
            "id": "files-1",
            "also": [{"type": "aws:lb/listener:Listener", "name": "x", "id": "y"}]}}}},
        "buckets.files.adopt.also[0].id",
        "the ARN of the listener",
    ),
    (
        {"buckets": {"files": {"bucketName": "files-1", "accessLogs": "none", "adopt": {
            "id": "files-1",
            "also": [{"type": "aws:sqs/queue:Queue", "name": "x",
                      "id": "https://sqs.us-east-1.amazonaws.com/123456789012/x"}]}}}},
        "buckets.files.adopt.also[0].name",
        "the type and name of a resource that the plan shows",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "place", "message"), REFUSED)
def test_what_is_wrong_is_refused_at_its_place(settings: dict[str, Any], place: str, message: str):
    with pytest.raises(StackFileError) as refused:
        small_system(**settings)
    assert place in str(refused.value)
    assert message in str(refused.value)


def test_every_question_is_about_a_type_that_can_be_taken_over():
    assert QUESTIONS.keys() <= ID_FORMS.keys()
