"""What a report is made of: two plans of one stack, and what is read from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from policies.guardrails.outcomes import Report
from policies.guardrails.run import analyse
from trellis.diagram.graph import graph
from trellis.diagram.layout import layout
from trellis.diagram.picture import Picture
from trellis.planner.evidence import evidence
from trellis.planner.places import placed
from trellis.planner.record import record
from trellis.planner.recording import MODES, Recording
from trellis.price.budgets import BudgetVerdict, verdicts
from trellis.price.pricing import Priced, StackFolder, price_of
from trellis.price.savings import Saving, failing, savings
from trellis.price.support import Sunset, sunsets
from trellis.reach.matrix import Matrix, matrix


@dataclass(frozen=True)
class Content:
    """Everything that a page shows."""

    plan: Recording
    """As `trellis plan` shows it: what AWS decides is unknown."""
    deployed: Recording
    """With simulated ids, for what leads where."""
    verdicts: Report
    priced: Priced
    budgets: Sequence[BudgetVerdict]
    sunsets: Sequence[Sunset]
    savings: Sequence[Saving] | None
    matrix: Matrix
    picture: Picture
    made: dt.date


def content(
    where: StackFolder, *, with_savings: bool = True, today: dt.date | None = None
) -> Content:
    """Plan a stack twice, with what is not started yet, and read everything from it.

    Raises:
        StackFileError: the stack file is wrong.
    """
    plan, deployed = (
        record(where.project, where.stack, mode, config_file=where.config_file, complete=True)
        for mode in MODES
    )
    return content_of(where, plan, deployed, with_savings=with_savings, today=today)


def content_of(
    where: StackFolder,
    plan: Recording,
    deployed: Recording,
    *,
    with_savings: bool = True,
    today: dt.date | None = None,
) -> Content:
    """The same from plans that are there already."""
    day = today or dt.datetime.now(dt.UTC).date()
    priced = price_of(where, plan)
    layers, settings = priced.resolution.layers, priced.resolution.settings
    found = matrix(deployed, layers, settings)
    return Content(
        plan=plan,
        deployed=deployed,
        verdicts=placed(analyse(evidence(plan), today=day), plan, layers),
        priced=priced,
        budgets=tuple(verdicts(plan, priced.estimate.usd, day)),
        sunsets=tuple(sunsets(plan, day)),
        savings=tuple(savings(where, priced, failing)) if with_savings else None,
        matrix=found,
        picture=layout(graph(found)),
        made=day,
    )
