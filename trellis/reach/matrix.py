"""The whole of who reaches and may do what in one stack, and the part that one asks for."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trellis.planner.record import record
from trellis.planner.recording import Recording
from trellis.reach.access import Access, accesses, uses_of
from trellis.reach.beyond import KIND
from trellis.reach.network import Connection, connections
from trellis.reach.things import Thing, Things
from trellis.stackfile.layers import Layers
from trellis.stackfile.loading import read_stack
from trellis.stackfile.problems import Problem, StackFileError
from trellis.stackfile.resolution import resolve
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.suggesting import did_you_mean

VERSION = 1
ENDS = ("internet", KIND)
"""Kinds of things beyond the system."""

SUBJECT = "the question has"


@dataclass(frozen=True)
class Matrix:
    """Who may reach what, and who may do what."""

    recording: Recording
    things: Mapping[str, Thing]
    connections: tuple[Connection, ...]
    accesses: tuple[Access, ...]
    uses: Mapping[tuple[str, str], str]
    """By ids of both ends, the `uses` line that a connection or an access follows from."""

    def asked(self, source: str | None, target: str | None) -> Matrix:
        """Only what begins at one thing and, where it is given, ends at another.

        Raises:
            StackFileError: there is no such thing; says the nearest.
        """
        for name in (source, target):
            self._check(name)
        return Matrix(
            self.recording,
            self.things,
            tuple(c for c in self.connections if source in (None, c.source)
                  and target in (None, c.target)),
            tuple(a for a in self.accesses if source in (None, a.who)
                  and target in (None, a.target)),
            self.uses,
        )  # fmt: skip

    def _check(self, name: str | None) -> None:
        if name is None or name in self.names:
            return
        allowed = ", ".join(sorted(self.things))
        raise StackFileError(
            [Problem((), name, f"one of {allowed}", did_you_mean(name, sorted(self.names)))],
            subject=SUBJECT,
        )

    @property
    def names(self) -> frozenset[str]:
        """Ids of things, and principals of AWS that resources let in."""
        return frozenset({*self.things, *(access.who for access in self.accesses)})

    def path(self, source: str, target: str) -> list[Connection] | None:
        """The shortest chain of connections from one thing to another; None where there is none.

        Each link of it is what the network lets through; whether a service in between passes
        anything on is its own affair. Nothing goes on from the internet or another network.
        """
        by_source: dict[str, list[Connection]] = {}
        for connection in self.connections:
            by_source.setdefault(connection.source, []).append(connection)
        ways: dict[str, list[Connection]] = {source: []}
        queue = deque([source])
        while queue:
            here = queue.popleft()
            if here == target:
                return ways[here]
            if here != source and self.things[here].kind in ENDS:
                continue
            for connection in by_source.get(here, ()):
                if connection.target not in ways:
                    ways[connection.target] = [*ways[here], connection]
                    queue.append(connection.target)
        return None

    def as_json(self) -> dict[str, Any]:
        """As `docs/reach.md` describes it."""
        return {
            "version": VERSION,
            "project": self.recording.project,
            "stack": self.recording.stack,
            "things": [
                {"id": thing.id, "kind": thing.kind, "urn": thing.urn}
                for thing in self.things.values()
            ],
            "connections": [
                {
                    "from": c.source, "to": c.target, "port": c.port, "protocol": c.protocol,
                    "way": c.way, "encryption": c.encryption, "rule": c.rule,
                    "uses": self.uses.get((c.source, c.target), ""),
                }
                for c in self.connections
            ],
            "access": [
                {
                    "who": a.who, "role": a.role, "level": a.level, "actions": list(a.actions),
                    "target": a.target, "resources": list(a.resources),
                    "conditions": list(a.conditions), "uses": a.uses, "statement": a.statement,
                }
                for a in self.accesses
            ],
        }  # fmt: skip


def matrix(
    recording: Recording, layers: Layers | None = None, settings: SystemSettings | None = None
) -> Matrix:
    """The matrix of a recording that was made as deployed."""
    things = Things(recording)
    return Matrix(
        recording,
        things.things,
        tuple(connections(things)),
        tuple(accesses(things, layers, settings)),
        uses_of(layers, settings),
    )


def matrix_of(project: Path, stack: str, config_file: Path | None = None) -> Matrix:
    """The matrix of a stack, with what is not started yet.

    Raises:
        StackFileError: the stack file is wrong.
    """
    recording = record(project, stack, "deployed", config_file=config_file, complete=True)
    files = read_stack(project, stack, config_file)
    resolution = resolve(files.config, files)
    return matrix(recording, resolution.layers, resolution.settings)
