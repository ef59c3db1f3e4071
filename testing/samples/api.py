"""Samples of APIs."""

from __future__ import annotations

from typing import Any

WATCHED: dict[str, Any] = {
    "apis": {
        "main": {"authorizer": {"sharedSecret": {"secret": "signing"}}},
        "fast": {"kind": "http", "authorizer": {"userPool": "users"}},
    },
}

PRODUCERS: dict[str, Any] = {
    "apis": {"main": {"kind": "http", "authorizer": {"iam": True}}},
}

USES: tuple[dict[str, Any], ...] = ({"api": "main"},)
