"""A placed picture as SVG: own glyphs, no script, no request, the same text every time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from xml.sax import saxutils

from trellis.diagram.glyphs import COLOURS, glyph
from trellis.diagram.lettering import DETAIL, LABEL, NOTE, SIZES, TITLE
from trellis.diagram.picture import Arrow, Box, Drawn, Picture, Text
from trellis.diagram.placing import GLYPH

INK, QUIET, PAPER = "#1f2933", "#52606d", "#ffffff"

ARROWS: Mapping[str, tuple[str, str]] = {
    "network": ("#33566e", ""),
    "public": ("#b3261e", ""),
    "access": ("#6b3fa0", "4 3"),
}
"""Colour and dashes by kind; whoever sees no colours has the dashes and the labels."""

BOXES: Mapping[str, tuple[str, str, str]] = {
    "region": ("#f7f9fb", "#7b8794", "6 4"),
    "vpc": ("#eef5fb", "#33566e", ""),
    "tier": ("#ffffff", "#9fb3c8", "3 3"),
    "outside": ("none", "#cbd2d9", "3 3"),
}
"""Fill, border and dashes by kind."""

TEXTS: Mapping[str, tuple[str, str]] = {
    TITLE: (INK, "600"),
    DETAIL: (QUIET, "400"),
    NOTE: ("#9c2b1f", "400"),
    LABEL: (INK, "400"),
}


def svg(picture: Picture, icons: Mapping[str, str] | None = None, *, id_: str = "diagram") -> str:
    """The picture.

    Args:
        icons: `data:` addresses of pictures by kind of thing, instead of the glyphs.
        id_: what ids in it begin with, for pages with several.
    """
    return "\n".join(_lines(picture, icons or {}, id_)) + "\n"


def _lines(picture: Picture, icons: Mapping[str, str], id_: str) -> Iterator[str]:
    wide, high = _number(picture.width), _number(picture.height)
    graph = picture.graph
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" '
        f'height="{high}" role="img" aria-labelledby="{id_}-title {id_}-text" '
        'font-family="Helvetica, Arial, sans-serif">'
    )
    yield f'<title id="{id_}-title">{escape(f"Diagram of {graph.title}")}</title>'
    yield f'<desc id="{id_}-text">{escape(_description(picture))}</desc>'
    yield "<defs>"
    for kind, (colour, _) in ARROWS.items():
        yield (
            f'<marker id="{id_}-{kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
            f'markerHeight="7" orient="auto"><path d="M0 0.8 7.4 4 0 7.2z" fill="{colour}"/>'
            "</marker>"
        )
    yield "</defs>"
    yield f'<rect width="{wide}" height="{high}" fill="{PAPER}"/>'
    yield (
        f'<text x="14" y="22" font-size="15" font-weight="600" fill="{INK}">'
        f"{escape(graph.title)}</text>"
    )
    for box in picture.boxes:
        yield from _box(box)
    yield from _arrows(picture.arrows, id_)
    for thing in picture.things:
        yield from _thing(thing, icons)
    for text in (*picture.labels, *picture.legend):
        yield _text(text, halo=text.style == LABEL)
    yield "</svg>"


def _description(picture: Picture) -> str:
    graph = picture.graph
    names = {node.id: f"{node.kind} {node.title}" for node in graph.nodes}
    links = "; ".join(
        f"{names[link.source]} to {names[link.target]}: {link.label}"
        for link in graph.links
        if link.source in names and link.target in names
    )
    return f"{len(graph.nodes)} things in {graph.region}. {links}."


def _box(box: Box) -> Iterator[str]:
    fill, border, dashes = BOXES[box.kind]
    rect = box.rect
    yield (
        f'<rect x="{_number(rect.x)}" y="{_number(rect.y)}" width="{_number(rect.width)}" '
        f'height="{_number(rect.height)}" rx="6" fill="{fill}" stroke="{border}"{_dashed(dashes)}/>'
    )
    if box.label is not None:
        yield _text(box.label)


def _thing(thing: Drawn, icons: Mapping[str, str]) -> Iterator[str]:
    node, rect = thing.node, thing.rect
    if node is None:
        for text in thing.texts:
            yield _text(text)
        return
    yield f"<g><title>{escape(f'{node.kind} {node.title}. {node.detail}'.strip())}</title>"
    yield (
        f'<rect x="{_number(rect.x)}" y="{_number(rect.y)}" width="{_number(rect.width)}" '
        f'height="{_number(rect.height)}" rx="5" fill="{PAPER}" '
        f'stroke="{COLOURS.get(node.kind, QUIET)}" stroke-width="1.4"/>'
    )
    icon = icons.get(node.kind)
    if icon is not None:
        yield (
            f'<image x="{_number(rect.x + 4)}" y="{_number(rect.y + 4)}" width="{GLYPH}" '
            f'height="{GLYPH}" href={saxutils.quoteattr(icon)}/>'
        )
    else:
        yield glyph(node.kind, rect.x + 4, rect.y + 4, GLYPH)
    for text in thing.texts:
        yield _text(text)
    yield "</g>"


def _arrows(arrows: Sequence[Arrow], id_: str) -> Iterator[str]:
    """Arrows that share a line for a while have it drawn once: dashes over dashes are solid."""
    drawn: dict[tuple[str, bool, float], list[tuple[float, float]]] = {}
    for arrow in arrows:
        for points in _undrawn(arrow, drawn):
            ends = points[-1] == arrow.points[-1]
            yield _line(arrow.kind, points, f' marker-end="url(#{id_}-{arrow.kind})"' * ends)


def _undrawn(
    arrow: Arrow, drawn: dict[tuple[str, bool, float], list[tuple[float, float]]]
) -> Iterator[list[tuple[float, float]]]:
    """The parts of an arrow that no arrow before it drew, each as its corners."""
    part: list[tuple[float, float]] = []
    for (x, y), (a, b) in pairwise(arrow.points):
        across = y == b
        there = drawn.setdefault((arrow.kind, across, y if across else x), [])
        start, end = (x, a) if across else (y, b)
        for first, last in _gaps(start, end, there):
            ends = [(at, y) if across else (x, at) for at in (first, last)]
            if part and part[-1] != ends[0]:
                yield part
                part = []
            part = [*part, ends[1]] if part else ends
        there.append((min(start, end), max(start, end)))
    if part:
        yield part


def _gaps(
    start: float, end: float, there: Sequence[tuple[float, float]]
) -> Iterator[tuple[float, float]]:
    """What of a stretch nothing covers, in its own direction."""
    low, high = min(start, end), max(start, end)
    free = [(low, high)]
    for first, last in there:
        free = [
            part
            for begin, stop in free
            for part in ((begin, min(stop, first)), (max(begin, last), stop))
            if part[0] < part[1]
        ]
    yield from free if start < end else [(stop, begin) for begin, stop in reversed(free)]


def _line(kind: str, points: Sequence[tuple[float, float]], head: str) -> str:
    colour, dashes = ARROWS[kind]
    (x, y), *rest = points
    path = f"M{_number(x)} {_number(y)}" + "".join(f"L{_number(a)} {_number(b)}" for a, b in rest)
    paint = f'fill="none" stroke="{colour}" stroke-width="1.2"{_dashed(dashes)}'
    return f'<path d="{path}" {paint}{head}/>'


def _text(text: Text, *, halo: bool = False) -> str:
    colour, weight = TEXTS[text.style]
    paint = f' stroke="{PAPER}" stroke-width="2.5" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{_number(text.x)}" y="{_number(text.y)}" font-size="{SIZES[text.style]}" '
        f'font-weight="{weight}" fill="{colour}"{paint}>{escape(text.text)}</text>'
    )


def escape(text: str) -> str:
    """A text as XML can hold it: no control characters, and nothing that means something."""
    return saxutils.escape(
        "".join(character if character >= " " else "\ufffd" for character in text)
    )


def _dashed(dashes: str) -> str:
    return f' stroke-dasharray="{dashes}"' if dashes else ""


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
