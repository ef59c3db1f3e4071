"""What this package's resources cost.

Sources: "AWS Budgets Pricing", "AWS Cost Anomaly Detection", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.parts.asked import Asked, Rule
from components.parts.charges import Charge, Free, Pricing
from components.parts.spread import Spread


def budget(asked: Asked) -> Iterator[Pricing]:
    """Budgets that only tell are free."""
    why = asked.because("it tells, and does nothing")
    key = "AWSBudgets/notification/day"
    yield Charge(key, "budgets", Spread.flat(30), (why,), everywhere=True)


RULES: Mapping[str, Rule] = {
    "aws:budgets/budget:Budget": budget,
}

_COST = Free("anomaly detection is free", "AWS Cost Anomaly Detection, 2026-11")

FREE: Mapping[str, Free] = {
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": _COST,
    "aws:costexplorer/anomalySubscription:AnomalySubscription": _COST,
}
