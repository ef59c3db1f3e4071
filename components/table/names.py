"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

TABLE_NAME = Kind("table", 255, r"[a-zA-Z0-9_.-]{3,}", "Naming rules in Amazon DynamoDB")
