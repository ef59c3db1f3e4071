"""Samples of zones."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "zones": {"main": {"domain": "example.com", "dnssec": True}},
}
