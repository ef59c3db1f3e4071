"""What an edit does to the tables of a catalog."""

from __future__ import annotations

import json

from components.parts.changes import Inputs, blocks, is_mapping


def columns(old: Inputs, new: Inputs) -> str:
    """ "Handle schema updates" (Amazon Athena User Guide, 2026-11)."""
    before, after = (
        {str(column["name"]): column.get("type") for column in blocks(_descriptor(side), "columns")}
        for side in (old, new)
    )
    other = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    if not other:
        return ""
    return (
        f"records that are there keep {other[0]} as {before[other[0]]}: Athena fails to read them "
        "as another type (add a column under another name)"
    )


def location(old: Inputs, new: Inputs) -> str:
    before, after = (
        json.dumps([_descriptor(side).get("location"), side.get("parameters", {}).get(
            "storage.location.template")])
        for side in (old, new)
    )  # fmt: skip
    if before == after:
        return ""
    return "records that are there are found no more: they lie where they were (move the objects)"


def _descriptor(side: Inputs) -> Inputs:
    found = side.get("storageDescriptor")
    return found if is_mapping(found) else {}
