"""Own glyphs by kind of thing: few strokes in a square of 18, in the colour of their category.

AWS's icons may not be redrawn or recoloured (CC BY-ND 2.0), so none is; `--icons` takes a copy.
"""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.shown import SQUARE, Category
from trellis.diagram.graph import KINDS
from trellis.reach.beyond import KIND as OTHER_NETWORK
from trellis.reach.things import INTERNET

GLOBE = "M9 2a7 7 0 100 14 7 7 0 000-14zM2 9h14M9 2c-4 4-4 10 0 14M9 2c4 4 4 10 0 14"
BEYOND = (INTERNET, OTHER_NETWORK)
"""Kinds of what no tier makes."""

OTHER = Category.OTHER.value

COLOURS: Mapping[str, str] = {
    **dict.fromkeys(BEYOND, OTHER),
    **{kind: shown.category.value for kind, shown in KINDS.items()},
}
"""By kind of thing, as its tier declares it."""

SHAPES: Mapping[str, str] = {
    **dict.fromkeys(BEYOND, GLOBE),
    **{kind: shown.glyph for kind, shown in KINDS.items() if shown.glyph != SQUARE},
}
"""Paths of SVG by kind of thing; others are a square."""


def glyph(kind: str, x: float, y: float, size: float) -> str:
    """The glyph of a kind as SVG, in a square at a place."""
    shape = SHAPES.get(kind, SQUARE)
    colour = COLOURS.get(kind, OTHER)
    return (
        f'<path transform="translate({x:.1f} {y:.1f}) scale({size / 18:.3f})" d="{shape}" '
        f'fill="none" stroke="{colour}" stroke-width="1.5" stroke-linejoin="round" '
        'stroke-linecap="round"/>'
    )
