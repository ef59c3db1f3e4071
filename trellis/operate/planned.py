"""The plan beside the account that it is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trellis.operate.access import Access
from trellis.operate.system import System, plain
from trellis.planner.recording import Recorded


@dataclass(frozen=True)
class Planned:
    """What the checks are asked with."""

    system: System
    access: Access

    def named(self, type_: str, name: str) -> Iterator[tuple[str, Recorded]]:
        """The physical names that the plan fixes, with their resources.

        Args:
            name: the input that has the name.
        """
        for resource in self.system.recording.of_type(type_):
            value = plain(resource.inputs.get(name))
            if isinstance(value, str):
                yield value, resource

    @property
    def zones(self) -> tuple[str, ...]:
        """Availability zones of the planned subnets."""
        found = {zone for zone, _ in self.named("aws:ec2/subnet:Subnet", "availabilityZone")}
        return tuple(sorted(found))
