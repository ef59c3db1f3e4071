"""The order of a site's path patterns: the most specific first, whatever the stack file's order.

CloudFront takes the first pattern that fits. A stack file is merged from two files, so an order of
typing would be nobody's intent; here a pattern that another one holds whole always comes before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations


def in_order(patterns: Iterable[str]) -> list[str]:
    """Patterns as CloudFront must ask them.

    >>> in_order(["/api/*", "/*.json", "/api/v1/*", "/api/health"])
    ['/api/health', '/api/v1/*', '/api/*', '/*.json']
    """
    return sorted(patterns, key=_specific)


def shadowed(patterns: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of which the first takes every request of the second, which so is never asked."""
    pairs = combinations(in_order(patterns), 2)
    return [(first, second) for first, second in pairs if holds(first, second)]


def holds(first: str, second: str) -> bool:
    """Whether the first pattern fits every path that the second fits.

    >>> holds("/api/*", "/api/v?/*"), holds("/api/v1/*", "/api/*"), holds("/a?*", "/a*?")
    (True, False, True)
    """
    # Characters that neither names behave alike: one stands for all of them.
    characters = {*first, *second, "\0"} - {"*", "?"}
    start = (_rest(first, {0}), _rest(second, {0}))
    seen, todo = {start}, [start]
    while todo:
        outer, inner = todo.pop()
        if len(second) in inner and len(first) not in outer:
            return False
        for character in characters:
            step = (_read(first, outer, character), _read(second, inner, character))
            if step[1] and step not in seen:
                seen.add(step)
                todo.append(step)
    return True


def meets(first: str, second: str) -> bool:
    """Whether some path fits both patterns.

    >>> meets("/api/*", "/*/health"), meets("/api/*", "/admin/*")
    (True, False)
    """
    characters = {*first, *second, "\0"} - {"*", "?"}
    start = (_rest(first, {0}), _rest(second, {0}))
    seen, todo = {start}, [start]
    while todo:
        here, there = todo.pop()
        if len(first) in here and len(second) in there:
            return True
        for character in characters:
            step = (_read(first, here, character), _read(second, there, character))
            if all(step) and step not in seen:
                seen.add(step)
                todo.append(step)
    return False


def _rest(pattern: str, places: Iterable[int]) -> frozenset[int]:
    """These places in a pattern, and those that follow because a `*` may stand for nothing."""
    found: set[int] = set()
    for place in places:
        after = len(pattern) - len(pattern[place:].lstrip("*"))
        found.update(range(place, after + 1))
    return frozenset(found)


def _read(pattern: str, places: Iterable[int], character: str) -> frozenset[int]:
    """Where one more character leads from these places."""
    return _rest(
        pattern,
        {
            place + (pattern[place] != "*")
            for place in places
            if place < len(pattern) and pattern[place] in ("*", "?", character)
        },
    )


def _specific(pattern: str) -> tuple[int, int, int, int, str]:
    """Sorts a pattern before every one that holds it: by what begins it for certain, by the
    shortest path that fits, by its certain characters, by how often anything may follow."""
    beginning = len(re.split(r"[*?]", pattern, maxsplit=1)[0])
    # A path without wildcards goes on for ever, as its beginnings are concerned.
    whole = not re.search(r"[*?]", pattern)
    certain = len(pattern) - pattern.count("*") - pattern.count("?")
    shortest = len(pattern) - pattern.count("*")
    return (-beginning - whole, -shortest, -certain, pattern.count("*"), pattern)
