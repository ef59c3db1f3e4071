"""Topics, queues and mail identities of a stack file."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.bucket.bucket import Bucket
from components.contracts import Domain
from components.mail.identity import MailIdentity
from components.messaging.queue import Queue
from components.messaging.topic import Topic
from components.messaging.trusts import PUBLISH, SEND, bucket_trust, topic_trust
from trellis.tiers.stack_context import StackContext


def make_topics(stack: StackContext, queues: Mapping[str, Queue]) -> dict[str, Topic]:
    """The topics, by the stack file's keys; queues that subscribe let their topic in."""
    topics: dict[str, Topic] = {}
    for key, settings in stack.settings.topics.items():
        topic = Topic(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            key_arn=stack.key(Domain.MESSAGES),
            queue_arns={name: queue.created_arn for name, queue in queues.items()},
            seal_later=True,
            opts=stack.child,
        )
        for queue in {s.to for s in settings.subscriptions.values() if s.protocol == "queue"}:
            queues[queue].trust(topic_trust(key, topic.arn, stack.where))
        topics[key] = topic
    return topics


def seal_messaging(
    stack: StackContext,
    buckets: Mapping[str, Bucket],
    queues: Mapping[str, Queue],
    topics: Mapping[str, Topic],
) -> tuple[Mapping[tuple[str, str], pulumi.Output[str]], list[pulumi.Resource]]:
    """Make every queue's and topic's policy, last; each lets in the buckets that tell it.

    Returns:
        ARNs by kind (`topic`, `queue`) and key, and the policies that must be there before S3
        tries them.
    """
    receivers = {("queue", key): queue for key, queue in queues.items()} | {
        ("topic", key): topic for key, topic in topics.items()
    }
    for key, settings in stack.settings.buckets.items():
        for addressee in sorted(
            {
                (notification.to, notification.name)
                for notification in settings.notifications.values()
            }
        ):
            action = SEND if addressee[0] == "queue" else PUBLISH
            receivers[addressee].trust(bucket_trust(key, buckets[key].arn, stack.where, action))
    arns = {name: receiver.created_arn for name, receiver in receivers.items()}
    return arns, [receiver.seal() for receiver in receivers.values()]


def make_mail(
    stack: StackContext, zones: Mapping[str, pulumi.Input[str]] | None = None
) -> dict[str, MailIdentity]:
    """The mail identities, by the stack file's keys.

    Args:
        zones: ids of the zones that are ours, by domain.
    """
    return {
        key: MailIdentity(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            zone_id=(zones or {}).get(settings.domain),
            opts=stack.child,
        )
        for key, settings in stack.settings.mail.items()
    }
