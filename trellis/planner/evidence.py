"""A recording as the policy pack's evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from policies.guardrails.facts import ResourceFacts
from policies.guardrails.unknown import UNKNOWN as NOT_KNOWN
from trellis.planner.record import Recorded, Recording
from trellis.planner.wire import UNKNOWN, FileContent, Secret


def evidence(recording: Recording) -> list[ResourceFacts]:
    """The facts of every registration; secrets are unwrapped, the pack never prints a value."""
    return [_facts(resource) for resource in recording]


def _facts(resource: Recorded) -> ResourceFacts:
    outputs = _plain(resource.outputs)
    if resource.id:
        outputs["id"] = resource.id
    return ResourceFacts(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        inputs=_plain(resource.inputs),
        outputs=outputs or None,
        parent=resource.parent or None,
        provider=resource.provider.rsplit("::", 1)[0] or None,
        dependencies=resource.dependencies,
        property_dependencies=resource.property_dependencies,
    )


def _plain(value: Any) -> Any:
    if value is UNKNOWN:
        return NOT_KNOWN
    if isinstance(value, Secret):
        return _plain(value.value)
    if isinstance(value, FileContent):
        return {}  # what a file holds is no configuration
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in cast("Sequence[Any]", value)]
    return value
