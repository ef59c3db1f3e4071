"""What this package's resources cost.

Sources: "Amazon ElastiCache pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import HOURS, Charge, Free, NotPriced, Pricing, Row
from components.parts.spread import Spread


def cache(asked: Asked) -> Iterator[Pricing]:
    """Hours of each node, and snapshots."""
    class_, engine = asked.get("nodeType"), asked.get("engine", "redis")
    if class_ is None:
        yield NotPriced("node hours", "its node type is not known before deployment")
        return
    shards = asked.get("numNodeGroups")
    if shards is not None:
        nodes = shards * (1 + asked.get("replicasPerNodeGroup", 0))
    else:
        nodes = asked.get("numCacheClusters", 1)
    why = (asked.because(class_, "nodeType"), asked.because(f"{nodes} nodes", "nodes"))
    yield Charge(
        f"AmazonElastiCache/{class_}/{engine}/hour", f"node hours of {class_}",
        Spread.flat(nodes * HOURS), why,
    )  # fmt: skip
    if asked.get("snapshotRetentionLimit", 0):
        gb, reason = asked.used("caches", "backup_gb")
        yield Charge("AmazonElastiCache/backup/gbMonth", "snapshots", gb, (reason,))


RULES: Mapping[str, Rule] = {
    "aws:elasticache/replicationGroup:ReplicationGroup": cache,
}

_CACHE = Free("a setting of a cache that is priced", "Amazon ElastiCache pricing, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:elasticache/parameterGroup:ParameterGroup": _CACHE,
    "aws:elasticache/subnetGroup:SubnetGroup": _CACHE,
    "aws:elasticache/user:User": _CACHE,
    "aws:elasticache/userGroup:UserGroup": _CACHE,
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("caches", "backup_gb"): ((0, 1, 5), (0, 5, 25), (0, 25, 100)),
}  # fmt: skip
