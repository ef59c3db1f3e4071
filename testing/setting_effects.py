"""Does every setting do something? Each one of the real stacks is changed alone.

A change is right when AWS would get something else (the recording differs) or when the stack file
is refused. The settings are those that the models have, defaults included; values are drawn from
the models too, so a new setting is tried without a word here. What no real stack has is said.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final, cast

from testing.random_values import LEAVE, Values
from trellis.planner.record import Recording, record
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.loading import read_stack
from trellis.stackfile.problems import KeyPath, StackFileError, dotted
from trellis.stackfile.resolution import resolve
from trellis.stackfile.shape import Choice, ListOf, MapOf, Object, Scalar, Shape
from trellis.stackfile.tree import at, has

SEED: Final = 20261129
TRIES: Final = 6
"""Values that are drawn for one setting until one is taken."""
ROOT: Final = Path(__file__).resolve().parents[1]

IN_VAIN: Final[Mapping[str, str]] = {
    "usage": "is for `trellis price`",
    "exemptions": "is for the policy pack",
    "formerly": "is heeded where there was another key before",
}
"""Settings that change nothing of what is made, by their first or last key, and why."""


@dataclass(frozen=True)
class Leaf:
    """One setting of one stack, with what it is now."""

    path: KeyPath
    shape: Shape
    value: Any
    """As JSON has it; None where it is left out and has no default."""

    @property
    def pattern(self) -> str:
        """The path with `*` for positions and keys that people chose."""
        return dotted(_pattern(SYSTEM, self.path))


class Stack:
    """A real stack whose settings are changed one by one."""

    def __init__(self, project: str, stack: str) -> None:
        self._project, self._stack = ROOT / project, stack
        files = read_stack(self._project, stack)
        resolution = resolve(files.config, files)
        self._data = resolution.data
        self._settings: dict[str, Any] = resolution.built.model_dump(mode="json", by_alias=True)
        self._before = _facts_of(self._recorded({}))

    def leaves(self) -> Iterator[Leaf]:
        """Every setting that is below something that the stack file says, in its order."""
        for path, shape, value in _leaves(SYSTEM, self._settings, ()):
            if path[0] not in IN_VAIN and path[-1] not in IN_VAIN:
                yield Leaf(path, shape, value)

    def effect(self, leaf: Leaf, random: Random) -> str:
        """`changed`, `refused`, or `in vain` with the value that changed nothing."""
        values = Values(random, 0.5, _no_hint, _no_agreement)
        refused = "refused"
        for _ in range(TRIES):
            value = _other(values, leaf)
            if value is LEAVE:
                continue
            try:
                recording = self._recorded(self._change(leaf.path, value))
            except StackFileError:
                continue
            if _facts_of(recording) != self._before:
                return "changed"
            refused = f"in vain: {value!r} for {leaf.value!r}"
        return refused

    def _change(self, path: KeyPath, value: Any) -> dict[KeyPath, Any]:
        """A change of a setting; a list is changed as a whole."""
        for length, part in enumerate(path):
            if isinstance(part, int):
                written = has(self._data, path[: length + 1])
                whole = self._data if written else self._settings
                changed = _given(copy.deepcopy(at(whole, path[:length])))
                _put(changed, path[length:], value)
                return {path[:length]: changed}
        return {path: value}

    def _recorded(self, changes: Mapping[KeyPath, Any]) -> Recording:
        return record(self._project, self._stack, "deployed", changes=changes)


def _no_hint(_path: KeyPath) -> None:
    """Values are the models' alone."""


def _no_agreement(_path: KeyPath, _found: dict[str, Any]) -> None:
    """One setting is changed alone."""


def _facts_of(recording: Recording) -> tuple[str, ...]:
    """All that a recording would make, whatever the order."""
    return (*sorted(map(repr, recording.resources)), repr(recording.outputs))


def _given(value: Any) -> Any:
    """A value without what is left out, which the settings' models give as None."""
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value)
        return {key: _given(part) for key, part in parts.items() if part is not None}
    if isinstance(value, list):
        return [_given(part) for part in cast("list[Any]", value)]
    return value


def _put(whole: Any, path: KeyPath, value: Any) -> None:
    below: Any = whole
    for part in path[:-1]:
        if isinstance(below, dict):
            below = cast("dict[str | int, Any]", below).setdefault(part, {})
        else:
            below = below[part]
    below[path[-1]] = value


def _leaves(shape: Shape, value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Shape, Any]]:
    if isinstance(shape, Choice):
        (shape, *others) = shape.of(value)
        if others or value is None:
            yield path, Choice(tuple((None, element) for element in (shape, *others))), value
            return
    if isinstance(shape, Object) and isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        for key, field in shape.fields.items():
            yield from _leaves(field.shape, found.get(key), (*path, key))
    elif isinstance(shape, MapOf) and value:
        for key, part in cast("dict[str, Any]", value).items():
            yield from _leaves(shape.value, part, (*path, key))
    elif isinstance(shape, ListOf) and value and not isinstance(shape.element, Scalar):
        for position, part in enumerate(cast("list[Any]", value)):
            yield from _leaves(shape.element, part, (*path, position))
    elif isinstance(shape, Scalar):
        yield path, shape, value


def _pattern(shape: Shape, path: KeyPath) -> KeyPath:
    """A path with `*` where a person chose, by the shapes on its way."""
    if not path:
        return ()
    options = shape.options if isinstance(shape, Choice) else ((None, shape),)
    for _, option in options:
        if isinstance(option, Object) and path[0] in option.fields:
            return (path[0], *_pattern(option.fields[str(path[0])].shape, path[1:]))
        if isinstance(option, MapOf) and isinstance(path[0], str):
            return ("*", *_pattern(option.value, path[1:]))
        if isinstance(option, ListOf) and isinstance(path[0], int):
            return ("*", *_pattern(option.element, path[1:]))
    return path


def _other(values: Values, leaf: Leaf) -> Any:
    """A value that the setting may have and has not; `LEAVE` where none is drawn."""
    for _ in range(20):
        try:
            value = values.draw(leaf.shape, leaf.path)
        except ValueError:  # a pattern that nothing here draws
            return LEAVE
        if value is not LEAVE and value != leaf.value:
            return value
    return LEAVE


def chosen(stacks: Iterable[Stack]) -> Mapping[str, tuple[Stack, Leaf]]:
    """One place of each setting, in the first stack that has it."""
    found: dict[str, tuple[Stack, Leaf]] = {}
    for stack in stacks:
        for leaf in stack.leaves():
            found.setdefault(leaf.pattern, (stack, leaf))
    return found


def effects(
    settings: Mapping[str, tuple[Stack, Leaf]], report: Callable[[str, str], None] | None = None
) -> Mapping[str, str]:
    """What each setting does, by its pattern."""
    found: dict[str, str] = {}
    for pattern, (stack, leaf) in settings.items():
        found[pattern] = stack.effect(leaf, Random(f"{SEED} {pattern}"))
        if report is not None:
            report(pattern, found[pattern])
    return found
