"""How wide texts are, without a font at hand: every viewer has some other sans-serif one.

Widths are those of a wide face (DejaVu Sans), so that a text never needs more room than it has.
"""

from __future__ import annotations

import re
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


PIECE = re.compile(r"[^-_./@:]*[-_./@:]|[^-_./@:]+")
"""Of a name: it may be broken after these signs."""


def wrapped(text: str, room: float, style: str, most: int) -> Iterator[str]:
    """A text in lines that fit, words whole where they fit in one, names broken after a hyphen or
    such; what does not go into so many lines is cut."""
    lines = [""]
    for word in text.split():
        spaced = f"{lines[-1]} {word}" if lines[-1] else word
        if width(spaced, style) <= room:
            lines[-1] = spaced
        elif width(word, style) <= room:
            lines.append(word)
        else:
            lines += _broken(word, room, style)
    lines = [line for line in lines if line]
    if len(lines) > most:
        lines = [*lines[: most - 1], cut(f"{lines[most - 1]} …", room, style)]
    yield from lines


def _broken(word: str, room: float, style: str) -> Iterator[str]:
    """A word that is longer than a line, in lines."""
    line = ""
    for piece in PIECE.findall(word):
        if line and width(line + piece, style) > room:
            yield line
            line = ""
        line += piece
        while width(line, style) > room:
            end = next(
                at for at in range(len(line), 0, -1) if at == 1 or width(line[:at], style) <= room
            )
            yield line[:end]
            line = line[end:]
    if line:
        yield line
