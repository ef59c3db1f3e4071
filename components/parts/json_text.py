"""JSON text whose parts may come from AWS: plain where all of it is known from the start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

import pulumi


def json_text(value: Any) -> pulumi.Input[str]:
    """Compact JSON of a value that may hold outputs: text if it holds none, else an output."""
    if is_plain(value):
        return json.dumps(value, separators=(",", ":"))
    return pulumi.Output.json_dumps(value, separators=(",", ":"))


def is_plain(value: Any) -> bool:
    """Whether a value holds no outputs."""
    if isinstance(value, Mapping):
        return all(is_plain(each) for each in cast("Mapping[str, Any]", value).values())
    if isinstance(value, (list, tuple)):
        return all(is_plain(each) for each in cast("list[Any]", value))
    return not isinstance(value, pulumi.Output)
