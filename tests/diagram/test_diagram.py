"""Pictures: nothing overlaps, no arrow goes through a text, and they are the same every time."""

from __future__ import annotations

import functools
import itertools
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.recordings import ROOT, STACKS, recorded, recorded_everything
from trellis.cli.main import main
from trellis.diagram.export import dot, mermaid
from trellis.diagram.glyphs import COLOURS, SHAPES
from trellis.diagram.graph import (
    APART,
    COLUMN_OF_KIND,
    COMPUTE,
    DATA,
    ENTRY,
    HIDDEN,
    REGIONAL,
    RUNS,
    Graph,
    Link,
    Node,
    Tier,
    graph,
)
from trellis.diagram.icons import icons
from trellis.diagram.layout import layout
from trellis.diagram.lettering import TITLE, cut, width, wrapped
from trellis.diagram.picture import Arrow, Picture, Rect
from trellis.diagram.svg import svg
from trellis.reach.matrix import matrix
from trellis.reach.things import Subnet, Things
from trellis.stackfile.problems import StackFileError

SVG = "{http://www.w3.org/2000/svg}"


@functools.cache
def drawn(project: str, stack: str) -> Picture:
    return layout(graph(matrix(recorded(project, stack))))


def segments(arrow: Arrow) -> Iterator[Rect]:
    """The lines of an arrow, as rectangles without area."""
    for (x, y), (a, b) in itertools.pairwise(arrow.points):
        assert x == a or y == b, "only right angles"
        yield Rect(min(x, a), min(y, b), abs(x - a), abs(y - b))


def crosses(line: Rect, room: Rect) -> bool:
    """Whether a line goes through the inside of a rectangle."""
    return (
        line.x < room.right and room.x < line.right + 1e-9
        and line.y < room.bottom and room.y < line.bottom + 1e-9
        and not (line.right <= room.x or line.bottom <= room.y)
    )  # fmt: skip


def borders(rect: Rect) -> Iterator[Rect]:
    """The four lines around a box, as rectangles without area."""
    for y in (rect.y, rect.bottom):
        yield Rect(rect.x, y, rect.width, 0)
    for x in (rect.x, rect.right):
        yield Rect(x, rect.y, 0, rect.height)


def holds(outer: Rect, inner: Rect) -> bool:
    """Whether one rectangle is within another."""
    return (
        outer.x <= inner.x and inner.right <= outer.right
        and outer.y <= inner.y and inner.bottom <= outer.bottom
    )  # fmt: skip


def along(picture: Picture) -> Iterator[str]:
    """Arrows that run along a border, so that nobody tells which is which."""
    for arrow in picture.arrows:
        for line in segments(arrow):
            near = Rect(line.x - 1.5, line.y - 1.5, line.width + 3, line.height + 3)
            for box in picture.boxes:
                for border in borders(box.rect):
                    # A crossing shares a point, not a stretch.
                    same = (line.height == 0) == (border.height == 0)
                    if same and crosses(border, near):
                        yield f"{arrow.source} to {arrow.target} runs along {box.kind}"


def leaving(picture: Picture) -> Iterator[str]:
    """Arrows between things of the region that leave its box."""
    region = next((box.rect for box in picture.boxes if box.kind == "region"), None)
    if region is None:
        return
    inside = {thing.node.id for thing in picture.things if thing.node and holds(region, thing.rect)}
    for arrow in picture.arrows:
        if {arrow.source, arrow.target} <= inside:
            for line in segments(arrow):
                if not holds(region, line):
                    yield f"{arrow.source} to {arrow.target} leaves the region at {line}"


