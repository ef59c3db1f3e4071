"""What rules of prices say of resources: what is metered, what is free, what nobody can price.

A package says in `prices.py` of each of its types what it charges, why it is free or why nobody can
price it, and what a month is assumed to bring where the stack file states nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from components.parts.spread import Spread

KeyPath: TypeAlias = tuple[str | int, ...]
"""Of a setting, from the top of the stack file."""

HOURS = 730
"""Of a month, as AWS's own calculator counts it ("AWS Pricing Calculator", 2026-11)."""

Row: TypeAlias = tuple[
    tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]
]
"""What a month is assumed to bring in a small, a medium and a large system: in each a quiet, an
ordinary and a busy one."""


@dataclass(frozen=True)
class Reason:
    """Why a quantity is what it is, and the setting that says so."""

    text: str
    path: KeyPath = ()
    """From the top of the stack file; empty where no setting says it."""


@dataclass(frozen=True)
class Charge:
    """A quantity of one metered thing in a month of 730 hours."""

    key: str
    """Of its price."""
    what: str
    """As in `instance hours of db.t4g.medium`."""
    quantity: Spread
    reasons: tuple[Reason, ...] = ()
    everywhere: bool = False
    """Whether AWS sells it without a region."""
    owner: KeyPath | None = None
    """What it is counted under, where that is not the resource's own part of the stack file."""


@dataclass(frozen=True)
class NotPriced:
    """Something that costs, of which no price is known here."""

    what: str
    why: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Free:
    """Why a type of resource costs nothing by itself."""

    why: str
    source: str
    """The page that says so, and its date."""


Pricing: TypeAlias = Charge | NotPriced
