"""Reads one YAML file into values with positions, as the engine's reader would take it.

The composer works on the parser's events with a stack of its own: no depth of nesting can
overflow Python's, and every key keeps its line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias, cast

import yaml

from trellis.stackfile.nodes import Entry, Leaf, Mapping, Node, Sequence
from trellis.stackfile.problems import KeyPath, Problem, Source
from trellis.stackfile.scalars import Scalar, WrongTagError, iso, key_text, loses, resolve

try:
    from yaml import CSafeLoader as Parser
except ImportError:  # PyYAML built without libyaml: slower, same events
    from yaml import SafeLoader as Parser  # type: ignore[assignment]

STACK, SHARED = "stack file", "shared system"
"""The layers that files are: the engine's texts of dates differ in them."""

MAX_DEPTH = 64
"""Levels of nesting, aliases followed; far above what any setting needs."""

MAX_VALUES = 200_000
"""Values in one file, aliases followed: the engine too stops at excessive aliasing."""


class UnreadableError(Exception):
    """A file that is no YAML mapping; carries the one problem that says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True)
class Document:
    """One file: its root and what is wrong with it beside its values."""

    name: str
    """As problems print it."""
    root: Mapping
    problems: tuple[Problem, ...]


Unsaved: TypeAlias = ReadOnly[Path, bytes]
"""What an editor holds and has not saved, by resolved path."""


def read(file: Path, name: str, layer: str, unsaved: Unsaved | None = None) -> Document:
    """Reads a file.

    Raises:
        UnreadableError: it is missing, no UTF-8, no YAML, empty, or no mapping at the top.
    """
    if unsaved and file.resolve() in unsaved:
        return parse(unsaved[file.resolve()], name, layer)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UnreadableError(
            Problem((), error.strerror or "no file", "a readable file", source=Source(layer, name))
        ) from None
    return parse(data, name, layer)


def parse(data: bytes, name: str, layer: str) -> Document:
    """As `read`, of bytes."""
    composer = _Composer(name, layer)
    root = composer.compose(_decoded(data, name, layer))
    return Document(name, root, tuple(composer.problems))


def _decoded(data: bytes, name: str, layer: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise UnreadableError(
            Problem(
                (),
                f"the byte 0x{data[error.start]:02x}, which is no UTF-8",
                "a file saved as UTF-8",
                source=Source(layer, name, line, column),
            )
        ) from None


def _tabbed(text: str, line: int) -> bool:
    """Whether a line (from 1) is indented with a tab."""
    whole = text.splitlines()[line - 1 : line]
    return bool(whole) and "\t" in whole[0][: len(whole[0]) - len(whole[0].lstrip())]


def _next(parser: Any) -> yaml.Event:
    return cast("yaml.Event", parser.get_event())


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    node: Sequence | Mapping
    anchor: str | None
    key: _Key | None = None
    keys: set[str] = field(default_factory=set[str])
    merges: list[Node] = field(default_factory=list["Node"])
    place: str | int | None = None
    """Its own key or position in what contains it."""


@dataclass(slots=True)
class _Key:
    text: str
    line: int
    column: int
    merge: bool
    skip: bool = False


class _Composer:
    """Builds nodes from events; keeps going after what is wrong but can be read."""

    def __init__(self, name: str, layer: str) -> None:
        self.name = name
        self.layer = layer
        self.problems: list[Problem] = []
        self._anchors: dict[str, Node | None] = {}
        self._open: list[_Open] = []
        self._root: Node | None = None

    @property
    def _wanted(self) -> str:
        """What a file holds: a stack's own has one key, others have theirs."""
        return "a mapping with `config:` at the top" if self.layer == STACK else "a mapping"

    def compose(self, text: str) -> Mapping:
        try:
            self._events(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            message = " ".join(part for part in (error.problem, error.context) if part)
            message = message.removeprefix("found ")  # what stands before it says so already
            hint = "indent with spaces, not with tabs" if _tabbed(text, line) else ""
            raise self._unreadable(message, "YAML", line, column, hint) from None
        except yaml.YAMLError as error:
            line = text.count("\n", 0, getattr(error, "position", 0)) + 1
            message = f"{getattr(error, 'reason', error)}".replace("\n", " ")
            raise self._unreadable(message, "YAML: printable text", line, 1) from None
        root = self._root
        if root is None or (isinstance(root, Leaf) and root.scalar.kind == "null"):
            raise self._unreadable("an empty file", self._wanted, 1, 1)
        if not isinstance(root, Mapping):
            raise self._unreadable(
                "a list" if isinstance(root, Sequence) else f"the text {root.scalar.raw!r:.60}",
                self._wanted,
                root.line,
                root.column,
            )
        return root

    def _events(self, text: str) -> None:
        parser = Parser(text)
        try:
            while True:
                event = _next(parser)
                if isinstance(event, yaml.DocumentEndEvent):
                    break
                if isinstance(event, yaml.StreamEndEvent):
                    return
                self._take(event)
            following = _next(parser)
            if not isinstance(following, yaml.StreamEndEvent):
                self._problem(
                    "a second document (`---`)",
                    "one document: the engine reads the first and drops the rest",
                    *_place(following),
                )
        finally:
            parser.dispose()

    def _take(self, event: yaml.Event) -> None:
        line, column = _place(event)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line, column)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor or "", line, column)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if len(self._open) >= MAX_DEPTH:
                raise self._too_deep(line, column)
            opened = Mapping if isinstance(event, yaml.MappingStartEvent) else Sequence
            place = self._place()
            frame = _Open(opened(line, column), event.anchor, place=place)
            if event.anchor is not None:
                self._anchors[event.anchor] = None
            self._open.append(frame)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            frame = self._open.pop()
            if isinstance(frame.node, Mapping):
                self._merge(frame.node, frame.merges)
            if frame.anchor is not None:
                self._anchors[frame.anchor] = frame.node
            self._put(frame.node, line, column)

    def _scalar(self, event: yaml.ScalarEvent, line: int, column: int) -> None:
        is_plain = not event.style
        try:
            scalar = resolve(event.value, plain=is_plain, tag=event.tag)
        except WrongTagError as error:
            self._problem(f"{event.value!r:.60}", str(error), line, column)
            scalar = Scalar("text", event.value, event.value, plain=False)
        if isinstance(scalar.value, float) and not math.isfinite(scalar.value):
            self._problem(scalar.raw, "a finite number", line, column)
            scalar = Scalar("float", 0, scalar.raw, plain=True)
        if scalar.kind == "date" and self.layer == SHARED:
            scalar = replace(scalar, value=iso(str(scalar.value)))
        leaf = Leaf(scalar, line, column)
        if event.anchor is not None:
            self._anchors[event.anchor] = leaf
        self._put(leaf, line, column)

    def _alias(self, anchor: str, line: int, column: int) -> None:
        if anchor not in self._anchors:
            raise self._unreadable(f"*{anchor}", "an alias of an anchor above", line, column)
        node = self._anchors[anchor]
        if node is None:
            raise self._unreadable(
                f"*{anchor} inside its own value",
                "a value that does not contain itself",
                line,
                column,
            )
        self._put(node, line, column)

    def _put(self, node: Node, line: int, column: int) -> None:
        if not self._open:
            self._root = node
            return
        frame = self._open[-1]
        if isinstance(frame.node, Sequence):
            frame.node.items.append(node)
        elif frame.key is None:
            frame.key = self._key(frame, node, line, column)
            return
        else:
            key, frame.key = frame.key, None
            if key.merge:
                frame.merges.append(node)
                return
            if key.skip:
                return
            frame.node.entries[key.text] = Entry(key.line, key.column, node)
        self._grow(frame.node, node, line, column)

    def _grow(self, into: Sequence | Mapping, node: Node, line: int, column: int) -> None:
        into.size += node.size
        into.depth = max(into.depth, node.depth + 1)
        if into.size > MAX_VALUES:
            raise self._unreadable(
                f"more than {MAX_VALUES:,} values, aliases followed", "a smaller file", line, column
            )
        if into.depth > MAX_DEPTH:
            raise self._too_deep(line, column)

    def _key(self, frame: _Open, node: Node, line: int, column: int) -> _Key:
        if not isinstance(node, Leaf):
            self._problem("a list or mapping as a key", "text as a key", line, column)
            return _Key("", line, column, merge=False, skip=True)
        scalar = node.scalar
        text = key_text(scalar)
        if scalar.plain and scalar.raw == "<<":
            text = "<<"
        if scalar.raw in frame.keys:
            self._problem(
                "a second time in the same mapping",
                "each key once",
                line,
                column,
                path=(*self._path(), text),
            )
            return _Key(text, line, column, merge=False, skip=True)
        frame.keys.add(scalar.raw)
        if loses(scalar) or scalar.kind == "null":
            self._problem(
                f"the unquoted key {scalar.raw}, which the engine reads as {text}",
                "text as a key",
                line,
                column,
                hint=f'quote it: "{scalar.raw}"',
                path=(*self._path(), scalar.raw),
            )
        return _Key(text, line, column, merge=scalar.plain and scalar.raw == "<<")

    def _merge(self, into: Mapping, merges: list[Node]) -> None:
        for merge in merges:
            sources = merge.items if isinstance(merge, Sequence) else [merge]
            for source in sources:
                if not isinstance(source, Mapping):
                    self._problem(
                        "something else under `<<`",
                        "a mapping, or a list of mappings",
                        source.line,
                        source.column,
                    )
                    continue
                for key, entry in source.entries.items():
                    if key not in into.entries:
                        into.entries[key] = entry
                        self._grow(into, entry.node, source.line, source.column)

    def _place(self) -> str | int | None:
        if not self._open:
            return None
        frame = self._open[-1]
        if isinstance(frame.node, Sequence):
            return len(frame.node.items)
        return frame.key.text if frame.key else None

    def _path(self) -> KeyPath:
        return tuple(frame.place for frame in self._open if frame.place is not None)

    def _problem(
        self, found: str, allowed: str, line: int, column: int, *, hint: str = "",
        path: KeyPath | None = None,
    ) -> None:  # fmt: skip
        place = self._place()
        if path is None:
            path = (*self._path(), place) if place is not None else self._path()
        source = Source(self.layer, self.name, line, column)
        self.problems.append(Problem(path, found, allowed, hint, source))

    def _too_deep(self, line: int, column: int) -> UnreadableError:
        return self._unreadable(
            f"more than {MAX_DEPTH} levels of nesting", f"at most {MAX_DEPTH}", line, column
        )

    def _unreadable(
        self, found: str, allowed: str, line: int, column: int, hint: str = ""
    ) -> UnreadableError:
        source = Source(self.layer, self.name, line, column)
        place = self._place()
        path = (*self._path(), place) if place is not None else self._path()
        return UnreadableError(Problem(path, found, allowed, hint, source))
