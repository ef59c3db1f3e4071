"""Long lines broken for a terminal."""

from __future__ import annotations

HANGING = 4
"""Columns that the rest of a broken line is indented by."""

LEAST = 20
"""Columns of text in a terminal that is too narrow for the indentation."""


def fit(text: str, width: int) -> str:
    """Break lines that are longer than `width` at spaces, or within a word that is longer itself.

    >>> print(fit("  found    a text that is long", 20))
      found    a text
          that is long
    """
    return "\n".join(part for line in text.split("\n") for part in _broken(line, width))


def _broken(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    indent = min(len(line) - len(line.lstrip()) + HANGING, max(width - LEAST, 0))
    parts: list[str] = []
    rest = line
    while len(rest) > width:
        # Not within the indentation of what is left.
        least = len(rest) - len(rest.lstrip()) + 1
        end = rest.rfind(" ", least, width + 1)
        if end <= least:
            end = width
        parts.append(rest[:end].rstrip())
        rest = " " * indent + rest[end:].lstrip()
    return [*parts, rest]
