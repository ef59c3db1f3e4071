"""How a component is shown: what it is called, and its place and glyph in diagrams.

Glyphs are our own, few strokes in a square of 18: AWS's icons may not be redrawn or recoloured (CC
BY-ND 2.0, "AWS Architecture Icons").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, Protocol


class Category(Enum):
    """What a component is for, and the colour of that."""

    EDGE = "#6b3fa0"
    COMPUTE = "#b35309"
    DATA = "#2f4fb5"
    STORAGE = "#3f6b1f"
    MESSAGES = "#a8215a"
    SECURITY = "#b3261e"
    OTHER = "#52606d"


class Column(IntEnum):
    """Columns of a diagram, in the direction in which requests go."""

    OUTSIDE = 0
    EDGE = 1
    ENTRY = 2
    COMPUTE = 3
    DATA = 4
    APART = 5
    """What runs in no subnet."""
    REGIONAL = 6
    """Services of the region."""


SQUARE = "M3 3h12v12H3z"
"""Of what has no glyph of its own."""

CLOCK = "M9 2a7 7 0 100 14 7 7 0 000-14zM9 5v4l3 2"
LAMBDA = "M4 15L9 5M6.5 3H8l5 12h2"


class ShownResources(Protocol):
    """The resources of one thing, as a diagram asks of them."""

    def has(self, type_: str) -> bool:
        """Whether it has a resource of a type."""
        ...

    def get(self, type_: str, key: str, default: Any = "") -> Any:
        """An input of its first resource of a type; the default also where it is not known yet."""
        ...

    def every(self, type_: str, *keys: str) -> Sequence[tuple[Any, ...]]:
        """Inputs of all its resources of a type."""
        ...

    def pointing_here(self, type_: str, by: str, key: str) -> Sequence[Any]:
        """An input of all resources of a type, whosever they are, whose input `by` names it."""
        ...


@dataclass(frozen=True)
class Opened:
    """A connection that something opens to a component."""

    by: str
    """Kind of what opens it, as in `load balancer`."""
    port: str
    """As in `443`, `8000-8010` or `any`."""


@dataclass(frozen=True)
class Shown:
    """How components of one type are shown."""

    kind: str
    """What one is called, as in `DNS zone`."""
    glyph: str = SQUARE
    """Path of SVG, stroked in the colour of its category."""
    category: Category = Category.OTHER
    column: Column = Column.REGIONAL
    icon: str = ""
    """A regular expression of what AWS's own package calls the icon."""
    hidden: bool = False
    """Whether a diagram leaves it out: it is told in words beside it, or belongs to everything."""
    grouped: str = ""
    """What many of the kind, which stand as one, are called, as in `secrets`."""
    title: str = ""
    """What the group is titled, where that would be too long."""
    part: str = ""
    """The first part of its id, where components of several types stand under one part of the
    stack file; else that part."""
    runs: bool = False
    """Whether it runs by itself: without a subnet it stands apart, and its access is an arrow."""
    acts: bool = False
    """Whether its access to others is an arrow though it runs elsewhere."""
    detail: Callable[[ShownResources], str] | None = None
    """The line under its name; None where the name says enough."""
    encryption: Callable[[ShownResources, Opened], str] | None = None
    """Whether what goes over a connection to it is encrypted, in the words of
    `components.parts.in_transit`; None where nothing opens one, or by port 443 alone."""
    rank: int = 0
    """Where it stands among the services of the region, from the top."""
