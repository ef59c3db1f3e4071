"""Samples of models."""

from __future__ import annotations

from typing import Any

PRODUCERS: dict[str, Any] = {
    "models": {
        "here": {"provider": "bedrock", "id": "amazon.nova-lite-v1:0"},
        "elsewhere": {"provider": "openai", "secret": "plain"},
    },
}

USES: tuple[dict[str, Any], ...] = (
    {"model": "here"},
    {"model": "elsewhere"},
)
