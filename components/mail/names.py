"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

CONFIGURATION_SET_NAME = Kind("configuration set", 64, r"[A-Za-z0-9_-]+", "ConfigurationSet: Name")
