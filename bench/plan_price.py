"""What the price adds to a plan: a plan's whole time beside one that stops before its price."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bench.plan_speed import ROOT
from trellis.planner.record import record
from trellis.price.budgets import verdicts
from trellis.price.pricing import StackFolder, price_of
from trellis.price.support import sunsets
from trellis.price.text import footer

MOST_SECONDS = 0.15
MOST_RATIO = 0.10
"""Of the time that recording the same stack takes, in the same process."""

RUNS = 3
PROJECT, STACK = "systems/afric-analyzer", "prod"
"""The largest stack there is."""


def main() -> int:
    """Measure, print, and say whether a figure is missed."""
    import datetime as dt

    where = StackFolder(Path(ROOT) / PROJECT, STACK)
    planning = pricing = float("inf")
    for _ in range(RUNS):
        started = time.process_time()
        recording = record(where.project, where.stack)
        planned = time.process_time()
        priced = price_of(where, recording)
        today = dt.datetime.now(dt.UTC).date()
        budgets = verdicts(recording, priced.estimate.usd, today)
        lines = footer(priced, budgets, sunsets(recording, today))
        pricing = min(pricing, time.process_time() - planned)
        planning = min(planning, planned - started)
        if not lines:
            sys.exit("a plan without a price")
    fine = pricing <= MOST_SECONDS and pricing / planning <= MOST_RATIO
    print(
        f"   {'ok  ' if fine else 'MISS'} the price of {PROJECT} {STACK}: {pricing:.3f} s beside "
        f"{planning:.2f} s of planning ({pricing / planning:.1%})"
    )
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
