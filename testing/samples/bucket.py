"""Samples of buckets."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "buckets": {"data": {"requestMetrics": True}, "answers": {}},
}

PRODUCERS: dict[str, Any] = {
    "buckets": {"a": {}, "b": {}, "answers": {}},
    "existing": {"buckets": {"there-already": {"name": "of-somebody-else"}}},
}

USES: tuple[dict[str, Any], ...] = (
    {"bucket": "a", "access": "read"},
    {"bucket": "b", "access": "readWrite"},
    {"bucket": "b", "access": "read", "prefix": "B_"},
    {"bucket": "there-already", "access": "read"},
)
