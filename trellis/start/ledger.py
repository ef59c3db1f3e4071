"""Another tool's files, in which every value is either carried over or told of: none is lost.

A value is known by its node, so the files of several environments may be laid over each other and
each value still has its one line.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trellis.stackfile import document
from trellis.stackfile.nodes import Entry, Leaf, Mapping, Node, Sequence, plain
from trellis.stackfile.problems import KeyPath, Problem, Source, StackFileError, dotted

SUBJECT = "the file has"

NO_WORD = "Trellis has no word for it: see whether the system needs it"


@dataclass(frozen=True)
class Leftover:
    """What was not carried over, or needs a hand: where it stands, and what to do."""

    file: str
    line: int
    path: KeyPath
    advice: str

    def __str__(self) -> str:
        name = dotted(self.path)
        return f"{self.file}:{self.line}: {name + ': ' if name else ''}{self.advice}"


@dataclass
class Ledger:
    """What was read, what of it was used, and what was told."""

    _roots: list[tuple[str, Node]] = field(default_factory=list[tuple[str, Node]])
    _places: dict[int, tuple[str, int, KeyPath]] = field(
        default_factory=dict[int, tuple[str, int, KeyPath]]
    )
    _used: set[int] = field(default_factory=set[int])
    _leftovers: list[Leftover] = field(default_factory=list[Leftover])

    def read(self, file: Path, name: str) -> Mapping:
        """The mapping in a YAML or JSON file.

        Raises:
            StackFileError: it can't be read; says the line.
        """
        try:
            found = document.read(file, name, "manifest")
        except document.UnreadableError as error:
            raise StackFileError([error.problem], subject=SUBJECT) from None
        for problem in found.problems:
            line = problem.source.line if problem.source is not None else None
            self._leftovers.append(Leftover(name, line or 1, problem.path, str(problem.found)))
        self.hold(found.root, name)
        return found.root

    def hold(self, root: Node, name: str) -> None:
        """Keep account of the values of one file."""
        self._roots.append((name, root))
        for path, line, node in _walk(root, (), root.line):
            self._places.setdefault(id(node), (name, line, path))

    def take(self, node: Node | None) -> Any:
        """The value of a node, which is used by that; None where there is no node."""
        if node is None:
            return None
        self._used.update(id(leaf) for leaf in _leaves(node))
        return plain(node)

    def advise(self, node: Node | None, advice: str) -> None:
        """Say what to do about a node: that it was not carried over, or what it needs besides."""
        if node is None:
            return
        file, line, path = self.place(node)
        self._used.update(id(leaf) for leaf in _leaves(node))
        new = Leftover(file, line, path, advice)
        if new not in self._leftovers:
            self._leftovers.append(new)

    def advise_on(self, node: Node, advice: str) -> None:
        """Say what to do about a thing whose words were carried over or told by themselves."""
        first = next(iter(entries(node).values()), node)
        file, line, path = self.place(first)
        new = Leftover(file, line, path[:-1], advice)
        if new not in self._leftovers:
            self._leftovers.append(new)

    def note(self, file: str, advice: str, line: int = 1, path: KeyPath = ()) -> None:
        """Say what to do about a whole file, or a line that no node stands for."""
        self._leftovers.append(Leftover(file, line, path, advice))

    def place(self, node: Node) -> tuple[str, int, KeyPath]:
        """File, line and path of a node."""
        return self._places.get(id(node), ("", node.line, ()))

    def leftovers(self) -> tuple[Leftover, ...]:
        """What was told, and every value that nobody took, by file and line."""
        untaken = [remark for name, root in self._roots for remark in self._untaken(name, root)]
        every = dict.fromkeys((*self._leftovers, *untaken))
        return tuple(
            sorted(every, key=lambda remark: (remark.file, remark.line, dotted(remark.path)))
        )

    def _untaken(self, name: str, root: Node) -> Iterator[Leftover]:
        if not any(id(leaf) in self._used for leaf in _leaves(root)) and not _has_lines(root):
            yield Leftover(name, root.line, (), NO_WORD)
            return
        yield from self._below(name, root, ())

    def _below(self, name: str, node: Node, path: KeyPath) -> Iterator[Leftover]:
        for part, line, child in _children(node):
            leaves = [id(leaf) for leaf in _leaves(child)]
            if not any(leaf in self._used for leaf in leaves):
                yield Leftover(name, line, (*path, part), NO_WORD)
            elif not all(leaf in self._used for leaf in leaves):
                yield from self._below(name, child, (*path, part))


@contextmanager
def shapes(ledger: Ledger, node: Node, tool: str) -> Generator[None]:
    """Inside, a value of another shape than the tool's own words have is an error with a line.

    The tools check their files themselves, with hundreds of rules: what they would refuse shows
    here as text where a number or a mapping is expected.

    Raises:
        StackFileError: names the file and the line where the thing begins.
    """
    try:
        yield
    except (ValueError, TypeError, AttributeError) as error:
        file, line, path = ledger.place(node)
        found = f"a value that is none of {tool}'s ({error})"
        place = Source("manifest", file, line)
        raise StackFileError(
            [Problem(path, found, f"what {tool} itself takes", source=place)],
            subject=SUBJECT,
        ) from error


def _has_lines(root: Node) -> bool:
    """Whether there is anything in it that could be told by a line of its own."""
    return bool(list(_children(root)))


def _children(node: Node) -> Iterator[tuple[str | int, int, Node]]:
    if isinstance(node, Mapping):
        for key, entry in node.entries.items():
            yield key, entry.line, entry.node
    elif isinstance(node, Sequence):
        for position, element in enumerate(node.items):
            yield position, element.line, element


def _walk(node: Node, path: KeyPath, line: int) -> Iterator[tuple[KeyPath, int, Node]]:
    yield path, line, node
    for part, below, child in _children(node):
        yield from _walk(child, (*path, part), below)


def _leaves(node: Node) -> Iterator[Node]:
    """What counts as a value: scalars, and lists and mappings that are empty."""
    children = list(_children(node))
    if not children:
        yield node
    for _, _, child in children:
        yield from _leaves(child)


def values(node: Node) -> list[tuple[KeyPath, int]]:
    """Path and line of every value in a file: what must be used or told."""
    return [(path, line) for path, line, value in _walk(node, (), node.line)
            if not list(_children(value))]  # fmt: skip


def get(node: Node | None, *keys: str) -> Node | None:
    """The node below a mapping, by keys; None where there is none."""
    for key in keys:
        if not isinstance(node, Mapping) or key not in node.entries:
            return None
        node = node.entries[key].node
    return node


def entries(node: Node | None) -> dict[str, Node]:
    """The nodes of a mapping by key; none where it is no mapping."""
    return {k: e.node for k, e in node.entries.items()} if isinstance(node, Mapping) else {}


def items(node: Node | None) -> list[Node]:
    """The nodes of a list; of what is no list, itself alone."""
    if node is None or is_null(node):
        return []
    return list(node.items) if isinstance(node, Sequence) else [node]


def is_null(node: Node) -> bool:
    """Whether nothing stands there."""
    return isinstance(node, Leaf) and node.scalar.kind == "null"


def text(node: Node | None) -> str | None:
    """The text of a scalar as written; None of anything else. Nothing is taken by it."""
    return node.scalar.raw if isinstance(node, Leaf) and not is_null(node) else None


def laid_over(below: Node, above: Node) -> Node:
    """Two nodes as one: mappings key by key, anything else replaced as a whole."""
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    found = Mapping(below.line, below.column, dict(below.entries))
    for key, entry in above.entries.items():
        old = below.entries.get(key)
        node = entry.node if old is None else laid_over(old.node, entry.node)
        found.entries[key] = Entry(entry.line, entry.column, node)
    return found
