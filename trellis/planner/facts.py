"""What a person would ask of a resource first, by type: the facts a plan shows beside its name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from trellis.planner.wire import UNKNOWN, FileContent, Secret, to_json
from trellis.registry import FACTS

if TYPE_CHECKING:
    from trellis.planner.record import Recorded

LATER = "(known after deployment)"


def facts(resource: Recorded, names: Mapping[str, str]) -> str:
    """The facts of one resource on one line, without those that were left out.

    Args:
        names: names of the plan's resources by URN, for what points at another resource.
    """
    shown = [
        _about(resource, key, names)
        for key in FACTS.get(resource.type, ())
        if resource.inputs.get(key) not in (None, "")
    ]
    return "  ".join(shown)


def _about(resource: Recorded, key: str, names: Mapping[str, str]) -> str:
    value = resource.inputs[key]
    sources = resource.property_dependencies.get(key, ())
    if value is UNKNOWN and len(sources) == 1:
        return f"→ {names.get(sources[0], sources[0])}"
    return _fact_text(value)


def _fact_text(value: Any) -> str:
    if value is UNKNOWN:
        return LATER
    if isinstance(value, Secret):
        return "(secret)"
    if isinstance(value, FileContent):
        several = isinstance(value.value, Mapping)
        return f"({len(value.value)} files)" if several else f"({value.kind})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (Mapping, list)):
        return json.dumps(to_json(value), separators=(", ", ": "), ensure_ascii=False)
    return str(value)


def lines(value: Any, indent: str = "") -> list[str]:
    """A value in full, a line a leaf, as `trellis plan --full` prints inputs.

    Policy documents and other JSON texts are opened up.
    """
    value = _opened(value)
    if isinstance(value, Mapping):
        found: list[str] = []
        for key, member in cast("Mapping[str, Any]", value).items():
            opened = _opened(member)
            if isinstance(opened, (Mapping, list)) and opened:
                found += [f"{indent}{key}:", *lines(opened, indent + "  ")]
            else:
                found.append(f"{indent}{key}: {_fact_text(opened)}")
        return found
    if isinstance(value, list):
        found = []
        for member in cast("list[Any]", value):
            inner = lines(member, indent + "  ")
            found += [f"{indent}- {inner[0].strip()}", *inner[1:]]
        return found or [f"{indent}[]"]
    return [f"{indent}{_fact_text(value)}"]


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "[") and value[-1:] in ("}", "]"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
