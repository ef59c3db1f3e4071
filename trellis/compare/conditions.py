"""Properties that replace a resource for some values only, which no table of names can say.

Sources: `CustomizeDiff` of each resource in the Terraform AWS provider 5.100 (and 6, where noted).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trellis.compare.types import change


def suppressed(type_: str, before: Mapping[str, Any], after: Any) -> Any:
    """The new inputs with the old values where the provider takes the difference for none."""
    same = change(type_).same_anyway
    return after if same is None else same(before, after)


def holds(type_: str, path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a change of a replacing property replaces with these values."""
    condition = change(type_).conditions.get(path.split(".", maxsplit=1)[0])
    return condition is None or condition(before, after)
