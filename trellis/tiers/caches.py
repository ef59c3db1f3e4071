"""Caches of a stack file."""

from __future__ import annotations

from components.cache.cache import Cache
from components.cache.events import Receiver
from components.contracts import Domain, Severity
from trellis.stackfile.implied import ALARM_TOPICS
from trellis.tiers.stack_context import StackContext


def make_caches(stack: StackContext) -> dict[str, Cache]:
    """The caches, by the stack file's keys: in the subnets that `network.dataSubnets` says.

    Who receives alerts receives their events too; see `components.cache.events` for why that takes
    a topic of their own.
    """
    alerts = stack.settings.topics.get(ALARM_TOPICS[Severity.NOTIFY])
    receivers = {
        key: Receiver(subscription.protocol, subscription.to)
        for key, subscription in (alerts.subscriptions.items() if alerts is not None else ())
        if subscription.protocol != "queue"
    }
    return {
        key: Cache(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            placement=stack.data_placement(),
            key_arn=stack.key(Domain.DATA),
            log_key_arn=stack.key(Domain.LOGS),
            receivers=receivers,
            protect=stack.protect,
            opts=stack.child,
        )
        for key, settings in stack.settings.caches.items()
    }
