"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import UUID, AutoName, Shape

SHAPES: Mapping[str, Shape] = {
    "aws:budgets/budget:Budget": Shape(
        id="{account}:{name}",
        computed={
            "accountId": "{account}",
            "arn": "arn:{partition}:budgets::{account}:budget/{name}",
            "limitAmount": "0.0",
            "limitUnit": "USD",
            "namePrefix": "",
            "timePeriodStart": "2026-11-01_00:00",
        },
        named=AutoName(limit=100),
        regional=False,
    ),
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": Shape(
        id="arn:{partition}:ce::{account}:anomalymonitor/" + UUID,
        computed={"arn": "{id}"},
        named=AutoName(limit=1024),
        regional=False,
    ),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": Shape(
        id="arn:{partition}:ce::{account}:anomalysubscription/" + UUID,
        computed={"accountId": "{account}", "arn": "{id}"},
        named=AutoName(limit=1024),
        regional=False,
    ),
}
"""By Pulumi type token."""
