"""A quantity or an amount in three scenarios, in exact decimals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

Scenario = Literal["low", "expected", "high"]
SCENARIOS: tuple[Scenario, ...] = ("low", "expected", "high")
"""`low`: a quiet month, nothing scaled out. `high`: a busy one, all that scales at its limit."""

Number: TypeAlias = int | float | str | Decimal


def decimal(value: Number) -> Decimal:
    """The decimal that a person reads: 0.1 is 0.1 and not its nearest binary fraction."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


@dataclass(frozen=True)
class Spread:
    """Low, expected and high."""

    low: Decimal
    expected: Decimal
    high: Decimal

    @classmethod
    def of(cls, low: Number, expected: Number, high: Number) -> Spread:
        """From any numbers."""
        return cls(decimal(low), decimal(expected), decimal(high))

    @classmethod
    def flat(cls, value: Number) -> Spread:
        """The same in all three."""
        same = decimal(value)
        return cls(same, same, same)

    def __iter__(self) -> Iterator[Decimal]:
        return iter((self.low, self.expected, self.high))

    def __add__(self, other: Spread) -> Spread:
        return Spread(*(ours + theirs for ours, theirs in zip(self, other, strict=True)))

    def __sub__(self, other: Spread) -> Spread:
        return Spread(*(ours - theirs for ours, theirs in zip(self, other, strict=True)))

    def __mul__(self, factor: Number | Spread) -> Spread:
        factors = factor if isinstance(factor, Spread) else Spread.flat(factor)
        return Spread(*(ours * theirs for ours, theirs in zip(self, factors, strict=True)))

    def __truediv__(self, divisor: Number) -> Spread:
        return Spread(*(value / decimal(divisor) for value in self))

    def mapped(self, change: Callable[[Decimal], Decimal]) -> Spread:
        """What a function makes of the three."""
        return Spread(*map(change, self))

    @property
    def is_flat(self) -> bool:
        """Whether usage does not matter."""
        return self.low == self.expected == self.high

    @property
    def is_nothing(self) -> bool:
        """Whether it is nought in all three."""
        return not any(self)


NOTHING = Spread.flat(0)


def total(amounts: Iterator[Spread] | list[Spread]) -> Spread:
    """The sum; nothing where there are none."""
    found = NOTHING
    for amount in amounts:
        found += amount
    return found
