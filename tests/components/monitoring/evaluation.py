"""CloudWatch's own rules for when an alarm fires, written from its documentation.

"Evaluating an alarm" and "Configuring how CloudWatch alarms treat missing data" (CloudWatch User
Guide, 2026-11): M of the last N data points beyond the threshold; CloudWatch looks back a few
periods further than N, and only where fewer than N real points are found there does the
missing-data choice fill the gaps.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Choice = Literal["breaching", "notBreaching", "ignore", "missing"]

LOOKBACK = 3
"""Periods before the last N that are looked at; CloudWatch does not promise how many."""

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def state_of(
    points: Sequence[float | None],
    *,
    threshold: float,
    comparison: str,
    periods: int,
    datapoints: int,
    missing: Choice,
    before: State = "OK",
) -> State:
    """The alarm's state after the last period of `points`; None is a period without data."""
    window = list(points[-(periods + LOOKBACK) :])
    real = [value for value in window if value is not None]
    if not real:
        filled: list[bool] = []
        if missing == "missing":
            return "INSUFFICIENT_DATA"
        if missing == "ignore":
            return before
        return "ALARM" if missing == "breaching" else "OK"
    breaching = [COMPARE[comparison](value, threshold) for value in real]
    if len(real) >= periods:
        # Enough real points within reach: gaps are never filled.
        return "ALARM" if sum(breaching[-periods:]) >= datapoints else "OK"
    gaps = periods - len(real)
    if missing == "breaching":
        filled = [True] * gaps
    elif missing == "notBreaching":
        filled = [False] * gaps
    else:
        filled = []
    if sum(breaching) + sum(filled) >= datapoints:
        return "ALARM"
    if missing == "ignore" and sum(breaching) + gaps >= datapoints:
        return before
    return "OK"


def history(points: Sequence[float | None], **alarm: object) -> list[State]:
    """The state after each period."""
    states: list[State] = []
    before: State = "OK"
    for end in range(1, len(points) + 1):
        before = state_of(points[:end], before=before, **alarm)  # type: ignore[arg-type]
        states.append(before)
    return states
