"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

CATALOG_NAME = Kind(
    "catalog", 255, r"[a-z0-9_]+", "CreateDatabase (Glue): Name", lower=True, separator="_"
)
CRAWLER_NAME = Kind("crawler", 255, r"[\w-]+", "Adding an AWS Glue crawler: name")
