"""What ElastiCache offers: versions, parameter group families and node types.

Dated 2026-11. Sources: "Supported engines and versions", "Supported node types" and "Quotas for
ElastiCache" (Amazon ElastiCache User Guide). Redis OSS 5 and older are past standard support.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from components.parts.model import FieldError

EngineName = Literal["redis", "valkey"]

FAMILIES: Mapping[str, Mapping[str, str]] = {
    "redis": {"6.2": "redis6.x", "7.0": "redis7", "7.1": "redis7"},
    "valkey": {"7.2": "valkey7", "8.0": "valkey8", "8.1": "valkey8", "8.2": "valkey8"},
}
"""By engine and version."""

EXTENDED: Mapping[str, Mapping[str, str]] = {
    "redis": {"4.0.10": "redis4.0", "5.0.6": "redis5.0"},
    "valkey": {},
}
"""Versions past standard support, which AWS bills more for until 2029-01-31 ("ElastiCache Extended
Support", 2026-11). They know one AUTH token and no users, and export no logs."""

IAM_VERSIONS: Mapping[str, frozenset[str]] = {
    "redis": frozenset({"7.0", "7.1"}),
    "valkey": frozenset({"7.2", "8.0", "8.1", "8.2"}),
}
"""Versions whose users can sign in with an IAM token ("Authenticating with IAM")."""

NODE_TYPES: Mapping[str, tuple[str, ...]] = {
    "t3": ("micro", "small", "medium"),
    "t4g": ("micro", "small", "medium"),
    "m5": ("large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"),
    "m6g": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
    "m7g": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
    "r5": ("large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"),
    "r6g": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
    "r6gd": ("xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
    "r7g": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
}
"""Sizes by family."""

RETIRED = frozenset({"t1", "t2", "m1", "m2", "m3", "m4", "c1", "r3", "r4"})
"""Families that ElastiCache no longer makes."""

TIERED = "r6gd"
"""The family that keeps what is used least on local disks."""

MOST_NODES = 6
"""A primary and five replicas, without cluster mode or in one shard."""

MOST_CLUSTER_NODES = 500
"""Nodes of a cluster, at most; 90 before the quota is raised (L-DFE45DF3)."""


def family_of(engine: str, version: str) -> str:
    """Parameter group family of a version."""
    return {**FAMILIES[engine], **EXTENDED[engine]}[version]


def check_version(engine: str, version: str, *, extended: bool = False) -> None:
    """Refuse a version that the engine does not have, or that costs more and nobody asked for.

    Raises:
        ValueError: says which it has.
    """
    if version in EXTENDED[engine] and not extended:
        allowed = ", ".join(f'"{family}"' for family in FAMILIES[engine])
        raise FieldError(
            "version",
            f"`version` of {allowed} for {engine}; `extendedSupport: true` pays for older ones",
        )
    if version not in FAMILIES[engine] and version not in EXTENDED[engine]:
        older = ", ".join(f'"{old_version}"' for old_version in EXTENDED[engine])
        allowed = ", ".join(f'"{family}"' for family in FAMILIES[engine])
        raise FieldError(
            "version",
            f"`version` of {allowed} for {engine} (2026-11)"
            + (f", and with `extendedSupport: true` {older}" if older else ""),
        )


def check_node_type(node_type: str) -> None:
    """Refuse a node type that there is not.

    Raises:
        ValueError: says which there are.
    """
    prefix, _, rest = node_type.partition(".")
    family, _, size = rest.partition(".")
    if prefix != "cache" or not size:
        raise ValueError("`nodeType` such as cache.t4g.micro")
    if family in RETIRED:
        raise ValueError(f"`nodeType` of a current family: cache.{family} is no longer made")
    sizes = NODE_TYPES.get(family)
    if sizes is None:
        raise ValueError(f"`nodeType` of cache.{', cache.'.join(NODE_TYPES)}")
    if size not in sizes:
        raise ValueError(f"`nodeType` cache.{family} in a size of {', '.join(sizes)}")


def is_tiered(node_type: str) -> bool:
    """Whether the type needs data tiering switched on."""
    return node_type.startswith(f"cache.{TIERED}.")
