"""Budgets of the stack beside its price: which would fire in an ordinary month, and when."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from components.parts.asked import known
from components.parts.spread import Spread, decimal
from trellis.planner.recording import Recording

BUDGET = "aws:budgets/budget:Budget"
FILTERS = ("costFilters", "filterExpression")


@dataclass(frozen=True)
class Notice:
    """One notification of a budget, and what the expected price makes of it."""

    usd: Decimal
    forecast: bool
    """Whether it is of what AWS expects until the end of the month."""
    day: int | None
    """Day of an ordinary month on which it fires; None where it does not."""


@dataclass(frozen=True)
class BudgetVerdict:
    """A budget beside the price."""

    name: str
    """Key in the stack file."""
    urn: str
    monthly: Decimal
    expected: Decimal
    high: Decimal
    notices: tuple[Notice, ...]
    of_account: bool
    """Whether it counts the whole account: what else is there comes on top."""

    @property
    def fires_at_once(self) -> bool:
        """Whether a forecast fires from the first day, or the price is above the budget."""
        return any(notice.forecast and notice.day is not None for notice in self.notices) or (
            self.expected > self.monthly
        )

    @property
    def text(self) -> str:
        """What a person should know of it."""
        share = f"{self.expected / self.monthly:.0%}"
        if self.fires_at_once:
            return (
                f"budget {self.name} ({self.monthly:,.0f} USD) would fire from the first day: "
                f"{share} of it is expected"
            )
        if self.high > self.monthly:
            return (
                f"budget {self.name} ({self.monthly:,.0f} USD) holds an ordinary month ({share}), "
                "not a busy one"
            )
        return f"budget {self.name} ({self.monthly:,.0f} USD) holds: {share} of it is expected"


def verdicts(recording: Recording, usd: Spread, today: date) -> Iterator[BudgetVerdict]:
    """Every budget in US dollars a month, beside the price.

    Args:
        usd: the price of a month.
        today: whose month's days are counted.
    """
    days = calendar.monthrange(today.year, today.month)[1]
    for budget in recording.of_type(BUDGET):
        limit = known(budget.inputs.get("limitAmount"))
        if limit is None or known(budget.inputs.get("timeUnit")) != "MONTHLY":
            continue
        monthly = decimal(limit)
        notices: Sequence[Mapping[str, Any]] = known(budget.inputs.get("notifications"), ())
        yield BudgetVerdict(
            name=budget.name,
            urn=budget.urn,
            monthly=monthly,
            expected=usd.expected,
            high=usd.high,
            notices=tuple(_notice(notice, monthly, usd.expected, days) for notice in notices),
            of_account=not any(known(budget.inputs.get(name)) for name in FILTERS),
        )


def _notice(notice: Mapping[str, Any], monthly: Decimal, expected: Decimal, days: int) -> Notice:
    threshold = decimal(known(notice.get("threshold"), 100))
    percent = known(notice.get("thresholdType")) == "PERCENTAGE"
    usd = monthly * threshold / 100 if percent else threshold
    forecast = known(notice.get("notificationType")) == "FORECASTED"
    if expected <= usd:
        return Notice(usd, forecast, None)
    day = 1 if forecast else int((usd * days / expected).to_integral_value(ROUND_CEILING))
    return Notice(usd, forecast, max(1, day))
