"""What AWS allows in the names that this package gives (each service's API reference, 2026-11)."""

from __future__ import annotations

from components.naming import Kind

LOG_DELIVERY_NAME = Kind("log delivery", 60, r"[\w-]+", "PutDeliverySource: name")
