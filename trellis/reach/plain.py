"""Values of a recording without their marks."""

from __future__ import annotations

from typing import Any

from trellis.planner.wire import UNKNOWN, Secret


def plain(value: Any, default: Any = None) -> Any:
    """A value without its mark; the default where it is absent or unknown."""
    if isinstance(value, Secret):
        value = value.value
    return default if value is None or value is UNKNOWN else value
