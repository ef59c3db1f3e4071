"""Where everything stands: columns in the direction of requests, rows, and arrows between them.

The picture's graph is not any graph: requests go from outside through the edge and the network's
tiers to data. So things stand in columns, and arrows run only where nothing stands: up and down in
the gutters between columns, across in the gaps between rows. An arrow never meets a thing or a text
on its way, whatever the stack. Links to one target with one label share a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trellis.diagram.graph import (
    COMPUTE,
    DATA,
    EDGE,
    ENTRY,
    OUTSIDE,
    REGIONAL,
    Graph,
    Link,
    Node,
    by_column,
)
from trellis.diagram.lettering import DETAIL, LABEL, NOTE, TITLE, cut, width, wrapped

WIDTHS: Mapping[int, int] = {OUTSIDE: 98, ENTRY: 122, EDGE: 132}
NODE_WIDTH = 138
"""Pixels of a thing, by column and elsewhere."""

GLYPH = 18
MARGIN = 14
TITLE_HEIGHT = 34
BOX_LABEL = 18
PADDING = 17
"""From a thing to where labels end and tracks begin; borders of boxes stand in it."""

TRACK = 5
"""Between two lines in a gutter, and between two in a gap."""

PORT = 15
"""Between two lines at a thing: a label fits above each."""

GAP = 14
LINE = 12
"""Height of a line of text."""

LEGEND = 15
LEAST_WIDTH = 420

HOME_OF_TIER = {"public": ENTRY, "private": COMPUTE, "isolated": DATA}


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


@dataclass
class _Cell:
    """A thing, or the head of a tier, while its place is sought."""

    node: Node | None
    head: tuple[str, ...]
    column: int
    row: int = 0
    left: list[_Net | tuple[_Net, str]] = field(default_factory=list)
    right: list[tuple[_Net, str]] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    y: float = 0
    height: float = 0


@dataclass(eq=False)
class _Net:
    """Links to one target with one label."""

    target: str
    label: str
    kind: str
    sources: list[str]
    arrival: float = 0
    departures: dict[int, float] = field(default_factory=dict[int, float])
    """By column of the sources, the x of the line that leaves it for a gap between rows."""
    lanes: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    """By column of the sources, the gap and the line in it."""
    lane_y: dict[int, float] = field(default_factory=dict[int, float])


def layout(graph: Graph) -> Picture:
    """Place a graph."""
    return _Layout(graph).picture()


class _Layout:
    """One placing, step by step."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.columns = by_column(graph.nodes)
        self.empty = _empty_tiers(graph)
        self.order = sorted({*self.columns, *self.empty})
        self.cells: dict[str, _Cell] = {}
        self.heads: list[_Cell] = []
        self.tier_of_head: dict[int, str] = {}
        self.nets = _nets(graph.links, {node.id for node in graph.nodes})
        self._rows()
        self._ports()
        self._lanes()
        self._across()
        self._down()

    # Rows: each column from the top, by tier, the neighbours of what they talk to.

    def _rows(self) -> None:
        position: dict[str, float] = {}
        for index, column in enumerate(self.order):
            nodes = self.columns.get(column, [])
            ordered = sorted(
                nodes,
                key=lambda node: (_tier_rank(node), _kind_rank(node), self._pull(node, position)),
            )
            row = 0
            tier = "?"
            for node in ordered:
                if column in (ENTRY, COMPUTE, DATA) and node.tier != tier:
                    tier = node.tier
                    head = _Cell(None, self._head(column, tier), index, row)
                    self.heads.append(head)
                    self.tier_of_head[id(head)] = tier
                    row += 1
                elif column not in (ENTRY, COMPUTE, DATA) and row == 0:
                    self.heads.append(_Cell(None, self._head(column, ""), index, 0))
                    row += 1
                self.cells[node.id] = _Cell(node, (), index, row)
                position[node.id] = row
                row += 1
            for tier in self.empty.get(column, ()):
                head = _Cell(None, self._head(column, tier), index, row)
                self.heads.append(head)
                self.tier_of_head[id(head)] = tier
                row += 1

    def _pull(self, node: Node, position: Mapping[str, float]) -> tuple[float, str]:
        """Where the things that link to it stand, on average."""
        rows = [
            position[link.source]
            for link in self.graph.links
            if link.target == node.id and link.source in position
        ]
        return (sum(rows) / len(rows) if rows else 99, node.id)

    def _head(self, column: int, tier: str) -> tuple[str, ...]:
        if column == EDGE:
            return ("At the edge", "everywhere")
        if column == REGIONAL:
            return ("AWS services", "reached by API")
        if column not in (ENTRY, COMPUTE, DATA):
            return ("Outside",)
        subnets = next((each.subnets for each in self.graph.tiers if each.name == tier), ())
        zones = tuple(f"{subnet.zone[-2:]}  {subnet.cidr}" for subnet in subnets)
        return (f"{tier} subnets" if tier else "in no subnet", *zones)

    # Ports: where lines leave and enter each thing.

    def _ports(self) -> None:
        for net in self.nets:
            target = self.cells[net.target]
            target.left.append(net)
            for source in net.sources:
                cell = self.cells[source]
                if cell.column < target.column:
                    cell.right.append((net, source))
                else:
                    cell.left.append((net, source))
        for cell in (*self.cells.values(), *self.heads):
            cell.lines = list(_lines(cell, self._wide(cell.column)))
            text = 8 + LINE * len(cell.lines) + 4
            ports = max(len(cell.left), len(cell.right))
            cell.height = max(text, 34 if cell.node else 0, 8 + PORT * ports)

    # Lanes: which gap between rows a line crosses columns in.

    def _lanes(self) -> None:
        self.gap_lines: dict[int, int] = {}
        for net in self.nets:
            target = self.cells[net.target]
            for column in sorted({self.cells[source].column for source in net.sources}):
                if column in (target.column - 1, target.column):
                    continue
                rows = [
                    self.cells[source].row
                    for source in net.sources
                    if self.cells[source].column == column
                ]
                gap = (sum(rows) // len(rows) + target.row) // 2
                line = self.gap_lines.get(gap, 0)
                self.gap_lines[gap] = line + 1
                net.lanes[column] = (gap, line)

    # Across: the x of columns and of lines in the gutters.

    def _across(self) -> None:
        count = len(self.order)
        tracks: list[list[tuple[_Net, int | None]]] = [[] for _ in range(count + 1)]
        for net in self.nets:
            target = self.cells[net.target]
            tracks[target.column].append((net, None))
            for column in net.lanes:
                gutter = column + 1 if column < target.column else column
                if gutter != target.column:
                    tracks[gutter].append((net, column))
        labels = [
            max(
                (width(net.label, LABEL) for net in self.nets
                 if self.cells[net.target].column == column),
                default=0,
            )
            for column in range(count)
        ]  # fmt: skip
        self.x: list[float] = []
        x = float(MARGIN + PADDING)
        for column in range(count):
            lines = tracks[column]
            if lines or column:
                start = x
                for number, (net, departure) in enumerate(lines, 1):
                    if departure is None:
                        net.arrival = start + TRACK * number
                    else:
                        net.departures[departure] = start + TRACK * number
                x = start + TRACK * (len(lines) + 1) + labels[column] + PADDING
            self.x.append(x)
            x += self._wide(column) + PADDING
        self.width = max(x + MARGIN, LEAST_WIDTH)

    def _wide(self, column: int) -> float:
        return WIDTHS.get(self.order[column], NODE_WIDTH)

    # Down: the y of rows, and of lines in the gaps between them.

    def _down(self) -> None:
        everything = [*self.cells.values(), *self.heads]
        rows = max(cell.row for cell in everything) + 1
        y = float(TITLE_HEIGHT + BOX_LABEL * 2 + MARGIN)
        for row in range(rows):
            here = [cell for cell in everything if cell.row == row]
            for cell in here:
                cell.y = y
            y += max((cell.height for cell in here), default=0) + GAP / 2
            lines = self.gap_lines.get(row, 0)
            for net in self.nets:
                for column, (gap, line) in net.lanes.items():
                    if gap == row:
                        net.lane_y[column] = y + TRACK * (line + 0.5)
            y += TRACK * lines + GAP / 2
        self.bottom = y

    # The picture.

    def picture(self) -> Picture:
        """What to draw."""
        things = tuple(self._drawn(cell) for cell in (*self.heads, *self.cells.values()))
        arrows = tuple(self._arrows())
        labels = tuple(self._labels())
        legend = tuple(self._legend())
        height = (legend[-1].y if legend else self.bottom) + MARGIN
        return Picture(
            self.graph, self.width, height, tuple(self._boxes()), things, arrows, labels, legend
        )

    def _rect(self, cell: _Cell) -> Rect:
        return Rect(self.x[cell.column], cell.y, self._wide(cell.column), cell.height)

    def _drawn(self, cell: _Cell) -> Drawn:
        rect = self._rect(cell)
        texts: list[Text] = []
        y = rect.y + 5
        for text, style in cell.lines:
            y += LINE
            indent = GLYPH + 8 if cell.node is not None and style == TITLE else 6
            texts.append(_text(text, rect.x + indent, y, style))
        return Drawn(cell.node, rect, tuple(texts))

    def _port(self, cell: _Cell, side: Sequence[object], port: object) -> float:
        ports = len(side)
        first = cell.y + cell.height / 2 - PORT * (ports - 1) / 2 + 3
        return first + PORT * side.index(port)

    def _arrows(self) -> Iterator[Arrow]:
        for net in self.nets:
            target = self.cells[net.target]
            end = (self.x[target.column], self._port(target, target.left, net))
            for source in net.sources:
                cell = self.cells[source]
                forward = cell.column < target.column
                side = cell.right if forward else cell.left
                y = self._port(cell, side, (net, source))
                x = self.x[cell.column] + (self._wide(cell.column) if forward else 0)
                points = [(x, y)]
                if cell.column in net.lanes:
                    leave = net.departures.get(cell.column, net.arrival)
                    lane = net.lane_y[cell.column]
                    points += [(leave, y), (leave, lane), (net.arrival, lane)]
                else:
                    points.append((net.arrival, y))
                points += [(net.arrival, end[1]), end]
                yield Arrow(source, net.target, net.kind, net.label, tuple(_straight(points)))

    def _labels(self) -> Iterator[Text]:
        for net in self.nets:
            target = self.cells[net.target]
            y = self._port(target, target.left, net)
            right = self.x[target.column] - PADDING + 6
            yield _text(net.label, right - width(net.label, LABEL), y - 3, LABEL)

    def _boxes(self) -> Iterator[Box]:
        inside = [i for i, column in enumerate(self.order) if column in (ENTRY, COMPUTE, DATA)]
        region = [*inside, *(i for i, column in enumerate(self.order) if column == REGIONAL)]
        top = float(TITLE_HEIGHT)
        if region:
            rect = self._around(region, top, 16)
            label = _text(f"Region {self.graph.region}", rect.x + 8, rect.y + 13, TITLE)
            yield Box("region", rect, label)
        placed = {head.column for head in self.heads if self.tier_of_head.get(id(head))}
        with_tier = [column for column in inside if column in placed]
        if self.graph.vpc and with_tier:
            rect = self._around(with_tier, top + BOX_LABEL, 11)
            label = _text(f"VPC {self.graph.vpc}", rect.x + 8, rect.y + 13, TITLE)
            yield Box("vpc", rect, label)
        for head in self.heads:
            members = self._below(head)
            first = self._rect(head)
            last = self._rect(members[-1]) if members else first
            rect = Rect(first.x - 6, first.y - 3, first.width + 12, last.bottom - first.y + 8)
            tier = self.tier_of_head.get(id(head))
            yield Box("outside" if tier is None else "tier", rect, None)

    def _below(self, head: _Cell) -> list[_Cell]:
        later = [
            other.row
            for other in self.heads
            if other.column == head.column and other.row > head.row
        ]
        end = min(later, default=10_000)
        return sorted(
            (
                cell
                for cell in self.cells.values()
                if cell.column == head.column and head.row < cell.row < end
            ),
            key=lambda cell: cell.row,
        )

    def _around(self, columns: Sequence[int], top: float, padding: float) -> Rect:
        left = self.x[columns[0]] - padding
        right = self.x[columns[-1]] + self._wide(columns[-1]) + padding
        cells = (*self.heads, *self.cells.values())
        bottom = max(self._rect(cell).bottom for cell in cells if cell.column in columns)
        return Rect(left, top, right - left, bottom + padding - 2 - top)

    def _legend(self) -> Iterator[Text]:
        y = self.bottom + 26
        lines = [
            "solid: a connection, its port and whether it is TLS · red: from outside · "
            "dashed: access by a role, r reads, w writes",
            " · ".join(self.graph.notes),
        ]
        for line in lines:
            for text in wrapped(line, max(self.width, LEAST_WIDTH) - 2 * MARGIN, DETAIL, 8):
                yield _text(text, MARGIN, y, DETAIL)
                y += LEGEND


def _empty_tiers(graph: Graph) -> dict[int, list[str]]:
    """Tiers of the network in which nothing runs yet, by the column they are shown in."""
    used = {node.tier for node in graph.nodes}
    found: dict[int, list[str]] = {}
    for tier in graph.tiers:
        if tier.name not in used:
            found.setdefault(HOME_OF_TIER.get(tier.name, COMPUTE), []).append(tier.name)
    return found


def _nets(links: Sequence[Link], known: set[str]) -> list[_Net]:
    found: dict[tuple[str, str, str], _Net] = {}
    for link in links:
        if link.source not in known or link.target not in known:
            continue
        # What comes from outside has a line of its own.
        kind = "public" if link.source == "internet" else link.kind
        place = (link.target, link.label, kind)
        net = found.setdefault(place, _Net(link.target, link.label, kind, []))
        if link.source not in net.sources:
            net.sources.append(link.source)
    return list(found.values())


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


def _lines(cell: _Cell, wide: float) -> Iterator[tuple[str, str]]:
    """The texts of a thing, each with its style."""
    if cell.node is None:
        for number, text in enumerate(cell.head):
            yield (
                cut(text, wide - 12, TITLE if number == 0 else DETAIL),
                (TITLE if number == 0 else DETAIL),
            )
        return
    node = cell.node
    yield cut(node.title, wide - GLYPH - 14, TITLE), TITLE
    if node.kind not in node.title:
        yield cut(node.kind, wide - 12, DETAIL), DETAIL
    for text in wrapped(node.detail, wide - 12, DETAIL, 2):
        yield text, DETAIL
    for note in node.notes:
        yield cut(note, wide - 12, NOTE), NOTE


def _text(text: str, x: float, y: float, style: str) -> Text:
    return Text(text, x, y, style, Rect(x, y - 9, width(text, style), 11))


def _tier_rank(node: Node) -> int:
    return ("public", "private", "isolated", "").index(node.tier)


def _kind_rank(node: Node) -> int:
    order = (
        "bucket",
        "table",
        "queue",
        "topic",
        "mail",
        "secret",
        "rotation function",
        "service",
        "job",
    )
    return order.index(node.kind) if node.kind in order and node.column == REGIONAL else 0
