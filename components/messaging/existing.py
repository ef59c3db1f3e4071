"""Topics and queues that exist already, of this account or another."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from components.contracts import AccountRegion, Link
from components.messaging.queue import OFFER as QUEUE
from components.messaging.queue import queue_grants
from components.messaging.topic import OFFER as TOPIC
from components.messaging.topic import topic_grants
from components.parts.existing import Existing, ExistingSettings, KeyArn, place_of

TopicArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$"
    ),
]
QueueArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}(\.fifo)?$"
    ),
]


class ExistingTopic(ExistingSettings):
    """A topic that somebody else made; one of another account must let this one publish."""

    arn: TopicArn
    """ARN of the topic in SNS."""
    key: KeyArn | None = None
    """The customer key that encrypts it, where one does."""


class ExistingQueue(ExistingSettings):
    """A queue that somebody else made; one of another account must let this one in."""

    arn: QueueArn
    """ARN of the queue in SQS."""
    key: KeyArn | None = None
    """The customer key that encrypts it, where one does."""


TOPIC_OFFER = TOPIC.of_existing(ExistingTopic)
QUEUE_OFFER = QUEUE.of_existing(ExistingQueue)


def queue_url(arn: str) -> str:
    """Where a queue is called.

    >>> queue_url("arn:aws:sqs:eu-west-1:123456789012:orders")
    'https://sqs.eu-west-1.amazonaws.com/123456789012/orders'
    """
    _, partition, _, region, account, name = arn.split(":")
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return f"https://sqs.{region}.{suffix}/{account}/{name}"


def _topic(key: str, settings: ExistingTopic, access: str | None, _: AccountRegion) -> Link:
    chosen = TOPIC_OFFER.chosen(key, settings, access)
    return Link(
        producer=f"topic-{key}",
        access=chosen,
        grants=topic_grants(key, settings.arn, settings.key, place_of(settings.arn)),
        environment=TOPIC_OFFER.environment(key, settings, {"arn": settings.arn}),
    )


def _queue(key: str, settings: ExistingQueue, access: str | None, _: AccountRegion) -> Link:
    chosen = QUEUE_OFFER.chosen(key, settings, access)
    return Link(
        producer=f"queue-{key}",
        access=chosen,
        grants=queue_grants(key, chosen, settings.arn, settings.key, place_of(settings.arn)),
        environment=QUEUE_OFFER.environment(key, settings, {"url": queue_url(settings.arn)}),
    )


EXISTING_TOPIC = Existing("topics", ExistingTopic, TOPIC_OFFER, _topic)
EXISTING_QUEUE = Existing("queues", ExistingQueue, QUEUE_OFFER, _queue)
