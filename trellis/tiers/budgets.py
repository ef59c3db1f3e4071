"""Budgets of a stack file."""

from __future__ import annotations

from collections.abc import Mapping

from components.budgets.budgets import Budgets
from components.contracts import Severity
from components.messaging.topic import Topic
from trellis.stackfile.implied import ALARM_TOPICS
from trellis.tiers.stack_context import StackContext


def make_budgets(stack: StackContext, topics: Mapping[str, Topic]) -> Budgets | None:
    """The budgets, whose notices go to the alerts topic; None where there are none."""
    settings = stack.settings
    if not settings.budgets and settings.cost_anomalies is None:
        return None
    return Budgets(
        "budgets",
        settings.budgets,
        naming=stack.naming,
        topic=topics[ALARM_TOPICS[Severity.NOTIFY]].created_arn,
        anomalies=settings.cost_anomalies,
        opts=stack.child,
    )
