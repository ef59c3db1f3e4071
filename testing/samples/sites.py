"""Samples of sites."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "sites": {"www": {"domain": "www.example.com", "content": {"path": "site"}, "pages": "files"}},
}
