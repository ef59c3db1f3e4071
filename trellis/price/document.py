"""A price as JSON, which `docs/price.md` describes; keys are only added within a version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from components.parts.charges import HOURS, Reason
from components.parts.spread import SCENARIOS, Spread
from trellis.price.budgets import BudgetVerdict
from trellis.price.estimate import Part
from trellis.price.lines import Line, Unpriced
from trellis.price.prices import cents
from trellis.price.pricing import Priced
from trellis.price.savings import Saving
from trellis.price.support import Sunset
from trellis.stackfile.problems import dotted

VERSION = 1


def document(
    priced: Priced,
    *,
    budgets: Iterable[BudgetVerdict] = (),
    sunsets: Iterable[Sunset] = (),
    savings: Sequence[Saving] | None = None,
) -> dict[str, Any]:
    """The whole price; amounts and quantities are decimals in text, exact but for totals.

    Args:
        savings: None where they were not looked for.
    """
    found = priced.estimate
    return {
        "version": VERSION,
        "project": found.recording.project,
        "stack": found.recording.stack,
        "region": found.recording.region,
        "currency": "USD",
        "hoursPerMonth": HOURS,
        "prices": {"of": found.prices.compiled, "file": found.prices.origin},
        "taxIncluded": False,
        "freeTier": found.free_tier,
        "supposed": list(found.recording.supposed),
        "usage": {"size": found.usage.size, "asOf": found.usage.as_of},
        "total": spread(found.usd),
        "components": [_part(part, priced) for part in found.parts],
        "notPriced": [_unpriced(row, priced) for row in found.not_priced],
        "free": [
            {"type": row.type, "count": row.count, "why": row.free.why, "source": row.free.source}
            for row in found.free
        ],
        "budgets": [_budget(budget) for budget in budgets],
        "support": [_sunset(sunset) for sunset in sunsets],
        "savings": None if savings is None else [_saving(saving) for saving in savings],
    }


def spread(value: Spread, *, rounded: bool = True) -> dict[str, str]:
    """Low, expected and high as text; amounts rounded half up to cents."""
    return {
        scenario: number(cents(amount) if rounded else amount)
        for scenario, amount in zip(SCENARIOS, value, strict=True)
    }


def number(value: Decimal) -> str:
    """A decimal without an exponent, and without noughts that say nothing but cents."""
    text = f"{value:f}"
    if "." not in text:
        return text
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0")
    return (
        f"{whole}.{rest:0<2}"
        if len(rest) <= 2 and len(text) - len(whole) == 3
        else (f"{whole}.{rest}" if rest else whole)
    )


def _part(part: Part, priced: Priced) -> dict[str, Any]:
    return {
        "component": dotted(part.owner),
        "total": spread(part.usd),
        "lines": [_line(line, priced) for line in part.lines],
    }


def _line(line: Line, priced: Priced) -> dict[str, Any]:
    return {
        "resource": line.resource,
        "names": line.name.split(", ") if line.name else [],
        "what": line.charge.what,
        "key": line.charge.key,
        "unit": line.unit,
        "unitPrice": number(line.unit_usd),
        "tiered": line.tiered,
        "quantity": spread(line.charge.quantity, rounded=False),
        "usd": spread(line.usd, rounded=False),
        "assumptions": _assumptions(line.charge.reasons, priced),
        "source": line.source,
        "seen": line.seen,
        "doubt": line.doubt,
    }


def _assumptions(reasons: Iterable[Reason], priced: Priced) -> list[dict[str, str]]:
    return [
        {"text": reason.text, "path": dotted(reason.path), "source": priced.source(reason)}
        for reason in reasons
    ]


def _unpriced(row: Unpriced, priced: Priced) -> dict[str, Any]:
    return {
        "component": dotted(row.owner),
        "resource": row.resource,
        "name": row.name,
        "what": row.what,
        "why": row.why,
        "quantity": None if row.quantity is None else spread(row.quantity, rounded=False),
        "usd": None,
        "assumptions": _assumptions(row.reasons, priced),
    }


def _budget(budget: BudgetVerdict) -> dict[str, Any]:
    return {
        "name": budget.name,
        "monthly": number(budget.monthly),
        "expected": number(cents(budget.expected)),
        "firesAtOnce": budget.fires_at_once,
        "ofAccount": budget.of_account,
        "text": budget.text,
        "notices": [
            {
                "usd": number(notice.usd),
                "of": "forecast" if notice.forecast else "actual",
                "dayOfMonth": notice.day,
            }
            for notice in budget.notices
        ],
    }


def _sunset(sunset: Sunset) -> dict[str, Any]:
    return {
        "resource": sunset.resource,
        "name": sunset.name,
        "what": sunset.what,
        "ends": sunset.ends.isoformat(),
        "then": sunset.then,
    }


def _saving(saving: Saving) -> dict[str, Any]:
    return {
        "path": dotted(saving.change.path),
        "now": saving.change.now,
        "then": saving.change.then,
        "usd": spread(saving.usd),
        "trade": saving.change.trade,
        "fails": list(saving.fails),
    }
