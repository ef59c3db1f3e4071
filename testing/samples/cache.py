"""Samples of caches."""

from __future__ import annotations

from typing import Any

from testing.small_systems import CACHE

WATCHED: dict[str, Any] = {
    "caches": {"main": CACHE},
}

PRODUCERS: dict[str, Any] = {
    "caches": {
        "main": CACHE,
        "signed": {**CACHE, "users": {"app": {"authentication": "iam"}}},
    },
}

USES: tuple[dict[str, Any], ...] = (
    {"cache": "main"},
    {"cache": "signed", "prefix": "SIGNED_"},
)
