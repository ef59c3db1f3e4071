"""The API operations that make the types of this package."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.operation import Call, call

CALLS: Mapping[str, Call] = {
    "aws:budgets/budget:Budget": call(
        "budgets",
        "CreateBudget",
        "costFilters",
        "filterExpression",
        "metrics",
        "limitAmount",
        "limitUnit",
        "notifications",
        "timePeriodStart",
        "timePeriodEnd",
        name="Budget.BudgetName",
        budgetType="Budget.BudgetType",
        timeUnit="Budget.TimeUnit",
        costTypes="Budget.CostTypes",
    ),
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": call(
        "ce",
        "CreateAnomalyMonitor",
        name="AnomalyMonitor.MonitorName",
        monitorType="AnomalyMonitor.MonitorType",
        monitorDimension="AnomalyMonitor.MonitorDimension",
        monitorSpecification="AnomalyMonitor.MonitorSpecification",
    ),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": call(
        "ce",
        "CreateAnomalySubscription",
        name="AnomalySubscription.SubscriptionName",
        frequency="AnomalySubscription.Frequency",
        monitorArnLists="AnomalySubscription.MonitorArnList",
        subscribers="AnomalySubscription.Subscribers",
        thresholdExpression="AnomalySubscription.ThresholdExpression",
    ),
}
"""By Pulumi type token."""
