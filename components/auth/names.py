"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

USER_POOL_NAME = Kind("user pool", 128, r"[\w\s+=,.@-]+", "CreateUserPool: PoolName")
