"""JSON text whose parts may come from AWS: plain where all of it is known from the start."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi


@dataclass(frozen=True)
class _Place:
    """Stands in a value for one of its outputs."""

    number: int


def json_text(value: Any) -> pulumi.Input[str]:
    """Compact JSON of a value that may hold outputs: text if it holds none, else an output.

    Only its outputs become parts of the new output. `Output.json_dumps` makes one of every key and
    every plain value as well, which took a sixth of a plan.
    """
    outputs: list[pulumi.Output[Any]] = []
    template = _with_places(value, outputs)
    if not outputs:
        return _compact(template)
    return pulumi.Output.all(*outputs).apply(lambda known: _compact(_filled(template, known)))


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _with_places(value: Any, outputs: list[pulumi.Output[Any]]) -> Any:
    """A copy with a place for every output, which is appended to `outputs`."""
    if isinstance(value, pulumi.Output):
        outputs.append(cast("pulumi.Output[Any]", value))
        return _Place(len(outputs) - 1)
    if isinstance(value, Mapping):
        parts = cast("Mapping[str, Any]", value)
        return {key: _with_places(part, outputs) for key, part in parts.items()}
    if isinstance(value, (list, tuple)):
        return [_with_places(part, outputs) for part in cast("Sequence[Any]", value)]
    return value


def _filled(template: Any, known: Sequence[Any]) -> Any:
    if isinstance(template, _Place):
        return known[template.number]
    if isinstance(template, dict):
        parts = cast("dict[str, Any]", template)
        return {key: _filled(part, known) for key, part in parts.items()}
    if isinstance(template, list):
        return [_filled(part, known) for part in cast("list[Any]", template)]
    return template


def is_plain(value: Any) -> bool:
    """Whether a value holds no outputs."""
    if isinstance(value, Mapping):
        return all(is_plain(part) for part in cast("Mapping[str, Any]", value).values())
    if isinstance(value, (list, tuple)):
        return all(is_plain(part) for part in cast("Sequence[Any]", value))
    return not isinstance(value, pulumi.Output)
