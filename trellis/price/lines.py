"""What rules say of resources: what is metered, what is free and what nobody can price."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from trellis.price.spread import Spread
from trellis.stackfile.problems import KeyPath


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


Said: TypeAlias = Charge | NotPriced


@dataclass(frozen=True)
class Line:
    """A charge with its price and amount."""

    resource: str
    """URN; empty for what the stack file alone says."""
    name: str
    charge: Charge
    usd: Spread
    """Exact."""
    unit_usd: Decimal
    """Of the first unit."""
    unit: str
    tiered: bool
    source: str
    seen: str
    doubt: str = ""
    free_quantity: bool = False
    """Whether a free quantity was taken off."""


@dataclass(frozen=True)
class Unpriced:
    """A row of its own for what has no price."""

    owner: KeyPath
    resource: str
    name: str
    what: str
    why: str
    quantity: Spread | None = None
    reasons: tuple[Reason, ...] = field(default=())
