"""Samples of tables."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "tables": {"orders": {"partitionKey": {"name": "id"}, "stream": "both"}},
}

PRODUCERS: dict[str, Any] = {
    "tables": {"my-table": {"partitionKey": {"name": "id"}}},
}

USES: tuple[dict[str, Any], ...] = (
    {"table": "my-table"},
    {"table": "my-table", "as": "TABLE_NAME"},
)
