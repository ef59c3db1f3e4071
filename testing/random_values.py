"""Random values of the shapes that the settings allow: numbers, words, text by pattern, mappings.

Everything is drawn from the settings' own models, so a new setting is drawn without a word here.
"""

from __future__ import annotations

import math
import string
from collections.abc import Callable
from random import Random
from re import _parser as parser  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue, reportUnknownVariableType]
from typing import Any, Final, cast

from trellis.stackfile.problems import KeyPath
from trellis.stackfile.shape import Choice, Field, ListOf, MapOf, Object, Scalar, Shape

WORDS: Final = (
    "alpha", "api", "archive", "assets", "billing", "chat", "events", "home", "images", "intake",
    "jobs", "ledger", "main", "orders", "photos", "search", "users", "web", "worker",
)  # fmt: skip

LEAVE: Final = object()
"""What a hint answers where the setting is better left out."""

Hint = Callable[[Random, KeyPath], Any]
_LONGEST: Final = 6
"""Repetitions of an open pattern such as `a*`."""


class Values:
    """Draws values; `hint` is asked first, and answers None where the shape itself will do."""

    def __init__(
        self,
        random: Random,
        density: float,
        hint: Callable[[KeyPath], Any],
        agree: Callable[[KeyPath, dict[str, Any]], None],
    ) -> None:
        """Take what a whole stack file knows and a shape does not.

        Args:
            density: how likely an optional setting is given.
            hint: a value for a path, `LEAVE`, or None.
            agree: changes a mapping whose settings must fit one another.
        """
        self.random = random
        self.density = density
        self._hint = hint
        self._agree = agree

    def draw(self, shape: Shape, path: KeyPath) -> Any:
        """A value of a shape, or `LEAVE`."""
        hinted = self._hint(path)
        if hinted is not None:
            return hinted
        if isinstance(shape, Object):
            return self._object(shape, path)
        if isinstance(shape, MapOf):
            return self._mapping(shape, path)
        if isinstance(shape, ListOf):
            least = shape.shortest or 0
            count = self.random.randint(least, max(least, min(shape.longest or 3, 3)))
            items = [self.draw(shape.element, (*path, position)) for position in range(count)]
            return [drawn for drawn in items if drawn is not LEAVE]
        if isinstance(shape, Choice):
            return self.draw(self.random.choice(shape.options)[1], path)
        return self._scalar(shape)

    def _object(self, shape: Object, path: KeyPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, field in shape.fields.items():
            if field.info.is_required() or self.random.random() < self.density:
                self._set(found, field, (*path, key))
        self._agree(path, found)
        return found

    def _set(self, found: dict[str, Any], field: Field, path: KeyPath) -> None:
        value = self.draw(field.shape, path)
        if value is not LEAVE:
            found[field.key] = value

    def _mapping(self, shape: MapOf, path: KeyPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(self.random.randint(0, 2)):
            key = self.key(shape.key)
            value = self.draw(shape.value, (*path, key))
            if value is not LEAVE:
                found[key] = value
        return found

    def key(self, shape: Shape) -> str:
        """A key of a mapping."""
        word = self.random.choice(WORDS)
        if isinstance(shape, Scalar) and shape.kind == "choice":
            return str(self.random.choice(shape.choices))
        pattern = shape.pattern if isinstance(shape, Scalar) else None
        if pattern is None or parser.parse(pattern) is None or _matches(pattern, word):
            return word
        return text_of(self.random, pattern)

    def _scalar(self, shape: Scalar) -> Any:
        random = self.random
        match shape.kind:
            case "choice":
                return random.choice(shape.choices)
            case "boolean":
                return random.random() < 0.5
            case "integer":
                return self._number(shape)
            case "number":
                return float(self._number(shape))
            case "date":
                # What holds until a day does so for a year or so at most.
                day = random.randint(1, 14)
                return f"2027-{random.randint(1, 12):02}-{day:02}"
            case _:
                if shape.pattern is not None:
                    return _in_reach(text_of(random, shape.pattern)[: shape.longest])
                return " ".join(random.choices(WORDS, k=max(2, (shape.shortest or 0) // 3)))

    def _number(self, shape: Scalar) -> int:
        """Small ones as often as large ones, and the limits themselves."""
        least = math.floor(shape.least) + 1 if shape.above else math.ceil(shape.least or 0)
        most = math.floor(shape.most) if shape.most is not None else max(least * 4, 1_000)
        at_random = least + round(math.exp(self.random.uniform(0, math.log(most - least + 1)))) - 1
        return self.random.choice((least, most, at_random, at_random, at_random))


def _matches(pattern: str, word: str) -> bool:
    import re

    return re.search(pattern, word) is not None


def _in_reach(text: str) -> str:
    """An ARN of the partition and region that random stacks are in; other text as it is."""
    if not text.startswith("arn:aws"):
        return text
    parts = text.split(":")
    parts[1] = "aws"
    if parts[3]:
        parts[3] = "us-east-1"
    return ":".join(parts)


def text_of(random: Random, pattern: str) -> str:
    """A text that matches a pattern.

    Raises:
        ValueError: the pattern says something that is not understood here.
    """
    return _text(random, cast("Any", parser.parse(pattern)))


def _text(random: Random, parsed: Any) -> str:
    return "".join(_part(random, str(kind), value) for kind, value in parsed)


def _part(random: Random, kind: str, value: Any) -> str:
    match kind:
        case "LITERAL":
            return chr(value)
        case "AT":
            return ""
        case "ANY":
            return random.choice(string.ascii_lowercase)
        case "IN":
            return _member(random, value)
        case "NOT_LITERAL":
            return "x" if value != ord("x") else "y"
        case "MAX_REPEAT" | "MIN_REPEAT":
            least, most, inner = value
            count = random.randint(least, min(int(most), least + _LONGEST))
            return "".join(_text(random, inner) for _ in range(count))
        case "SUBPATTERN":
            return _text(random, value[-1])
        case "BRANCH":
            return _text(random, random.choice(value[1]))
        case _:
            raise ValueError(f"a pattern with {kind}")


def _member(random: Random, choices: Any) -> str:
    """One character of a class such as `[a-z0-9]`, plain ones where it is negated."""
    plain = string.ascii_lowercase + string.digits
    allowed: set[str] = set()
    negated = False
    for kind, value in choices:
        match str(kind):
            case "NEGATE":
                negated = True
            case "LITERAL":
                allowed.add(chr(value))
            case "RANGE":
                allowed.update(map(chr, range(value[0], value[1] + 1)))
            case "CATEGORY":
                name = str(value)
                if name.endswith("NOT_SPACE"):
                    allowed.update(plain)
                elif name.endswith("DIGIT"):
                    allowed.update(string.digits)
                elif name.endswith("WORD"):
                    allowed.update(string.ascii_lowercase)
                else:
                    allowed.add(" ")
            case other:
                raise ValueError(f"a class with {other}")
    return random.choice(sorted(set(plain) - allowed if negated else allowed))
