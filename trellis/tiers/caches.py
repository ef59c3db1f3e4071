"""Caches of a stack file."""

from __future__ import annotations

from collections.abc import Mapping

from components.cache.cache import Cache
from components.contracts import Arn, NetworkNeeds, Placement, Tier
from components.keys.settings import Domain
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.ground import Ground, data_placement, data_tier


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
    ground: Ground, placements: Mapping[Tier, Placement], topic_arn: Arn | None
) -> dict[str, Cache]:
    """The caches, by the stack file's keys: in isolated subnets where there are some.

    Args:
        topic_arn: topic that hears of failovers and replaced nodes.
    """
    return {
        key: Cache(
            key,
            settings,
            naming=ground.naming,
            where=ground.where,
            placement=data_placement(ground, placements),
            key_arn=ground.key(Domain.DATA),
            log_key_arn=ground.key(Domain.LOGS),
            notification_topic_arn=topic_arn,
            protect=ground.protect,
            opts=ground.child,
        )
        for key, settings in ground.settings.caches.items()
    }
