"""Samples of queries."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "queries": {"main": {"catalog": "lake", "results": "answers"}},
}

PRODUCERS: dict[str, Any] = {
    "queries": {"my-query": {"catalog": "my-lake", "results": "answers"}},
}

USES: tuple[dict[str, Any], ...] = ({"query": "my-query"},)
