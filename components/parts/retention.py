"""How long CloudWatch Logs keeps a group."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)  # fmt: skip
"""Days CloudWatch Logs can keep a group ("PutRetentionPolicy", API Reference, 2026-11)."""


def _offered(days: int) -> int:
    if days not in RETENTION_DAYS:
        raise ValueError(f"one of {', '.join(map(str, RETENTION_DAYS))}")
    return days


Retention = Annotated[
    int, AfterValidator(_offered), Field(json_schema_extra={"enum": list(RETENTION_DAYS)})
]
"""Days CloudWatch keeps a log group; only these are offered."""
