"""How much of everything a month is assumed to bring: what the stack file states, or a table.

The assumptions are Trellis's own, of 2026-11, and stand in each package's `prices.py`: three sizes
of system, each with a quiet, an ordinary and a busy month. They are there so that no price is
silently of an idle system; whoever knows better says so under `usage:`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pydantic.alias_generators import to_camel

from components.parts.charges import Reason, Row
from components.parts.spread import Spread
from trellis.price import others
from trellis.registry import DeclarationError, beside
from trellis.stackfile.problems import KeyPath
from trellis.stackfile.usage import RangeSettings, Size, UsageSettings

DATED = "2026-11"

SIZES: tuple[Size, ...] = ("small", "medium", "large")


def _assumed() -> Mapping[tuple[str, str], Row]:
    """What every package assumes of what it makes.

    Raises:
        DeclarationError: two of them assume something of one measure.
    """
    found: dict[tuple[str, str], Row] = {}
    for module in (*beside("prices"), others):
        rows: Mapping[tuple[str, str], Row] = getattr(module, "ASSUMED", {})
        if twice := sorted(found.keys() & rows):
            raise DeclarationError(f"{module.__name__} assumes {twice[0]}, as another package does")
        found.update(rows)
    return found


ASSUMED: Mapping[tuple[str, str], Row] = _assumed()
"""By part and measure: small, medium and large systems."""


class Usage:
    """The amounts of one stack."""

    def __init__(self, settings: UsageSettings | None = None) -> None:
        """Read them.

        Args:
            settings: what the stack file says; a medium system where there is none.
        """
        self._settings = settings or UsageSettings()

    @property
    def size(self) -> Size:
        """What is assumed where nothing is said."""
        return self._settings.size

    @property
    def as_of(self) -> str:
        """ISO date of the stated amounts; empty where none is given."""
        return "" if self._settings.as_of is None else self._settings.as_of.isoformat()

    def stated(self, part: str, key: str | None, measure: str) -> tuple[Spread, Reason] | None:
        """What the stack file states of one measure; None where it says nothing."""
        held: Any = getattr(self._settings, part, None)
        if isinstance(held, Mapping):
            held = cast("Mapping[str, Any]", held).get(key or "")
        value = getattr(held, measure, None)
        if value is None:
            return None
        path: KeyPath = tuple(to_camel(name) for name in ("usage", part))
        path += (*((key,) if key is not None else ()), to_camel(measure))
        if isinstance(value, RangeSettings):
            return Spread.of(value.low, value.expected, value.high), Reason("stated", path)
        return Spread.flat(value), Reason("stated", path)

    def of(self, part: str, key: str | None, measure: str) -> tuple[Spread, Reason]:
        """What is stated, or what is assumed for the size.

        Raises:
            KeyError: nobody assumes anything of that measure.
        """
        found = self.stated(part, key, measure)
        if found is not None:
            return found
        amounts = ASSUMED[part, measure][SIZES.index(self.size)]
        return Spread.of(*amounts), Reason(f"assumed for a {self.size} system", ("usage", "size"))
