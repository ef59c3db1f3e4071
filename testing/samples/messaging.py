"""Samples of queues and topics."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "queues": {"work": {}},
}

PRODUCERS: dict[str, Any] = {
    "topics": {"news": {}},
    "queues": {"my-jobs": {}},
}

USES: tuple[dict[str, Any], ...] = (
    {"topic": "news"},
    {"queue": "my-jobs", "access": "send"},
)
