"""A report in whose every text something hostile stands."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any, TypeVar

from trellis.report.content import Content

HOSTILE = "<img src=x onerror=window.pwned=1>\"'</script><script>window.pwned=1</script>&amp;\x07"

T = TypeVar("T")


def hostile_content(content: Content) -> Content:
    """The content with the hostile text after every name, description and value that is shown."""
    return dataclasses.replace(
        content,
        plan=_recording(content.plan),
        deployed=_recording(content.deployed),
        verdicts=_spoilt(content.verdicts),
        priced=dataclasses.replace(content.priced, estimate=_estimate(content.priced.estimate)),
        budgets=tuple(dataclasses.replace(b, name=b.name + HOSTILE) for b in content.budgets),
        matrix=dataclasses.replace(
            content.matrix,
            connections=tuple(_spoilt(c) for c in content.matrix.connections),
            accesses=tuple(_spoilt(a) for a in content.matrix.accesses),
        ),
        picture=_spoilt(content.picture, keep=("style", "kind", "id", "source", "target")),
    )


def _recording(recording: Any) -> Any:
    resources = tuple(
        dataclasses.replace(
            resource,
            name=resource.name + HOSTILE,
            inputs={k: _text(v) for k, v in resource.inputs.items()},
        )
        for resource in recording
    )
    outputs = {name + HOSTILE: _text(value) for name, value in recording.outputs.items()}
    return dataclasses.replace(
        recording, project=recording.project + HOSTILE, stack=recording.stack + HOSTILE,
        resources=resources, outputs=outputs,
    )  # fmt: skip


def _estimate(estimate: Any) -> Any:
    return dataclasses.replace(
        estimate,
        parts=tuple(
            dataclasses.replace(
                part,
                owner=tuple(f"{word}{HOSTILE}" for word in part.owner),
                single_lines=tuple(
                    dataclasses.replace(
                        line,
                        charge=dataclasses.replace(line.charge, what=line.charge.what + HOSTILE),
                    )
                    for line in part.single_lines
                ),
            )
            for part in estimate.parts
        ),
        not_priced=tuple(
            dataclasses.replace(row, what=row.what + HOSTILE, why=row.why + HOSTILE)
            for row in estimate.not_priced
        ),
    )


def _text(value: Any) -> Any:
    return value + HOSTILE if isinstance(value, str) else value


def _spoilt(value: T, keep: tuple[str, ...] = ("urn", "urns")) -> T:
    """Every text of a tree of frozen dataclasses, with the hostile one behind."""
    if isinstance(value, enum.Enum):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: _spoilt(getattr(value, field.name), keep)
            for field in dataclasses.fields(value)
            if field.name not in keep and field.init
        }
        return dataclasses.replace(value, **changes)
    if isinstance(value, str):
        return value + HOSTILE  # pyright: ignore[reportReturnType]
    if isinstance(value, tuple):
        return tuple(_spoilt(element, keep) for element in value)  # pyright: ignore[reportReturnType, reportUnknownVariableType]
    if isinstance(value, Mapping):
        return {k: _spoilt(v, keep) for k, v in value.items()}  # pyright: ignore[reportReturnType, reportUnknownVariableType]
    return value
