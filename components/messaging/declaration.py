"""How topics and queues are declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from components.contracts import Domain
from components.messaging import queue, topic
from components.messaging.existing import EXISTING_QUEUE, EXISTING_TOPIC
from components.messaging.queue import Queue, queue_name
from components.messaging.settings import QueueSettings, TopicSettings
from components.messaging.topic import topic_name
from components.naming import Kind, Naming
from components.parts.adoption import Adopts, by_key
from components.parts.changes import Change, Downtime, Unique
from components.parts.declaration import (
    ACCESS,
    ROUTING,
    ComponentContext,
    Data,
    Resource,
    TakenName,
    Tier,
    Watched,
)
from components.parts.shown import Category, Shown, ShownResources


def _topic_names(key: str, settings: TopicSettings, naming: Naming) -> Iterator[TakenName]:
    yield TakenName("topic", partial(topic_name, key, settings, naming))


def _queue_names(key: str, settings: QueueSettings, naming: Naming) -> Iterator[TakenName]:
    yield TakenName("queue", partial(queue_name, key, settings, naming))
    if settings.dead_letters != "none":
        yield TakenName("queue", partial(queue_name, f"{key}-dead-letters", settings, naming))


def _make_queue(key: str, settings: QueueSettings, stack: ComponentContext) -> Queue:
    return Queue(
        key,
        settings,
        naming=stack.naming,
        where=stack.where,
        key_arn=stack.key(Domain.MESSAGES),
        seal_later=True,
        opts=stack.child,
    )


def _receivers(resources: ShownResources) -> str:
    """By what ways its messages are told."""
    found = resources.pointing_here(
        "aws:sns/topicSubscription:TopicSubscription", "topic", "protocol"
    )
    return f"to {', '.join(dict.fromkeys(map(str, found)))}" if found else ""


TIERS = (
    Tier(
        field="topics",
        settings=TopicSettings,
        components={
            "trellis:messaging:Topic": Shown(
                "topic",
                glyph="M3 7v4h3l6 4V3L6 7zM14 7v4",
                category=Category.MESSAGES,
                icon=r"(Simple-Notification-Service|\bSNS)",
                detail=_receivers,
                rank=3,
            ),
        },
        resources={
            "aws:sns/topic:Topic": Resource(
                "those of the stack file tell of failed deliveries; a cache's own carries "
                "events that its alarms tell too",
                facts=("name",),
                unique=Unique("region", ("name",)),
                change=Change(downtime=Downtime("what is published meanwhile is refused")),
            ),
            "aws:sns/topicPolicy:TopicPolicy": Resource(ACCESS, change=Change(same=("arn",))),
            "aws:sns/topicSubscription:TopicSubscription": Resource(
                "its topic tells of failed deliveries",
                change=Change(same=("topic", "protocol", "endpoint")),
            ),
        },
        keys=frozenset({Domain.MESSAGES}),
        offer=topic.OFFER,
        existing=(EXISTING_TOPIC,),
        adopts=Adopts(
            ("aws:sns/topic:Topic",),
            over=("policy",),
            also=("subscriptions",),
            name=topic_name,
            given=by_key(Kind.TOPIC),
        ),
        names=_topic_names,
    ),
    Tier(
        field="queues",
        settings=QueueSettings,
        components={
            "trellis:messaging:Queue": Shown(
                "queue",
                glyph="M2 6h3v6H2zM7.500 6h3v6h-3zM13 6h3v6h-3z",
                category=Category.MESSAGES,
                icon=r"(Simple-Queue-Service|\bSQS)",
                rank=2,
            ),
        },
        resources={
            "aws:sqs/queue:Queue": Resource(
                Watched(("ApproximateNumberOfMessagesVisible",)),
                facts=("name",),
                data=Data("messages", "name", "let consumers empty it first"),
                unique=Unique("region", ("name",)),
                change=Change(
                    moves="its address",
                    shorter={"messageRetentionSeconds": ("messages older than", "seconds")},
                ),
            ),
            "aws:sqs/queuePolicy:QueuePolicy": Resource(ACCESS, change=Change(same=("queueUrl",))),
            "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": Resource(ROUTING),
        },
        keys=frozenset({Domain.MESSAGES}),
        offer=queue.OFFER,
        existing=(EXISTING_QUEUE,),
        adopts=Adopts(
            ("aws:sqs/queue:Queue",),
            over=("policy", "redrive policy"),
            made=("dead-letter queue",),
            name=queue_name,
            given=by_key(Kind.QUEUE),
        ),
        names=_queue_names,
        make=_make_queue,
    ),
)
"""What this package adds to a stack file."""
