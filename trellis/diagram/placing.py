"""The places of a picture: columns in the direction of requests, rows, and tracks between them.

The picture's graph is not any graph: requests go from outside through the edge and the network's
tiers to data. So things stand in columns, and arrows run only where nothing stands: up and down in
the gutters between columns, across in the gaps between rows. An arrow never meets a thing or a text
on its way, whatever the stack. Links to one target with one label share a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trellis.diagram.graph import (
    APART,
    COMPUTE,
    DATA,
    EDGE,
    ENTRY,
    KINDS,
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
PADDING = 20
"""From a thing to where labels end and tracks begin; borders of boxes stand in it."""

TITLE_LINES, DETAIL_LINES = 3, 8
"""Lines of a name and of what stands below it, at most."""

INSIDE = 14
"""Room for the borders of boxes before the lines of a gutter that lie in them."""

TRACK = 5
"""Between two lines in a gutter, and between two in a gap."""

PORT = 15
"""Between two lines at a thing: a label fits above each."""

GAP = 16
BELOW = 10
"""From a thing to the lines in the gap below it; borders of boxes stand in it."""

LINE = 12
"""Height of a line of text."""

LEAST_WIDTH = 420

HOME_OF_TIER = {"public": ENTRY, "private": COMPUTE, "isolated": DATA}


@dataclass
class Cell:
    """A thing, or the head of a tier, while its place is sought."""

    node: Node | None
    head: tuple[str, ...]
    column: int
    row: int = 0
    left: list[Net | tuple[Net, str]] = field(default_factory=list)
    right: list[tuple[Net, str]] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    y: float = 0
    height: float = 0


@dataclass(eq=False)
class Net:
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
    trunk: Net | None = None
    """Another net whose line this one shares up to its target; None where it has its own."""

    @property
    def line(self) -> Net:
        """The net whose tracks it takes."""
        return self.trunk or self


class Places:
    """Where everything of a graph stands, found step by step."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.columns = by_column(graph.nodes)
        self.empty = _empty_tiers(graph)
        self.order = sorted({*self.columns, *self.empty})
        self.cells: dict[str, Cell] = {}
        self.heads: list[Cell] = []
        self.tier_of_head: dict[int, str] = {}
        self.nets = _nets(graph.links, {node.id for node in graph.nodes})
        self._rows()
        self._trunks()
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
                    head = Cell(None, self._head(column, tier), index, row)
                    self.heads.append(head)
                    self.tier_of_head[id(head)] = tier
                    row += 1
                elif column not in (ENTRY, COMPUTE, DATA) and row == 0:
                    self.heads.append(Cell(None, self._head(column, ""), index, 0))
                    row += 1
                self.cells[node.id] = Cell(node, (), index, row)
                position[node.id] = row
                row += 1
            for tier in self.empty.get(column, ()):
                head = Cell(None, self._head(column, tier), index, row)
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
            return ("Entrances", "outside the network")
        if column == REGIONAL:
            return ("AWS services", "reached by API")
        if column == APART:
            return ("What runs", "in no network")
        if column not in (ENTRY, COMPUTE, DATA):
            return ("Outside",)
        subnets = next(
            (
                network_tier.subnets
                for network_tier in self.graph.tiers
                if network_tier.name == tier
            ),
            (),
        )
        zones = tuple(f"{subnet.zone[-2:]}  {subnet.cidr}" for subnet in subnets if subnet.zone)
        return (f"{tier} subnets" if tier else "in no subnet", *zones)

    # Trunks: what goes from the same things to several of a column, labelled alike, is one line.

    def _trunks(self) -> None:
        first: dict[tuple[object, ...], Net] = {}
        for net in self.nets:
            target = self.cells[net.target]
            if any(self.cells[source].column == target.column for source in net.sources):
                continue
            alike = (tuple(net.sources), net.label, net.kind, target.column)
            trunk = first.setdefault(alike, net)
            net.trunk = None if trunk is net else trunk

    # Ports: where lines leave and enter each thing.

    def _ports(self) -> None:
        for net in self.nets:
            target = self.cells[net.target]
            target.left.append(net)
            for source in net.sources if net.trunk is None else ():
                cell = self.cells[source]
                if cell.column < target.column:
                    cell.right.append((net, source))
                else:
                    cell.left.append((net, source))
        for cell in (*self.cells.values(), *self.heads):
            cell.lines = list(_lines(cell, self.wide(cell.column)))
            text = 8 + LINE * len(cell.lines) + 4
            ports = max(len(cell.left), len(cell.right))
            cell.height = max(text, 34 if cell.node else 0, 8 + PORT * ports)

    def _own_lines(self) -> Iterator[Net]:
        return (net for net in self.nets if net.trunk is None)

    # Lanes: which gap between rows a line crosses columns in.

    def _lanes(self) -> None:
        self.gap_lines: dict[int, int] = {}
        for net in self._own_lines():
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
        tracks: list[list[tuple[Net, int | None]]] = [[] for _ in range(count + 1)]
        loops: set[int] = set()
        for net in self._own_lines():
            target = self.cells[net.target]
            tracks[target.column].append((net, None))
            if any(self.cells[source].column >= target.column for source in net.sources):
                loops.add(target.column)
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
        self.begins: dict[int, float] = {}
        x = float(MARGIN + PADDING)
        for column in range(count):
            lines = tracks[column]
            if lines or column:
                start = x
                if column in loops:
                    # What stays in a box is drawn in it: the box begins before these lines.
                    self.begins[column] = x
                    start += INSIDE
                for number, (net, departure) in enumerate(lines, 1):
                    if departure is None:
                        net.arrival = start + TRACK * number
                    else:
                        net.departures[departure] = start + TRACK * number
                x = start + TRACK * (len(lines) + 1) + labels[column] + PADDING
            self.x.append(x)
            x += self.wide(column) + PADDING
        self.width = max(x + MARGIN, LEAST_WIDTH)

    def wide(self, column: int) -> float:
        """Pixels of a thing of a column."""
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
            y += max((cell.height for cell in here), default=0) + BELOW
            lines = self.gap_lines.get(row, 0)
            for net in self.nets:
                for column, (gap, line) in net.lanes.items():
                    if gap == row:
                        net.lane_y[column] = y + TRACK * (line + 0.5)
            y += TRACK * lines + GAP - BELOW
        self.bottom = y


