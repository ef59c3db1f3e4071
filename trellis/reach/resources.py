"""How the things of a system are shown, and their resources as declarations ask of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.parts.shown import Shown
from trellis.planner.recording import Recorded
from trellis.reach.plain import plain, wholly_plain
from trellis.reach.things import Thing, Things
from trellis.registry import SHOWN

KINDS: Mapping[str, Shown] = {shown.kind: shown for shown in SHOWN.values()}
"""How things of a kind are shown, as their tiers declare it."""


@dataclass(frozen=True)
class ResourcesOf:
    """The resources of one thing, as its declaration asks of them (`ShownResources`)."""

    thing: Thing
    things: Things

    def _of(self, type_: str) -> Iterator[Recorded]:
        return (found for found in self.things.resources(self.thing) if found.type == type_)

    def has(self, type_: str) -> bool:
        return any(True for _ in self._of(type_))

    def get(self, type_: str, key: str, default: Any = "") -> Any:
        first = next(self._of(type_), None)
        return default if first is None else plain(first.inputs.get(key), default)

    def every(self, type_: str, *keys: str) -> Sequence[tuple[Any, ...]]:
        return [
            tuple(wholly_plain(found.inputs.get(key), "") for key in keys)
            for found in self._of(type_)
        ]

    def pointing_here(self, type_: str, by: str, key: str) -> Sequence[Any]:
        found: list[Any] = []
        for resource in self.things.recording.of_type(type_):
            place = self.things.at(str(plain(resource.inputs.get(by), "")))
            owner = self.things.of(place) if place is not None else None
            if owner is not None and owner.id == self.thing.id:
                found.append(plain(resource.inputs.get(key), ""))
        return found
