"""How budgets are declared."""

from __future__ import annotations

from components.budgets.settings import AnomalySettings, BudgetSettings
from components.parts.changes import Unique
from components.parts.declaration import WATCHING, Resource, Tier
from components.parts.shown import Shown

TIERS = (
    Tier(
        field="budgets",
        settings=BudgetSettings,
        components={
            "trellis:budgets:Budgets": Shown("budgets", hidden=True),
        },
        resources={
            "aws:budgets/budget:Budget": Resource(
                WATCHING,
                facts=("limitAmount", "limitUnit", "timeUnit"),
                unique=Unique("account", ("name",)),
            ),
        },
        keys=frozenset(),
    ),
    Tier(
        field="cost_anomalies",
        settings=AnomalySettings,
        components={},
        resources={
            "aws:costexplorer/anomalyMonitor:AnomalyMonitor": Resource(
                WATCHING,
                # One of every service; those of a tag are as many as there are tags
                # ("Detecting unusual spend", AWS Cost Management User Guide, 2026-11).
                unique=Unique(
                    "account",
                    ("monitorDimension",),
                    hint="let one stack have `costAnomalies`, or give it `tags` in the others",
                ),
            ),
            "aws:costexplorer/anomalySubscription:AnomalySubscription": Resource(
                WATCHING, unique=Unique("account", ("name",))
            ),
        },
        keys=frozenset(),
    ),
)
"""What this package adds to a stack file."""
