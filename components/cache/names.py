"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

CACHE_NAME = Kind(
    "cache", 40, r"[a-z](-?[a-z0-9])*", "CreateReplicationGroup: ReplicationGroupId", lower=True
)
CACHE_USER_NAME = Kind(
    "cache user", 40, r"[a-z](-?[a-z0-9])*", "CreateUser (ElastiCache): UserId", lower=True
)
