"""Samples of the network."""

from __future__ import annotations

from typing import Any

from testing.small_systems import NETWORK

WATCHED: dict[str, Any] = {
    "network": NETWORK,
}
