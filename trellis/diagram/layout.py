"""The picture of a graph: boxes around what stands together, things, and arrows in right angles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from trellis.diagram.graph import APART, COMPUTE, DATA, ENTRY, REGIONAL, Graph
from trellis.diagram.lettering import DETAIL, LABEL, TITLE, width, wrapped
from trellis.diagram.picture import Arrow, Box, Drawn, Picture, Rect, Text, text_at
from trellis.diagram.placing import (
    BOX_LABEL,
    GLYPH,
    LEAST_WIDTH,
    LINE,
    MARGIN,
    PADDING,
    PORT,
    TITLE_HEIGHT,
    Cell,
    Places,
)

IN_NETWORK = (ENTRY, COMPUTE, DATA)
IN_REGION = (*IN_NETWORK, APART, REGIONAL)

LEGEND = 15
"""Height of a line of the legend."""


def layout(graph: Graph) -> Picture:
    """Place a graph."""
    return _Drawing(Places(graph)).picture()


class _Drawing:
    """What to draw, from the places."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def picture(self) -> Picture:
        """What to draw."""
        things = tuple(
            self._drawn(cell) for cell in (*self.places.heads, *self.places.cells.values())
        )
        arrows = tuple(self._arrows())
        labels = tuple(self._labels())
        legend = tuple(self._legend())
        height = (legend[-1].y if legend else self.places.bottom) + MARGIN
        return Picture(
            self.places.graph,
            self.places.width,
            height,
            tuple(self._boxes()),
            things,
            arrows,
            labels,
            legend,
        )

    def _rect(self, cell: Cell) -> Rect:
        return Rect(self.places.x[cell.column], cell.y, self.places.wide(cell.column), cell.height)

    def _drawn(self, cell: Cell) -> Drawn:
        rect = self._rect(cell)
        texts: list[Text] = []
        y = rect.y + 5
        for text, style in cell.lines:
            y += LINE
            indent = GLYPH + 8 if cell.node is not None and style == TITLE else 6
            texts.append(text_at(text, rect.x + indent, y, style))
        return Drawn(cell.node, rect, tuple(texts))

    def _port(self, cell: Cell, side: Sequence[object], port: object) -> float:
        ports = len(side)
        first = cell.y + cell.height / 2 - PORT * (ports - 1) / 2 + 3
        return first + PORT * side.index(port)

    def _arrows(self) -> Iterator[Arrow]:
        for net in self.places.nets:
            target = self.places.cells[net.target]
            end = (self.places.x[target.column], self._port(target, target.left, net))
            line = net.line
            for source in net.sources:
                cell = self.places.cells[source]
                forward = cell.column < target.column
                side = cell.right if forward else cell.left
                y = self._port(cell, side, (line, source))
                x = self.places.x[cell.column] + (self.places.wide(cell.column) if forward else 0)
                points = [(x, y)]
                if cell.column in line.lanes:
                    leave = line.departures.get(cell.column, line.arrival)
                    lane = line.lane_y[cell.column]
                    points += [(leave, y), (leave, lane), (line.arrival, lane)]
                else:
                    points.append((line.arrival, y))
                points += [(line.arrival, end[1]), end]
                yield Arrow(source, net.target, net.kind, net.label, tuple(_straight(points)))

    def _labels(self) -> Iterator[Text]:
        for net in self.places.nets:
            target = self.places.cells[net.target]
            y = self._port(target, target.left, net)
            # Before the borders of all boxes that a thing may stand in.
            right = self.places.x[target.column] - PADDING + 2
            yield text_at(net.label, right - width(net.label, LABEL), y - 3, LABEL)

    def _boxes(self) -> Iterator[Box]:
        inside = [i for i, column in enumerate(self.places.order) if column in IN_NETWORK]
        region = [i for i, column in enumerate(self.places.order) if column in IN_REGION]
        top = float(TITLE_HEIGHT)
        if region:
            around = self._around(region, top, 16)
            # Lines in the gap below the last row are in the region too.
            rect = replace(around, height=max(around.height, self.places.bottom - top))
            label = text_at(f"Region {self.places.graph.region}", rect.x + 8, rect.y + 13, TITLE)
            yield Box("region", rect, label)
        placed = {
            head.column for head in self.places.heads if self.places.tier_of_head.get(id(head))
        }
        with_tier = [column for column in inside if column in placed]
        if self.places.graph.vpc and with_tier:
            rect = self._around(with_tier, top + BOX_LABEL, 11)
            label = text_at(f"VPC {self.places.graph.vpc}", rect.x + 8, rect.y + 13, TITLE)
            yield Box("vpc", rect, label)
        for head in self.places.heads:
            members = self._below(head)
            first = self._rect(head)
            last = self._rect(members[-1]) if members else first
            rect = Rect(first.x - 6, first.y - 3, first.width + 12, last.bottom - first.y + 8)
            tier = self.places.tier_of_head.get(id(head))
            yield Box("outside" if tier is None else "tier", rect, None)

    def _below(self, head: Cell) -> list[Cell]:
        later = [
            other.row
            for other in self.places.heads
            if other.column == head.column and other.row > head.row
        ]
        end = min(later, default=10_000)
        return sorted(
            (
                cell
                for cell in self.places.cells.values()
                if cell.column == head.column and head.row < cell.row < end
            ),
            key=lambda cell: cell.row,
        )

    def _around(self, columns: Sequence[int], top: float, padding: float) -> Rect:
        begins = self.places.begins.get(columns[0])
        left = self.places.x[columns[0]] - padding if begins is None else begins + 16 - padding
        right = self.places.x[columns[-1]] + self.places.wide(columns[-1]) + padding
        cells = (*self.places.heads, *self.places.cells.values())
        bottom = max(self._rect(cell).bottom for cell in cells if cell.column in columns)
        return Rect(left, top, right - left, bottom + padding - 2 - top)

    def _legend(self) -> Iterator[Text]:
        y = self.places.bottom + 26
        lines = [
            "solid: a connection, its port and whether it is TLS · red: from outside · "
            "dashed: access by a role, r reads, w writes",
            " · ".join(self.places.graph.notes),
        ]
        for line in lines:
            for text in wrapped(line, max(self.places.width, LEAST_WIDTH) - 2 * MARGIN, DETAIL, 8):
                yield text_at(text, MARGIN, y, DETAIL)
                y += LEGEND


def _straight(points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Points without those that say nothing."""
    kept: list[tuple[float, float]] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and (
            kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]
        ):
            kept[-1] = point
            continue
        kept.append(point)
    yield from kept
