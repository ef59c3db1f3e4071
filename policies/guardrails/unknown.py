"""Values that are not known before deployment, and the three-valued logic they need.

A policy that reads an unknown value must neither pass nor crash: it answers UNKNOWN. Whoever
reads a resource puts the one value `UNKNOWN` wherever the engine has no value yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    # Only for the type checker: typing has it from Python 3.13.
    from typing_extensions import TypeIs


@final
class Unknown:
    """The type of `UNKNOWN`; it has exactly one instance and no truth value."""

    _instance: Unknown | None = None

    def __new__(cls) -> Unknown:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false: ask is_unknown() first")

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __copy__(self) -> Unknown:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Unknown:
        return self

    def __reduce__(self) -> tuple[type[Unknown], tuple[()]]:
        return (Unknown, ())


UNKNOWN: Final = Unknown()


def is_unknown(value: object) -> TypeIs[Unknown]:
    """Whether `value` itself is `UNKNOWN`; what it may contain is not looked at."""
    return value is UNKNOWN


class Tri(Enum):
    """Yes, no, or not decidable from what is known (Kleene's strong three-valued logic)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @staticmethod
    def of(value: bool | Unknown) -> Tri:
        """YES or NO for a known truth value, UNKNOWN for `UNKNOWN`."""
        if is_unknown(value):
            return Tri.UNKNOWN
        return Tri.YES if value else Tri.NO

    def __and__(self, other: Tri) -> Tri:
        if Tri.NO in (self, other):
            return Tri.NO
        return Tri.UNKNOWN if Tri.UNKNOWN in (self, other) else Tri.YES

    def __or__(self, other: Tri) -> Tri:
        if Tri.YES in (self, other):
            return Tri.YES
        return Tri.UNKNOWN if Tri.UNKNOWN in (self, other) else Tri.NO

    def __invert__(self) -> Tri:
        return {Tri.YES: Tri.NO, Tri.NO: Tri.YES, Tri.UNKNOWN: Tri.UNKNOWN}[self]

    def __bool__(self) -> bool:
        raise TypeError("compare a Tri with Tri.YES, Tri.NO or Tri.UNKNOWN")


def any_of(values: Iterable[Tri]) -> Tri:
    """YES if one is, else UNKNOWN if one is, else NO (also for no values at all)."""
    result = Tri.NO
    for value in values:
        if value is Tri.YES:
            return Tri.YES
        result = result | value
    return result


def all_of(values: Iterable[Tri]) -> Tri:
    """NO if one is, else UNKNOWN if one is, else YES (also for no values at all)."""
    result = Tri.YES
    for value in values:
        if value is Tri.NO:
            return Tri.NO
        result = result & value
    return result
