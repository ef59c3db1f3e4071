"""Samples of keys."""

from __future__ import annotations

from typing import Any

from testing.small_systems import ACCOUNT, REGION

PRODUCERS: dict[str, Any] = {
    "existing": {"keys": {"signs": {"arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d"}}},
}

USES: tuple[dict[str, Any], ...] = ({"kms": "signs", "access": "sign"},)