def faults(picture: Picture) -> list[str]:
    """Everything that stands in something else's way."""
    found: list[str] = []
    rooms = [(f"thing {n}", thing.rect) for n, thing in enumerate(picture.things)]
    rooms += [(f"label {n} {text.text}", text.room) for n, text in enumerate(picture.labels)]
    rooms += [(f"box {box.label.text}", box.label.room) for box in picture.boxes if box.label]
    rooms += [(f"legend {text.text}", text.room) for text in picture.legend]
    for (one, first), (other, second) in itertools.combinations(rooms, 2):
        if first.overlaps(second):
            found.append(f"{one} overlaps {other}")
    for arrow in picture.arrows:
        for line in segments(arrow):
            found += [
                f"{arrow.source} to {arrow.target} goes through {name}"
                for name, room in rooms
                if crosses(line, room)
            ]
    for thing in picture.things:
        for text in thing.texts:
            if text.room.right > thing.rect.right or text.y > thing.rect.bottom:
                found.append(f"{text.text} does not fit")
    for box in picture.boxes:
        for border in borders(box.rect):
            found += [
                f"{name} is on a border of {box.kind}"
                for name, room in rooms
                if crosses(border, room)
            ]
    found += [*leaving(picture), *along(picture)]
    for _, room in rooms:
        if room.x < 0 or room.y < 0 or room.right > picture.width or room.bottom > picture.height:
            found.append("outside of the picture")
    return found


@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_nothing_stands_in_the_way_of_anything(project: str, stack: str):
    assert faults(drawn(project, stack)) == []


@pytest.mark.parametrize("seed", range(30))
def test_nor_does_it_in_random_pictures(seed: int):
    chance = random.Random(seed)
    kinds = [kind for kind in COLUMN_OF_KIND if kind != "internet"] + ["bucket", "topic", "queue"]
    nodes = [Node("internet", "internet", "internet", "", 0, "", ("internet",))]
    for number in range(chance.randint(1, 40)):
        kind = chance.choice(kinds)
        column = COLUMN_OF_KIND.get(kind, chance.choice((APART, REGIONAL)))
        tier = (
            chance.choice(("public", "private", "isolated"))
            if column in (ENTRY, COMPUTE, DATA)
            else ""
        )
        name = chance.choice(("x", "orders", "a-very-long-name-of-32-letters-ok", "Wide WWW MMM"))
        nodes.append(
            Node(f"{kind}.{number}", kind, f"{name}{number}", name * chance.randint(0, 4), column,
                 tier, (), ("public",) * chance.randint(0, 2))
        )  # fmt: skip
    links = tuple(
        Link(source.id, target.id, chance.choice(("5432 TLS", "r", "r/w", "8000-8100 plain")),
             chance.choice(("network", "access")))
        for source, target in (chance.sample(nodes, 2) for _ in range(chance.randint(0, 70)))
        if target.id != "internet"
    ) if len(nodes) > 1 else ()  # fmt: skip
    subnets = tuple(Subnet(f"s{n}", f"s{n}", f"10.0.{n}.0/24", f"us-east-1{'abc'[n]}", "public", "")
                    for n in range(3))  # fmt: skip
    tiers = tuple(Tier(name, subnets) for name in ("public", "private", "isolated"))
    picture = layout(
        Graph("a · b", "us-east-1", "10.0.0.0/16", tiers, tuple(nodes), links, ("keys: 3",))
    )
    assert faults(picture) == []
    shown = {(arrow.source, arrow.target) for arrow in picture.arrows}
    assert shown == {(link.source, link.target) for link in links}


@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_no_text_is_cut(project: str, stack: str):
    for thing in drawn(project, stack).things:
        texts = [text.text for text in thing.texts]
        assert not [text for text in texts if "…" in text]
        if thing.node is not None:
            shown = "".join(text.text for text in thing.texts if text.style == TITLE)
            assert shown == thing.node.title.replace(" ", "") or shown == thing.node.title


