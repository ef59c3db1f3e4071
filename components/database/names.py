"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

DATABASE_NAME = Kind(
    "database", 63, r"[a-z](-?[a-z0-9])*", "CreateDBInstance: DBInstanceIdentifier", lower=True
)
