"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

WORKGROUP_NAME = Kind("workgroup", 128, r"[a-zA-Z0-9._-]+", "CreateWorkGroup: Name")
