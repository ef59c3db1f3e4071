"""A component made by itself is closed from the start; one that others let in is sealed once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from components.bucket.bucket import Bucket
from components.bucket.settings import BucketSettings
from components.contracts import AccountRegion, Trust
from components.messaging.queue import Queue
from components.messaging.settings import QueueSettings, TopicSettings
from components.messaging.topic import Topic
from components.naming import Naming
from components.parts.sealing import SealedError
from tests.components.small_systems import ACCOUNT, document
from trellis.planner.record import ProgramInput, Recording, record_program

COMMON: dict[str, Any] = {
    "naming": Naming("shop", "dev"),
    "where": AccountRegion(ACCOUNT, "us-east-1"),
    "key_arn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1",
}
MADE: dict[str, tuple[Callable[..., Bucket | Queue | Topic], str]] = {
    "bucket": (
        lambda **more: Bucket("receipts", BucketSettings(), **COMMON, **more),
        "aws:s3/bucketPolicy:BucketPolicy",
    ),
    "queue": (
        lambda **more: Queue("jobs", QueueSettings(), **COMMON, **more),
        "aws:sqs/queuePolicy:QueuePolicy",
    ),
    "topic": (
        lambda **more: Topic("news", TopicSettings(), **COMMON, **more),
        "aws:sns/topicPolicy:TopicPolicy",
    ),
}
TRUST = Trust("Somebody", {"Service": ("events.amazonaws.com",)}, ("sqs:SendMessage",))


def recorded(program: Callable[[], object]) -> Recording:
    given = ProgramInput("shop", "dev", {"aws:region": "us-east-1"})

    def whole() -> None:
        program()

    return record_program(whole, given)


@pytest.mark.parametrize("what", MADE)
def test_a_component_made_alone_takes_nothing_but_tls(what: str):
    make, policy = MADE[what]
    policies = recorded(make).of_type(policy)
    assert policies
    for element in policies:
        (statement,) = document(element)
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize("what", MADE)
def test_whoever_comes_later_is_let_in_where_that_was_asked_for(what: str):
    make, policy = MADE[what]

    def program() -> None:
        made = make(seal_later=True)
        made.trust(TRUST)
        made.seal()

    texts = [resource.inputs["policy"] for resource in recorded(program).of_type(policy)]
    assert "Somebody" in json.dumps(texts)


@pytest.mark.parametrize("what", MADE)
def test_trust_that_comes_too_late_is_refused_and_not_lost(what: str):
    make, _ = MADE[what]

    def trusting() -> None:
        make().trust(TRUST)

    def twice() -> None:
        made = make(seal_later=True)
        made.seal()
        made.seal()

    for program in (trusting, twice):
        with pytest.raises(SealedError, match="seal_later=True"):
            recorded(program)
