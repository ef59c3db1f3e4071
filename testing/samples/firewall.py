"""Samples of firewalls."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "firewalls": {"main": {}},
}
