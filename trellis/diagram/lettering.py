"""How wide texts are, without a font at hand: every viewer has some other sans-serif one.

Widths are those of a wide face (DejaVu Sans), so that a text never needs more room than it has.
"""

from __future__ import annotations

from collections.abc import Iterator

TITLE, DETAIL, NOTE, LABEL = "title", "detail", "note", "label"

SIZES = {TITLE: 11, DETAIL: 9, NOTE: 9, LABEL: 9}
"""Pixels."""

NARROW, WIDE = frozenset("iljtfI.,:;'|![]() "), frozenset("mwMW@%→·")
EM = {"narrow": 0.38, "usual": 0.62, "wide": 0.98}
BOLD = 1.1
"""How much wider titles are."""


def width(text: str, style: str) -> float:
    """Pixels that a text takes at most."""
    ems = sum(
        EM["narrow"] if letter in NARROW else EM["wide"] if letter in WIDE or ord(letter) > 0x2E7F
        else EM["usual"]
        for letter in text
    )  # fmt: skip
    return ems * SIZES[style] * (BOLD if style == TITLE else 1)


def cut(text: str, room: float, style: str) -> str:
    """A text that fits, with an ellipsis where it was longer."""
    if width(text, style) <= room:
        return text
    while text and width(f"{text}…", style) > room:
        text = text[:-1]
    return f"{text}…"


def wrapped(text: str, room: float, style: str, most: int) -> Iterator[str]:
    """A text in lines that fit; what does not go into so many of them is cut."""
    line, lines = "", 0
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if not line or width(longer, style) <= room:
            line = longer
            continue
        lines += 1
        if lines == most:
            yield cut(f"{line} …", room, style)
            return
        yield cut(line, room, style)
        line = word
    if line:
        yield cut(line, room, style)
