"""Properties whose change makes AWS's provider replace a resource: those of `trellis compare`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from trellis.compare import conditions, replacing
from trellis.compare.values import differences, plain


def replaced_by(
    type_: str, before: Mapping[str, Any], after: Mapping[str, Any], changed: Collection[str]
) -> tuple[str, ...]:
    """Which of the changed properties replace a resource with these inputs.

    Args:
        changed: names of properties that differ.
    """
    old, new = (
        {key: plain(value, Path()) for key, value in side.items() if key in changed}
        for side in (before, after)
    )
    found = differences(old, new, replacing.rules(type_).unordered)
    paths = [
        path
        for path in replacing.forcing(type_, found)
        if conditions.holds(type_, path, _opened(before), _opened(after))
    ]
    return tuple(dict.fromkeys(path.split(".")[0] for path in paths))


def _opened(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: getattr(value, "value", value) for key, value in inputs.items()}
