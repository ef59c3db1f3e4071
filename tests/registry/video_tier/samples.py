"""Samples of video streams."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {"videos": {"door": {}}}

PRODUCERS: dict[str, Any] = {"videos": {"my-door": {}}}

USES: tuple[dict[str, Any], ...] = ({"video": "my-door", "access": "put"},)
