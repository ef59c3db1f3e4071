"""A recording, its usage and its settings, looked up by what rules of prices ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.parts.asked import PricedResource
from trellis.planner.recording import Recorded, Recording
from trellis.price.usage import Usage
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
        self.by_urn: Mapping[str, Recorded] = {resource.urn: resource for resource in recording}
        """Every registration."""
        by_type: dict[str, list[Recorded]] = {}
        for resource in recording:
            by_type.setdefault(resource.type, []).append(resource)
        self.by_type: Mapping[str, Sequence[Recorded]] = by_type
        """Resources by type, in the program's order."""

    @property
    def region(self) -> str:
        """Of the stack."""
        return self.recording.region

    def of_type(self, type_: str) -> Sequence[Recorded]:
        """The resources of one type."""
        return self.by_type.get(type_, ())

    def behind(self, resource: PricedResource, key: str, type_: str) -> Recorded | None:
        """The resource of a type that an input of another comes from; None where there is none."""
        for urn in resource.property_dependencies.get(key, ()):
            found = self.by_urn.get(urn)
            if found is not None and found.type == type_:
                return found
        return None
