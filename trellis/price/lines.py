"""Lines of an estimate: charges with their price, and rows of what has none."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from components.parts.charges import Charge, KeyPath, Reason
from components.parts.spread import Spread


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
