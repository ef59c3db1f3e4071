"""Whether a filter pattern of CloudWatch Logs, or metric math, is whole: nothing left open."""

from __future__ import annotations

PAIRS = {"{": "}", "[": "]", "(": ")"}


def left_open(text: str, *, pairs: str = "{[(") -> str:
    """The first thing that is opened and not closed, or closed and not opened; else nothing.

    What stands between double quotes or between percent signs (a regular expression, in filter
    patterns) is left alone.

    Args:
        pairs: the opening brackets that count.
    """
    closing = {PAIRS[pair]: pair for pair in pairs}
    waiting: list[str] = []
    quoted = ""
    escaped = False
    for letter in text:
        if quoted:
            if letter == quoted and not escaped:
                quoted = ""
            escaped = letter == "\\" and not escaped
        elif letter in '"%':
            quoted = letter
        elif letter in pairs:
            waiting.append(letter)
        elif letter in closing and (not waiting or waiting.pop() != closing[letter]):
            return letter
    return quoted or (waiting[-1] if waiting else "")


def whole_pattern(pattern: str) -> str:
    """The pattern, if CloudWatch could read it ("Filter pattern syntax", CloudWatch Logs, 2026-11).

    Raises:
        ValueError: something in it is not closed, or follows a whole pattern in brackets.
    """
    text = pattern.strip()
    unmatched = left_open(text)
    if unmatched:
        raise ValueError(f"a pattern in which {unmatched} has its counterpart")
    for opening in "{[":
        if text.startswith(opening) and not text.endswith(PAIRS[opening]):
            raise ValueError(f"a pattern that ends with the {PAIRS[opening]} of its {opening}")
    return pattern
