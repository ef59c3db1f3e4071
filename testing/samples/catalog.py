"""Samples of catalogs."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "catalogs": {
        "lake": {
            "from": {"put": True},
            "bucket": "data",
            "type": ".kind",
            "date": {"since": "2026-11-01"},
            "tables": {"clicks": {"columns": {"page": "string"}}},
            "crawlers": {"exports": {"prefix": "exports/", "schedule": "cron(0 5 * * ? *)"}},
        }
    },
}

PRODUCERS: dict[str, Any] = {
    "catalogs": {
        "my-lake": {
            "from": {"put": True},
            "bucket": "a",
            "type": ".kind",
            "date": {"since": "2026-11-01"},
            "tables": {"clicks": {"columns": {"page": "string"}}},
        }
    },
}

USES: tuple[dict[str, Any], ...] = ({"catalog": "my-lake"},)
