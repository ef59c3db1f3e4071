"""Values of a recording without their marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from trellis.planner.wire import UNKNOWN, Secret


def plain(value: Any, default: Any = None) -> Any:
    """A value without its mark; the default where it is absent or unknown."""
    if isinstance(value, Secret):
        value = value.value
    return default if value is None or value is UNKNOWN else value


def wholly_plain(value: Any, default: Any = None) -> Any:
    """A value without its mark and those of what is in it."""
    value = plain(value, default)
    if isinstance(value, Mapping):
        inner = cast("Mapping[str, Any]", value)
        return {key: wholly_plain(element) for key, element in inner.items()}
    if isinstance(value, (list, tuple)):
        return [wholly_plain(element) for element in cast("Sequence[Any]", value)]
    return value
