"""How caches are declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from components.cache.cache import OFFER
from components.cache.changes import (
    cluster_mode,
    older,
    primary_moves,
    signs_in_otherwise,
    to_redis,
    token,
)
from components.cache.existing import EXISTING
from components.cache.names import CACHE_NAME
from components.cache.settings import CacheSettings
from components.contracts import Domain, NetworkNeeds
from components.naming import Naming
from components.parts.adoption import Adopts, by_key, named
from components.parts.changes import Change, Downtime, Unique
from components.parts.declaration import (
    ACCESS,
    CONFIGURATION,
    Data,
    NetworkShape,
    Resource,
    TakenName,
    Tier,
    Watched,
)
from components.parts.in_transit import ASKED_TLS, FORCED_TLS, NONE
from components.parts.shown import Category, Column, Opened, Shown, ShownResources
from components.parts.subnet_groups import subnets_in_use


def _names(key: str, settings: CacheSettings, naming: Naming) -> Iterator[TakenName]:
    setting = ("name",) if settings.name else ()
    yield TakenName("cache", partial(naming.of, CACHE_NAME, settings.name or key), setting)


def _needs(caches: Mapping[str, CacheSettings], network: NetworkShape) -> NetworkNeeds:
    """Addresses that nodes take; they call nothing."""
    taken = sum(
        cache.nodes
        if cache.cluster_mode is None
        else cache.cluster_mode.shards * (1 + cache.cluster_mode.replicas)
        for cache in caches.values()
    )
    return NetworkNeeds(addresses={network.data: taken} if caches else {})


def _detail(resources: ShownResources) -> str:
    """Engine, node type and how many nodes."""
    group = "aws:elasticache/replicationGroup:ReplicationGroup"
    nodes = resources.get(group, "numCacheClusters")
    count = f", {nodes} nodes" if nodes else ""
    return f"{resources.get(group, 'engine')} {resources.get(group, 'nodeType')}{count}"


def _encryption(resources: ShownResources, _: Opened) -> str:
    group = "aws:elasticache/replicationGroup:ReplicationGroup"
    for encrypted, mode in resources.every(
        group, "transitEncryptionEnabled", "transitEncryptionMode"
    ):
        if encrypted:
            return FORCED_TLS if mode in ("", "required") else ASKED_TLS
    return NONE


TIERS = (
    Tier(
        field="caches",
        settings=CacheSettings,
        components={
            "trellis:cache:Cache": Shown(
                "cache",
                glyph="M10 2L4 10h4l-1 6 7-9H9z",
                category=Category.DATA,
                column=Column.DATA,
                icon=r"ElastiCache",
                detail=_detail,
                encryption=_encryption,
            ),
        },
        resources={
            "aws:elasticache/parameterGroup:ParameterGroup": Resource(
                CONFIGURATION, facts=("family",), unique=Unique("region", ("name",))
            ),
            "aws:elasticache/replicationGroup:ReplicationGroup": Resource(
                Watched(
                    ("Evictions", "DatabaseMemoryUsagePercentage", "EngineCPUUtilization"),
                    ("replicationGroupId",),
                ),
                facts=(
                    "replicationGroupId",
                    "engine",
                    "engineVersion",
                    "nodeType",
                    "numCacheClusters",
                ),
                data=Data(
                    "what the cache holds",
                    "replicationGroupId",
                    "let applications fill it anew, or restore a snapshot",
                ),
                unique=Unique("region", ("replicationGroupId",)),
                change=Change(
                    moves="its endpoint",
                    downtime=Downtime("the cache is away meanwhile"),
                    shorter={"snapshotRetentionLimit": ("snapshots older than", "days")},
                    refusals=(
                        token,
                        cluster_mode,
                    ),
                    conditions={"engine": to_redis, "engineVersion": older},
                    meanings=(primary_moves, signs_in_otherwise),
                ),
            ),
            "aws:elasticache/subnetGroup:SubnetGroup": Resource(
                CONFIGURATION,
                unique=Unique("region", ("name",)),
                change=Change(refusals=(subnets_in_use,)),
            ),
            "aws:elasticache/user:User": Resource(
                ACCESS, facts=("userName", "accessString"), unique=Unique("region", ("userId",))
            ),
            "aws:elasticache/userGroup:UserGroup": Resource(
                ACCESS, unique=Unique("region", ("userGroupId",))
            ),
        },
        keys=frozenset({Domain.DATA}),
        offer=OFFER,
        existing=(EXISTING,),
        adopts=Adopts(
            ("aws:elasticache/replicationGroup:ReplicationGroup",),
            made=("security group", "parameter group", "users"),
            also=("log groups",),
            name=named(CACHE_NAME),
            given=by_key(CACHE_NAME),
        ),
        names=_names,
        needs=_needs,
    ),
)
"""What this package adds to a stack file."""