@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_what_goes_alike_to_several_leaves_as_one_line(project: str, stack: str):
    picture = drawn(project, stack)
    column = {node.id: node.column for node in picture.graph.nodes}
    leaves: dict[tuple[str, int, str, str], set[tuple[float, float]]] = {}
    sources: dict[tuple[str, str, str], set[str]] = {}
    for arrow in picture.arrows:
        sources.setdefault((arrow.target, arrow.label, arrow.kind), set()).add(arrow.source)
    for arrow in picture.arrows:
        alone = sources[arrow.target, arrow.label, arrow.kind] == {arrow.source}
        if alone and column[arrow.source] != column[arrow.target]:
            place = (arrow.source, column[arrow.target], arrow.label, arrow.kind)
            leaves.setdefault(place, set()).add(arrow.points[0])
    assert {place: found for place, found in leaves.items() if len(found) > 1} == {}


def test_every_kind_of_thing_has_a_glyph():
    kinds = {thing.kind for thing in Things(recorded_everything()).things.values()} - HIDDEN
    for project, stack in STACKS:
        kinds |= {node.kind for node in drawn(project, stack).graph.nodes}
    assert {"token checker", "identity", "file system", "load balancer"} <= kinds
    assert sorted(kind for kind in kinds if kind not in SHAPES) == []
    assert sorted(kinds - set(COLOURS)) == []
    assert set(COLOURS) >= RUNS


def test_no_part_of_an_arrow_is_drawn_twice():
    """Dashes over dashes would be a solid line."""
    for project, stack in STACKS:
        lines: dict[tuple[str, bool, str], list[tuple[float, float]]] = {}
        for element in ElementTree.fromstring(svg(drawn(project, stack))).iter(f"{SVG}path"):
            if element.get("stroke-width") != "1.2":
                continue
            corners = [
                tuple(map(float, corner.split()))
                for corner in (element.get("d") or "").removeprefix("M").split("L")
            ]
            for (x, y), (a, b) in itertools.pairwise(corners):
                place = (element.get("stroke") or "", y == b, str(y if y == b else x))
                low, high = sorted((x, a) if y == b else (y, b))
                for first, last in lines.setdefault(place, []):
                    assert high <= first or last <= low, (project, stack, place)
                lines[place].append((low, high))


def test_every_arrow_that_arrives_has_a_head():
    for project, stack in STACKS:
        picture = drawn(project, stack)
        ends = {(arrow.points[-1], arrow.kind) for arrow in picture.arrows}
        assert svg(picture).count("marker-end") == len(ends)


def test_long_names_are_broken_and_only_endless_ones_cut():
    room = 100.0
    assert list(wrapped("audit-configuration", room, TITLE, 3)) == ["audit-", "configuration"]
    assert list(wrapped("main", room, TITLE, 3)) == ["main"]
    whole = "x" * 40
    assert "".join(wrapped(whole, room, TITLE, 9)) == whole
    cut_ = list(wrapped("y" * 400, room, TITLE, 3))
    assert len(cut_) == 3
    assert cut_[-1].endswith("…")
    for text in (whole, "a-b_c.d/e@f:g" * 9, "WWW " * 30, "-" * 60, "ein wort-mit-strichen"):
        assert all(width(line, TITLE) <= room for line in wrapped(text, room, TITLE, 4))


def test_an_arrow_through_a_thing_would_be_found():
    """The test of the geometry can fail."""
    picture = drawn(".", "dev")
    thing = picture.things[-1].rect
    middle = thing.y + thing.height / 2
    through = Arrow("a", "b", "network", "", ((thing.x - 5, middle), (thing.right + 5, middle)))
    broken = Picture(
        picture.graph, picture.width, picture.height, picture.boxes, picture.things, (through,),
        picture.labels, picture.legend,
    )  # fmt: skip
    assert any("goes through thing" in fault for fault in faults(broken))


def test_the_club_app_is_in_the_picture():
    found = drawn(".", "dev").graph
    ids = {node.id: node for node in found.nodes}
    assert ids["services.backend"].tier == "private"
    assert ids["loadBalancers.alb"].notes == ("public",)
    assert ids["services.backend"].notes == ("to internet by NAT",)
    links = {(link.source, link.target): link for link in found.links}
    assert links["services.backend", "databases.main"].label == "5432 TLS"
    assert links["services.backend", "tables.presence"].label == "r/w"
    assert links["internet", "loadBalancers.alb"].label == "443 TLS"


