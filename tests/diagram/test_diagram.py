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

from tests.recordings import ROOT, STACKS, recorded
from trellis.cli.main import main
from trellis.diagram.export import dot, mermaid
from trellis.diagram.graph import COLUMN_OF_KIND, Graph, Link, Node, Tier, graph
from trellis.diagram.icons import icons
from trellis.diagram.layout import layout
from trellis.diagram.lettering import cut, width, wrapped
from trellis.diagram.picture import Arrow, Picture, Rect
from trellis.diagram.svg import svg
from trellis.reach.matrix import matrix
from trellis.reach.things import Subnet
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
        column = COLUMN_OF_KIND.get(kind, 5)
        tier = chance.choice(("public", "private", "isolated")) if 2 <= column <= 4 else ""
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
    node = Node("a", "bucket", HOSTILE, HOSTILE, 5, "", ("a",))
    other = Node("b", "queue", "b", "", 5, "", ("b",))
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
    ("words", "said"),
    [
        (["--format", "dot", "--icons", "x"], "--icons has no effect"),
        (["--format", "png"], "no --output FILE"),
    ],
)
def test_what_has_no_effect_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
):
    assert main(["diagram", "dev", "--project", str(ROOT), *words]) == 2
    assert said in capsys.readouterr().err


def test_texts_are_cut_to_their_room():
    assert cut("short", 100, "title") == "short"
    assert cut("a" * 50, 60, "title").endswith("…")
    assert width(cut("W" * 50, 60, "title"), "title") <= 60
    assert list(wrapped("one two three four five", 40, "detail", 2))[-1].endswith("…")
