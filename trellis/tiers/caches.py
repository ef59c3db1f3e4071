"""Caches of a stack file."""

from __future__ import annotations

from collections.abc import Mapping

from components.cache.cache import Cache
from components.cache.events import Receiver
from components.contracts import NetworkNeeds, Placement, SubnetTier
from components.keys.settings import Domain
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.stack_context import StackContext, data_placement, data_tier

ALERTS = "alerts"
"""Key of the topic whose receivers also hear of the caches."""


def cache_needs(settings: SystemSettings) -> NetworkNeeds:
    """Addresses that cache nodes take; they call nothing."""
    if settings.network is None or not settings.caches:
        return NetworkNeeds()
    taken = sum(
        each.nodes
        if each.cluster_mode is None
        else each.cluster_mode.shards * (1 + each.cluster_mode.replicas)
        for each in settings.caches.values()
    )
    return NetworkNeeds(addresses={data_tier(settings.network, settings.network.subnets): taken})


def make_caches(
    stack: StackContext, placements: Mapping[SubnetTier, Placement]
) -> dict[str, Cache]:
    """The caches, by the stack file's keys: in isolated subnets where there are some.

    Who receives alerts receives their events too; see `components.cache.events` for why that takes
    a topic of their own.
    """
    alerts = stack.settings.topics.get(ALERTS)
    receivers = {
        key: Receiver(each.protocol, each.to)
        for key, each in (alerts.subscriptions.items() if alerts is not None else ())
        if each.protocol != "queue"
    }
    return {
        key: Cache(
            key,
            settings,
            naming=stack.naming,
            where=stack.where,
            placement=data_placement(stack, placements),
            key_arn=stack.key(Domain.DATA),
            log_key_arn=stack.key(Domain.LOGS),
            receivers=receivers,
            protect=stack.protect,
            opts=stack.child,
        )
        for key, settings in stack.settings.caches.items()
    }
