"""What an edit does to tables."""

from __future__ import annotations

import json

from components.parts.changes import ANOTHER, Inputs, blocks, is_mapping


def attribute_types(before: Inputs, after: Inputs) -> str:
    """ "UpdateTable", `AttributeDefinitions`, 2026-11."""
    old, new = (
        {attribute["name"]: attribute["type"] for attribute in blocks(side, "attributes")}
        for side in (before, after)
    )
    other = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
    if not other:
        return ""
    return f"DynamoDB never changes the type of a key ({other[0]}: {ANOTHER})"


def expiry(before: Inputs, after: Inputs) -> str:
    """ "UpdateTimeToLive", 2026-11."""
    old, new = (
        ttl.get("attributeName") if is_mapping(ttl := side.get("ttl")) else None
        for side in (before, after)
    )
    if not old or not new or old == new:
        return ""
    return "DynamoDB expires by one attribute (take `ttl` away, and name the other an hour later)"


def recovery(old: Inputs, new: Inputs) -> str:
    was, is_ = (
        is_mapping(found := side.get("pointInTimeRecovery")) and found.get("enabled") is True
        for side in (old, new)
    )
    return "goes: the points in time that it can be restored to" if was and not is_ else ""


def indexes(old: Inputs, new: Inputs) -> str:
    """ "Managing Global Secondary Indexes" (DynamoDB Developer Guide, 2026-11)."""
    before, after = (
        {index["name"]: _shape(index) for index in blocks(side, "globalSecondaryIndexes")}
        for side in (old, new)
    )
    other = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    if not other:
        return ""
    return f"downtime: the index {other[0]} is made anew; nobody can search by it until it is full"


def _shape(index: Inputs) -> str:
    parts = {key: index[key] for key in index.keys() - {"readCapacity", "writeCapacity"}}
    return json.dumps(parts, sort_keys=True, default=str)


def stream(old: Inputs, new: Inputs) -> str:
    """ "Capturing changes" (DynamoDB Developer Guide, 2026-11)."""
    if not old.get("streamViewType") or old.get("streamViewType") == new.get("streamViewType"):
        return ""
    return "goes: what nobody has read from the stream yet; another one begins"
