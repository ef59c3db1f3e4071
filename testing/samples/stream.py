"""Samples of streams."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "streams": {"clicks": {"consumers": ["lake"], "putBy": ["210987654321"]}},
}

PRODUCERS: dict[str, Any] = {
    "streams": {"my-clicks": {}},
}

USES: tuple[dict[str, Any], ...] = ({"stream": "my-clicks", "access": "put"},)
