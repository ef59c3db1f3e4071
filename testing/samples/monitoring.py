"""Samples of monitoring."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "monitoring": {
        "archive": {"bucket": "data"},
        "canaries": {"www": {"host": "www.example.com", "artifacts": "data"}},
    },
}

PRODUCERS: dict[str, Any] = {
    "monitoring": {
        "metrics": {"shop": {"namespace": "Shop", "metrics": {"orders": {"name": "Orders"}}}},
        "logs": {"app": {"name": "/shop/app"}},
    },
}

USES: tuple[dict[str, Any], ...] = (
    {"metrics": "shop"},
    {"logs": "app"},
)
