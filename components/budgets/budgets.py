"""The budgets component: monthly budgets that tell before and after, and unusual spending.

Builds a budget for each in the stack file and a cost anomaly monitor, whose notifications go to
the alerts topic, and a daily summary of anomalies by email. Budgets stop nothing; they tell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.budgets.names import BUDGET_NAME
from components.budgets.settings import AnomalySettings, BudgetSettings, NoticeSettings
from components.contracts import Arn
from components.naming import Naming
from components.tags import name_tag


class Budgets(pulumi.ComponentResource):
    """All budgets of one system. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: Mapping[str, BudgetSettings],
        *,
        naming: Naming,
        topic: Arn,
        anomalies: AnomalySettings | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the budgets, by the stack file's keys.

        Args:
            topic: who is told; its policy must let AWS Budgets and Cost Anomaly Detection publish.
        """
        super().__init__("trellis:budgets:Budgets", name, None, opts)
        self._naming = naming
        self._topic = topic
        self._child = pulumi.ResourceOptions(parent=self)
        for key, budget in settings.items():
            self._create_budget(key, budget)
        if anomalies is not None:
            self._create_anomaly_monitor(anomalies)
        self.register_outputs({})

    def _create_budget(self, key: str, settings: BudgetSettings) -> None:
        physical_name = self._naming.of(BUDGET_NAME, key)
        aws.budgets.Budget(
            key,
            name=physical_name,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=_amount(settings.monthly),
            limit_unit="USD",
            cost_filters=[
                {
                    "name": "TagKeyValue",
                    "values": [f"user:{tag}${value}" for tag, value in settings.tags.items()],
                }
            ]
            if settings.tags
            else None,
            **self._of_the_stack(settings),
            notifications=[self._notice(notice, settings) for notice in settings.notices],
            tags=name_tag(physical_name),
            opts=self._child,
        )

    def _of_the_stack(self, settings: BudgetSettings) -> dict[str, Any]:
        """What narrows a budget to this stack's own tags; AWS asks for the metric beside it."""
        if settings.scope != "stack":
            return {}
        tags = {"System": self._naming.system, "Environment": self._naming.environment}
        ands = [{"tags": {"key": key, "values": [value]}} for key, value in tags.items()]
        return {"filter_expression": {"ands": ands}, "metrics": "UnblendedCost"}

    def _notice(
        self, notice: NoticeSettings, settings: BudgetSettings
    ) -> aws.budgets.BudgetNotificationArgs:
        return aws.budgets.BudgetNotificationArgs(
            comparison_operator="GREATER_THAN",
            notification_type="ACTUAL" if notice.of == "actual" else "FORECASTED",
            threshold=notice.usd or notice.percent or 0,
            threshold_type="ABSOLUTE_VALUE" if notice.usd is not None else "PERCENTAGE",
            subscriber_sns_topic_arns=[self._topic],
            subscriber_email_addresses=list(settings.emails) or None,
        )

    def _create_anomaly_monitor(self, settings: AnomalySettings) -> None:
        physical_name = self._naming.of(BUDGET_NAME, "anomalies")
        of_all = not settings.tags
        monitor = aws.costexplorer.AnomalyMonitor(
            "anomalies",
            name=physical_name,
            monitor_type="DIMENSIONAL" if of_all else "CUSTOM",
            monitor_dimension="SERVICE" if of_all else None,
            monitor_specification=None if of_all else _tagged(settings.tags),
            tags=name_tag(physical_name),
            opts=self._child,
        )
        # Topics are told at once and one by one only, addresses by summaries only
        # ("AnomalySubscription": Frequency, AWS Cost Explorer API Reference, 2026-11).
        subscriber: dict[str, Any] = {"type": "SNS", "address": self._topic}
        self._create_subscription("anomalies", "IMMEDIATE", [subscriber], monitor, settings)
        if settings.emails:
            addresses = [{"type": "EMAIL", "address": email} for email in settings.emails]
            self._create_subscription("anomalies-summary", "DAILY", addresses, monitor, settings)

    def _create_subscription(
        self,
        name: str,
        frequency: str,
        subscribers: Sequence[Any],
        monitor: aws.costexplorer.AnomalyMonitor,
        settings: AnomalySettings,
    ) -> None:
        physical_name = self._naming.of(BUDGET_NAME, name)
        aws.costexplorer.AnomalySubscription(
            name,
            name=physical_name,
            frequency=frequency,
            monitor_arn_lists=[monitor.arn],
            subscribers=subscribers,
            threshold_expression=aws.costexplorer.AnomalySubscriptionThresholdExpressionArgs(
                ands=[
                    _at_least("ANOMALY_TOTAL_IMPACT_ABSOLUTE", settings.usd),
                    _at_least("ANOMALY_TOTAL_IMPACT_PERCENTAGE", settings.percent),
                ]
            ),
            tags=name_tag(physical_name),
            opts=self._child,
        )


def _tagged(tags: Mapping[str, str]) -> str:
    """What a monitor looks at; Cost Explorer answers with every key, so all of them are said."""
    ((key, value),) = tags.items()
    parts = dict.fromkeys(("And", "CostCategories", "Dimensions", "Not", "Or"))
    tag = {"Key": key, "MatchOptions": None, "Values": [value]}
    return json.dumps({**parts, "Tags": tag})


def _amount(value: float) -> str:
    """Without an exponent, and cents only where there are some."""
    return f"{value:.2f}".removesuffix(".00")


def _at_least(
    key: str, value: float
) -> aws.costexplorer.AnomalySubscriptionThresholdExpressionAndArgs:
    return aws.costexplorer.AnomalySubscriptionThresholdExpressionAndArgs(
        dimension=aws.costexplorer.AnomalySubscriptionThresholdExpressionAndDimensionArgs(
            key=key, match_options=["GREATER_THAN_OR_EQUAL"], values=[_amount(value)]
        )
    )
