"""What an edit does to streams."""

from __future__ import annotations

from components.parts.changes import Inputs


def shards(before: Inputs, after: Inputs) -> str:
    """ "UpdateShardCount": to twice or half as many at most, 2026-11."""
    old, new = (inputs.get("shardCount") or 0 for inputs in (before, after))
    if not old or not new or old / 2 <= new <= old * 2:
        return ""
    return f"Kinesis goes from {old} shards to {-(-old // 2)} to {old * 2} at once (do it in steps)"
