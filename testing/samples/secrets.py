"""Samples of secrets."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "secrets": {
        "signing": {"kind": "generated"},
        "login": {"kind": "credentials", "database": "main", "user": "web"},
        "reports": {
            "kind": "credentials",
            "database": "main",
            "dbName": "reports",
            "user": "reports",
        },
    },
}

PRODUCERS: dict[str, Any] = {
    "secrets": {
        "plain": {},
        "random": {"kind": "generated"},
        "rds": {"kind": "credentials", "database": "main"},
    },
    "existing": {"parameters": {"my-flag": {"name": "/shop/flag"}}},
}

USES: tuple[dict[str, Any], ...] = (
    {"secret": "plain"},
    {"secret": "random", "as": "PEPPER"},
    {"secret": "rds", "as": "DATABASE_URL"},
    {"secret": "rds", "as": "DATABASE_PASSWORD", "field": "password"},
    {"parameter": "my-flag"},
    {"parameter": "my-flag", "as": "FLAG"},
)
