"""Samples of mail."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "mail": {"main": {"domain": "example.com"}},
}

PRODUCERS: dict[str, Any] = {
    "mail": {"main": {"domain": "shop.example"}},
}

USES: tuple[dict[str, Any], ...] = ({"mail": "main"},)
