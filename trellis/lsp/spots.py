"""Where each key and value of a YAML text begins and ends, also of a text that breaks off.

The parser's events are taken up to the first error: what stands before it keeps its places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from trellis.stackfile.document import Parser
from trellis.stackfile.layers import REGION_KEY
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.reading import setting_path

MARK = "\ufeff"
"""What some editors begin a file with; the parser never sees it."""

Place = tuple[int, int]
"""Line and column, both from 0, in characters."""


@dataclass(frozen=True)
class Spot:
    """One key, scalar or bracketed collection."""

    path: KeyPath
    """In the file, from its top: `("config", "trellis:network", "zones")`."""
    is_key: bool
    start: Place
    end: Place
    """Behind its last character."""
    text: str = ""
    """Of a key or scalar, without quotes."""

    @property
    def setting(self) -> KeyPath:
        """From the top of the settings; empty for what is none."""
        return in_settings(self.path)

    def holds(self, place: Place) -> bool:
        """Whether a place is on it."""
        return self.start <= place <= self.end


@dataclass
class _Open:
    """A collection whose end has not come yet."""

    path: KeyPath
    is_mapping: bool
    start: Place
    flow: bool
    key: str | None = None
    count: int = 0


def in_settings(path: KeyPath) -> KeyPath:
    """A path in a file from the top of the settings; empty for what is none."""
    if path[:1] != ("config",) or len(path) < 2:
        return ()
    if path[1] == REGION_KEY:
        return ("region",)
    return setting_path(path) if str(path[1]).startswith("trellis:") else ()


def spots(text: str) -> list[Spot]:
    """Every spot of a text, in reading order; those before the first error, where there is one."""
    found: list[Spot] = []
    try:
        for spot in _read(text.removeprefix(MARK)):
            found.append(spot)
    except yaml.YAMLError:
        pass
    shift = len(text) - len(text.removeprefix(MARK))
    return [_shifted(spot, shift) for spot in found] if shift else found


def spot_at(every: Sequence[Spot], place: Place) -> Spot | None:
    """The spot at a place: the key or scalar rather than what surrounds it."""
    holding = [spot for spot in every if spot.holds(place)]
    return max(holding, key=lambda spot: (spot.start, spot.is_key), default=None)


def _read(text: str) -> Iterator[Spot]:
    opened: list[_Open] = []
    for event in yaml.parse(text, Loader=Parser):
        start, end = _places(event)
        if isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
            frame = opened[-1] if opened else None
            word = event.value if isinstance(event, yaml.ScalarEvent) else "*"
            if frame is not None and frame.is_mapping and frame.key is None:
                frame.key = word
                yield Spot((*frame.path, word), True, start, end, word)
            else:
                yield Spot(_path(frame), False, start, end, word)
                _next(frame)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            path = _path(opened[-1] if opened else None)
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            opened.append(_Open(path, is_mapping, start, bool(event.flow_style)))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            frame = opened.pop()
            if frame.flow:
                yield Spot(frame.path, False, frame.start, end)
            _next(opened[-1] if opened else None)


def _path(frame: _Open | None) -> KeyPath:
    """Of the value that comes next in a collection."""
    if frame is None:
        return ()
    return (*frame.path, (frame.key or "") if frame.is_mapping else frame.count)


def _next(frame: _Open | None) -> None:
    """A value has ended: the next key or item comes. A collection as a key is an empty one."""
    if frame is None:
        return
    if frame.is_mapping:
        frame.key = "" if frame.key is None else None
    else:
        frame.count += 1


def _places(event: yaml.Event) -> tuple[Place, Place]:
    first, last = event.start_mark, event.end_mark
    return (
        (first.line, first.column) if first is not None else (0, 0),
        (last.line, last.column) if last is not None else (0, 0),
    )


def _shifted(spot: Spot, by: int) -> Spot:
    start, end = (
        (line, column + by) if line == 0 else (line, column)
        for line, column in (spot.start, spot.end)
    )
    return Spot(spot.path, spot.is_key, start, end, spot.text)
