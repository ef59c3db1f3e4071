"""What a question about reachability is answered with: a verdict, the hops, the sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..unknown import Tri
from .cidrs import NOTHING, Addresses, covers_world, is_wide

# The source or target that stands for every public address.
INTERNET: Final = "internet"


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path: from whom to whom, on which port, through what, and whether encrypted."""

    source: str
    target: str
    port: int
    through: str
    encrypted: Tri

    @property
    def description(self) -> str:
        """The step in words."""
        words = {
            Tri.YES: "encrypted",
            Tri.NO: "not encrypted",
            Tri.UNKNOWN: "encryption not known",
        }
        return (
            f"{self.source} -> {self.target}:{self.port} {self.through} ({words[self.encrypted]})"
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the target is reachable, the best path found, and from which addresses.

    `sources` are the public addresses that certainly (or, for an unknown verdict, possibly) get
    through when asked from the internet; empty otherwise.
    """

    verdict: Tri
    hops: tuple[Hop, ...] = ()
    sources: Addresses = NOTHING

    @property
    def from_anywhere(self) -> bool:
        """Whether the sources are the whole internet, however it is written."""
        return covers_world(self.sources)

    @property
    def from_many(self) -> bool:
        """Whether the sources are more than particular networks (over a /8, or an IPv6 /32)."""
        return is_wide(self.sources)

    def __str__(self) -> str:
        path = "\n".join(f"  {hop.description}" for hop in self.hops)
        return f"reachable: {self.verdict.value}" + (f"\n{path}" if path else "")
