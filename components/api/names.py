"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

API_NAME = Kind("api", 128, r"[\w .+-]+", "CreateApi: Name")
