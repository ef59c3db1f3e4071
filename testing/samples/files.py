"""Samples of file systems."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "fileSystems": {"uploads": {}},
}

PRODUCERS: dict[str, Any] = {
    "fileSystems": {"my-uploads": {}},
}

USES: tuple[dict[str, Any], ...] = ({"files": "my-uploads", "at": "/srv/uploads"},)
