"""The policy pack's verdict on a plan; what the plan leaves open is judged on simulated ids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from policies.guardrails.control import Outcome
from policies.guardrails.facts import ResourceFacts
from policies.guardrails.foreseen import foreseen
from policies.guardrails.outcomes import Report
from policies.guardrails.run import analyse
from policies.guardrails.settings import Settings


def judged(
    facts: Sequence[ResourceFacts],
    deployed: Callable[[], Sequence[ResourceFacts]] | None,
    *,
    settings: Settings | None = None,
    exemptions: Sequence[Mapping[str, object]] = (),
) -> Report:
    """The verdict of today.

    Args:
        deployed: gives the facts on simulated ids; asked only where the plan leaves something
            open. None where there is nothing but a document.
    """
    today = dt.datetime.now(dt.UTC).date()
    report = analyse(facts, today=today, settings=settings, exemptions=exemptions)
    if deployed is None or not report.with_outcome(Outcome.UNKNOWN):
        return report
    update = analyse(deployed(), today=today, settings=settings, exemptions=exemptions)
    return foreseen(report, update)
