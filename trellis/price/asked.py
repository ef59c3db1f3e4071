"""What a rule is asked about: one resource, and what it can find out around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from trellis.planner.recording import Recorded, Recording
from trellis.planner.wire import UNKNOWN, Secret
from trellis.price.lines import Reason
from trellis.price.spread import Spread
from trellis.price.usage import Usage
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.settings import SystemSettings


class Plan:
    """A recording, its usage and its settings, looked up by what rules ask for."""

    def __init__(
        self, recording: Recording, usage: Usage, settings: SystemSettings | None = None
    ) -> None:
        self.recording = recording
        self.usage = usage
        self.settings = settings
        """None where no stack file stands behind the recording."""

    @cached_property
    def by_urn(self) -> Mapping[str, Recorded]:
        """Every registration."""
        return {resource.urn: resource for resource in self.recording}

    @cached_property
    def by_type(self) -> Mapping[str, Sequence[Recorded]]:
        """Resources by type, in the program's order."""
        found: dict[str, list[Recorded]] = {}
        for resource in self.recording:
            found.setdefault(resource.type, []).append(resource)
        return found

    def of_type(self, type_: str) -> Sequence[Recorded]:
        """The resources of one type."""
        return self.by_type.get(type_, ())

    def behind(self, resource: Recorded, key: str, type_: str) -> Recorded | None:
        """The resource of a type that an input of another comes from; None where there is none."""
        for urn in resource.property_dependencies.get(key, ()):
            found = self.by_urn.get(urn)
            if found is not None and found.type == type_:
                return found
        return None


@dataclass(frozen=True)
class Asked:
    """One resource, and the part of the stack file that it belongs to."""

    resource: Recorded
    owner: KeyPath
    """As in `("databases", "main")`; only a part where it has no keys; empty where unknown."""
    plan: Plan

    def get(self, key: str, default: Any = None) -> Any:
        """An input, unwrapped; the default where it is not set or not known yet."""
        return known(self.resource.inputs.get(key), default)

    @property
    def key(self) -> str | None:
        """Of the stack file."""
        return str(self.owner[1]) if len(self.owner) > 1 else None

    def used(self, part: str, measure: str) -> tuple[Spread, Reason]:
        """What its own key, or its part, is used."""
        key = self.key if self.owner and self.owner[0] == _camel(part) else None
        return self.plan.usage.of(part, key, measure)

    def stated(self, part: str, measure: str) -> tuple[Spread, Reason] | None:
        """The same, only where it is stated."""
        key = self.key if self.owner and self.owner[0] == _camel(part) else None
        return self.plan.usage.stated(part, key, measure)

    @property
    def is_first(self) -> bool:
        """Whether it is the first of its type: what all of a type use together counts there."""
        return self.plan.of_type(self.resource.type)[0] is self.resource

    def because(self, text: str, *path: str | int) -> Reason:
        """A reason in a setting of its own part."""
        return Reason(text, (*self.owner, *path) if self.owner else ())


def known(value: Any, default: Any = None) -> Any:
    """A value without its mark; the default where it is absent or unknown."""
    if isinstance(value, Secret):
        value = value.value
    return default if value is None or value is UNKNOWN else value


def _camel(part: str) -> str:
    head, *rest = part.split("_")
    return head + "".join(word.title() for word in rest)
