"""Typed access to one value of a resource's inputs: a value, absent, or unknown until deployed."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, cast

from .unknown import UNKNOWN, Tri, all_of, any_of, is_unknown


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()
_NO_DEFAULTS: Mapping[str, object] = MappingProxyType({})


def _is_absent(value: object) -> bool:
    # The provider treats null, "" and an empty list as "not set".
    return value is ABSENT or value is None or value in ("", [], ())


@dataclass(frozen=True, slots=True)
class Reading:
    """The value at a path, with AWS's default where the program leaves it out.

    Every question answers with a ``Tri``: unknown in, unknown out. ``path`` has no list
    positions (``rules.expiration``), and names the input in messages; the value never does.
    """

    value: object
    path: str = ""
    defaults: Mapping[str, object] = field(default_factory=lambda: _NO_DEFAULTS)

    def __getitem__(self, key: str) -> "Reading":
        path = f"{self.path}.{key}" if self.path else key
        value = self.value
        if is_unknown(value):
            return Reading(UNKNOWN, path, self.defaults)
        found: object = ABSENT
        if isinstance(value, Mapping):
            found = cast("Mapping[str, object]", value).get(key, ABSENT)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            # A block AWS allows once is a list of one in some versions of the provider.
            members = cast("Sequence[object]", value)
            if len(members) == 1:
                return Reading(members[0], self.path, self.defaults)[key]
        if _is_absent(found):
            found = self.defaults.get(path, ABSENT)
        return Reading(found, path, self.defaults)

    @property
    def is_unknown(self) -> bool:
        """Whether the whole value is not known until deployed."""
        return is_unknown(self.value)

    @property
    def is_absent(self) -> bool:
        """Whether the program leaves it out and AWS has no default."""
        return not self.is_unknown and _is_absent(self.value)

    def ask(self, question: Callable[[object], bool]) -> Tri:
        """The answer to ``question``; no when absent, unknown when unknown."""
        if self.is_unknown:
            return Tri.UNKNOWN
        return Tri.NO if _is_absent(self.value) else Tri.of(question(self.value))

    def present(self) -> Tri:
        """Whether a value is given."""
        return self.ask(lambda _: True)

    def absent(self) -> Tri:
        """Whether no value is given."""
        return ~self.present()

    def is_true(self) -> Tri:
        """Whether it is set to true; no when absent."""
        return self.ask(lambda value: value is True or value == "true")

    def equals(self, wanted: object) -> Tri:
        """Whether it is exactly this (numbers by value, text by letters)."""
        return self.ask(lambda value: _same(value, wanted))

    def one_of(self, wanted: Iterable[object]) -> Tri:
        """Whether it is one of these."""
        options = tuple(wanted)
        return self.ask(lambda value: any(_same(value, option) for option in options))

    def at_least(self, minimum: float) -> Tri:
        """Whether it is a number, and not below ``minimum``."""
        number = self.number()
        return self.ask(lambda _: number is not None and number >= minimum)

    def at_most(self, maximum: float) -> Tri:
        """Whether it is a number, and not above ``maximum``."""
        number = self.number()
        return self.ask(lambda _: number is not None and number <= maximum)

    def matches(self, pattern: str) -> Tri:
        """Whether it is text in which ``pattern`` (case-insensitive) is found."""
        return self.ask(
            lambda value: (
                isinstance(value, str) and re.search(pattern, value, re.IGNORECASE) is not None
            )
        )

    def number(self) -> float | None:
        """The number, or ``None`` when it is not one."""
        value = self.value
        if isinstance(value, bool) or self.is_unknown:
            return None
        if isinstance(value, (int, float)):
            return float(value)
        try:
            return float(value) if isinstance(value, str) else None
        except ValueError:
            return None

    def text(self) -> str | None:
        """The text, or ``None`` when it is absent, unknown or something else."""
        return self.value if isinstance(self.value, str) and not self.is_unknown else None

    def elements(self) -> "tuple[Reading, ...]":
        """The members of a list (a lone block counts as a list of one); none when unknown."""
        value = self.value
        if self.is_unknown or _is_absent(value):
            return ()
        if isinstance(value, Sequence) and not isinstance(value, str):
            members = cast("Sequence[object]", value)
            return tuple(Reading(member, self.path, self.defaults) for member in members)
        return (self,)

    def some(self, question: "Callable[[Reading], Tri]") -> Tri:
        """Whether one member satisfies ``question``."""
        if self.is_unknown:
            return Tri.UNKNOWN
        return any_of(question(member) for member in self.elements())

    def every(self, question: "Callable[[Reading], Tri]") -> Tri:
        """Whether all members satisfy ``question`` (yes for an empty list)."""
        if self.is_unknown:
            return Tri.UNKNOWN
        return all_of(question(member) for member in self.elements())

    def includes(self, wanted: object) -> Tri:
        """Whether the list has this member."""
        return self.some(lambda member: member.equals(wanted))

    def parsed(self) -> "Reading":
        """The document inside a JSON string (absent when it is not JSON)."""
        if self.is_unknown or not isinstance(self.value, str):
            return self
        try:
            return Reading(json.loads(self.value), self.path)
        except ValueError:
            return Reading(ABSENT, self.path)

    def keys(self) -> tuple[str, ...]:
        """The keys of a map; none when it is unknown or no map."""
        value = self.value
        if isinstance(value, Mapping):
            return tuple(str(key) for key in cast("Mapping[object, object]", value))
        return ()


def _same(value: object, wanted: object) -> bool:
    if isinstance(wanted, bool) or isinstance(value, bool):
        return value is wanted
    if isinstance(wanted, (int, float)) and isinstance(value, str):
        return value == str(wanted)
    if isinstance(wanted, str) and isinstance(value, (int, float)):
        return wanted == (str(int(value)) if float(value).is_integer() else str(value))
    return value == wanted