def _empty_tiers(graph: Graph) -> dict[int, list[str]]:
    """Tiers of the network in which nothing runs yet, by the column they are shown in."""
    used = {node.tier for node in graph.nodes}
    found: dict[int, list[str]] = {}
    for tier in graph.tiers:
        if tier.name not in used:
            found.setdefault(HOME_OF_TIER.get(tier.name, COMPUTE), []).append(tier.name)
    return found


def _nets(links: Sequence[Link], known: set[str]) -> list[Net]:
    found: dict[tuple[str, str, str], Net] = {}
    for link in links:
        if link.source not in known or link.target not in known:
            continue
        # What comes from outside has a line of its own.
        kind = "public" if link.source == "internet" else link.kind
        place = (link.target, link.label, kind)
        net = found.setdefault(place, Net(link.target, link.label, kind, []))
        if link.source not in net.sources:
            net.sources.append(link.source)
    return list(found.values())


def _lines(cell: Cell, wide: float) -> Iterator[tuple[str, str]]:
    """The texts of a thing, each with its style."""
    if cell.node is None:
        for number, text in enumerate(cell.head):
            yield (
                cut(text, wide - 12, TITLE if number == 0 else DETAIL),
                (TITLE if number == 0 else DETAIL),
            )
        return
    node = cell.node
    for text in wrapped(node.title, wide - GLYPH - 14, TITLE, TITLE_LINES):
        yield text, TITLE
    if node.kind not in node.title:
        yield cut(node.kind, wide - 12, DETAIL), DETAIL
    for text in wrapped(node.detail, wide - 12, DETAIL, DETAIL_LINES):
        yield text, DETAIL
    for note in node.notes:
        for text in wrapped(note, wide - 12, NOTE, 2):
            yield text, NOTE


def _tier_rank(node: Node) -> int:
    return ("public", "private", "isolated", "").index(node.tier)


def _kind_rank(node: Node) -> int:
    shown = KINDS.get(node.kind)
    return shown.rank if shown is not None and node.column == REGIONAL else 0
