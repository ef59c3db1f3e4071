"""A picture as data: boxes, things, arrows and texts, each with its place in pixels."""

from __future__ import annotations

from dataclasses import dataclass

from trellis.diagram.graph import Graph, Node
from trellis.diagram.lettering import width


@dataclass(frozen=True)
class Rect:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: Rect) -> bool:
        """Whether two share more than a border."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


@dataclass(frozen=True)
class Text:
    """A line of text, and the room it takes."""

    text: str
    x: float
    y: float
    """Baseline."""
    style: str
    """Of `lettering`."""
    room: Rect


@dataclass(frozen=True)
class Drawn:
    """A thing in its place, or the head of a box."""

    node: Node | None
    rect: Rect
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Box:
    """A region, network, tier or place outside."""

    kind: str
    """`region`, `vpc`, `tier` or `outside`."""
    rect: Rect
    label: Text | None


@dataclass(frozen=True)
class Arrow:
    """A line from a thing to another, in right angles."""

    source: str
    target: str
    kind: str
    label: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Picture:
    """A whole picture."""

    graph: Graph
    width: float
    height: float
    boxes: tuple[Box, ...]
    things: tuple[Drawn, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[Text, ...]
    legend: tuple[Text, ...]


def text_at(text: str, x: float, y: float, style: str) -> Text:
    """A line of text with the room it takes."""
    return Text(text, x, y, style, Rect(x, y - 9, width(text, style), 11))
