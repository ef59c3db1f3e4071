"""Samples of functions."""

from __future__ import annotations

from typing import Any

from testing.small_systems import ACCOUNT, IMAGE, REGION

WATCHED: dict[str, Any] = {
    "functions": {
        "answers": {
            "image": IMAGE,
            "subnets": "none",
            "routes": [
                {"api": "main", "path": "/items", "methods": ["GET"]},
                {"api": "fast", "path": "/items", "methods": ["GET"]},
            ],
        },
        "resize": {
            "image": IMAGE,
            "subnets": "private",
            "uses": [{"database": "main"}],
            "concurrency": {"provisioned": 1},
            "triggers": {
                "work": {"queue": "work"},
                "orders": {"table": "orders"},
                "clicks": {"stream": "clicks"},
                "daily": {"schedule": "rate(1 day)"},
            },
        },
    },
}

PRODUCERS: dict[str, Any] = {
    "functions": {
        "resize": {
            "image": {"uri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/r@sha256:{'0' * 64}"},
            "subnets": "none",
            "url": True,
        }
    },
}

USES: tuple[dict[str, Any], ...] = ({"function": "resize"},)
