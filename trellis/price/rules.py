"""What every package says of the prices of its types, and what is said of types that no tier makes.

To price a new type: `prices.py` beside its declaration, with a rule that yields `Charge`s by the
keys of the price data, or a row in `FREE` or `NOT_PRICED`, and in `ASSUMED` what a month is assumed
to bring; what a person may state of that stands in `trellis/stackfile/usage.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.parts.asked import Rule, WithoutResource
from components.parts.charges import Free
from trellis.price import others
from trellis.registry import DeclarationError, beside

MODULES = (*beside("prices"), others)
"""Where it is said."""


def _rows(table: str) -> Mapping[str, Any]:
    """The rows of one table by type.

    Raises:
        DeclarationError: a type stands in two modules.
    """
    found: dict[str, Any] = {}
    for module in MODULES:
        rows: Mapping[str, Any] = getattr(module, table, {})
        if twice := sorted(found.keys() & rows):
            raise DeclarationError(f"{module.__name__} prices {twice[0]}, as another package does")
        found.update(rows)
    return found


RULES: Mapping[str, Rule] = _rows("RULES")
"""What a resource is charged for, by its type."""

FREE: Mapping[str, Free] = _rows("FREE")
"""Why a type costs nothing by itself."""

NOT_PRICED: Mapping[str, str] = _rows("NOT_PRICED")
"""Why a type that costs has no price here."""

ALSO: Mapping[str, tuple[Rule, ...]] = _rows("ALSO")
"""What a type is charged for beside its own rule."""

WITHOUT_RESOURCE: tuple[WithoutResource, ...] = tuple(
    charged for module in MODULES for charged in getattr(module, "WITHOUT_RESOURCE", ())
)
"""What costs and makes no resource."""