def test_every_connection_and_use_is_an_arrow_or_a_note():
    for project, stack in STACKS:
        found = matrix(recorded(project, stack))
        shown = graph(found)
        home = {member: node.id for node in shown.nodes for member in node.members}
        links = {(link.source, link.target) for link in shown.links}
        for connection in found.connections:
            ends = (home.get(connection.source), home.get(connection.target))
            if None not in ends and connection.target != "internet":
                assert ends in links


def test_the_svg_is_well_formed_and_asks_for_nothing():
    text = svg(drawn("systems/afric-analyzer", "prod"))
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert set((root.get("aria-labelledby") or "").split()) <= ids
    assert "href" not in text
    assert "<script" not in text
    assert text == svg(drawn("systems/afric-analyzer", "prod"))


@pytest.mark.long
def test_the_same_stack_is_the_same_picture_in_another_process():
    code = (
        "import sys; sys.path.insert(0, '.'); from tests.diagram.test_diagram import *;"
        "sys.stdout.write(svg(drawn('systems/engify', 'prod')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == svg(drawn("systems/engify", "prod"))


def test_the_largest_is_placed_in_three_seconds():
    found = matrix(recorded("systems/afric-analyzer", "prod"))
    started = time.process_time()
    svg(layout(graph(found)))
    assert time.process_time() - started < 3


HOSTILE = '\x07\n</text><script>alert(1)</script>"]; end %% & "quoted" \\ \n`x`'


def test_hostile_names_stay_text():
    node = Node("a", "bucket", HOSTILE, HOSTILE, REGIONAL, "", ("a",))
    other = Node("b", "queue", "b", "", REGIONAL, "", ("b",))
    found = Graph(HOSTILE, "r", "", (), (node, other), (Link("a", "b", HOSTILE, "access"),))
    root = ElementTree.fromstring(svg(layout(found)))
    assert not [element for element in root.iter() if element.tag == f"{SVG}script"]
    text = mermaid(found)
    assert "<script" not in text
    assert all(line.count('"') % 2 == 0 for line in text.splitlines())
    for line in dot(found).splitlines()[2:-1]:
        assert (line.count('"') - line.count('\\"')) % 2 == 0


def test_mermaid_and_dot_have_every_thing_and_link():
    found = drawn(".", "prod").graph
    for text in (mermaid(found), dot(found)):
        lines = text.splitlines()
        arrows = [line for line in lines if "->" in line]
        assert len(arrows) == len(found.links)
        for node in found.nodes:
            assert node.title.split()[0] in text
    assert "-.->" in mermaid(found)
    assert "style=dashed" in dot(found)


def test_own_icons_are_taken_whole(tmp_path: Path):
    icon = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>'
    (tmp_path / "Arch_Amazon-Simple-Storage-Service_48.svg").write_text(icon)
    taken = icons(tmp_path)
    assert set(taken) == {"bucket"}
    text = svg(drawn("systems/engify", "prod"), taken)
    assert text.count('href="data:image/svg+xml;base64,') == 3


def test_a_folder_without_icons_is_refused(tmp_path: Path):
    with pytest.raises(StackFileError, match="AWS's Architecture Icons"):
        icons(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--format", "dot", "--icons", "x"], "--icons has no effect"),
        (["--format", "png"], "no --output FILE"),
    ],
)
def test_what_has_no_effect_is_refused(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
):
    assert main(["diagram", "dev", "--project", str(ROOT), *words]) == 2
    assert message in capsys.readouterr().err


def test_texts_are_cut_to_their_room():
    assert cut("short", 100, "title") == "short"
    assert cut("a" * 50, 60, "title").endswith("…")
    assert width(cut("W" * 50, 60, "title"), "title") <= 60
    assert list(wrapped("one two three four five", 40, "detail", 2))[-1].endswith("…")
