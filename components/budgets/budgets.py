"""The budgets component: monthly budgets that tell before and after, and unusual spending.

Builds a budget for each in the stack file, whose notifications go to the alerts topic, and a cost
anomaly monitor with a daily summary. Budgets stop nothing; they tell.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.budgets.settings import AnomalySettings, BudgetSettings, NoticeSettings
from components.contracts import Arn
from components.naming import Kind, Naming
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
            topic: who is told; its policy must let AWS Budgets publish.
        """
        super().__init__("trellis:budgets:Budgets", name, None, opts)
        self._naming = naming
        self._topic = topic
        self._child = pulumi.ResourceOptions(parent=self)
        for key, each in settings.items():
            self._create_budget(key, each)
        if anomalies is not None:
            self._create_anomaly_monitor(anomalies)
        self.register_outputs({})

    def _create_budget(self, key: str, settings: BudgetSettings) -> None:
        physical_name = self._naming.of(Kind.BUDGET, key)
        aws.budgets.Budget(
            key,
            name=physical_name,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=f"{settings.monthly:g}",
            limit_unit="USD",
            cost_filters=[
                {
                    "name": "TagKeyValue",
                    "values": [f"user:{tag}${value}" for tag, value in settings.tags.items()],
                }
            ]
            if settings.tags
            else None,
            notifications=[self._notice(each, settings) for each in settings.notices],
            tags=name_tag(physical_name),
            opts=self._child,
        )

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
        physical_name = self._naming.of(Kind.BUDGET, "anomalies")
        monitor = aws.costexplorer.AnomalyMonitor(
            "anomalies",
            name=physical_name,
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
            tags=name_tag(physical_name),
            opts=self._child,
        )
        aws.costexplorer.AnomalySubscription(
            "anomalies",
            name=physical_name,
            # Topics are told at once and one by one only; a summary goes by email.
            frequency="DAILY",
            monitor_arn_lists=[monitor.arn],
            subscribers=[{"type": "EMAIL", "address": each} for each in settings.emails],
            threshold_expression=aws.costexplorer.AnomalySubscriptionThresholdExpressionArgs(
                ands=[
                    _at_least("ANOMALY_TOTAL_IMPACT_ABSOLUTE", settings.usd),
                    _at_least("ANOMALY_TOTAL_IMPACT_PERCENTAGE", settings.percent),
                ]
            ),
            tags=name_tag(physical_name),
            opts=self._child,
        )


def _at_least(
    key: str, value: float
) -> aws.costexplorer.AnomalySubscriptionThresholdExpressionAndArgs:
    return aws.costexplorer.AnomalySubscriptionThresholdExpressionAndArgs(
        dimension=aws.costexplorer.AnomalySubscriptionThresholdExpressionAndDimensionArgs(
            key=key, match_options=["GREATER_THAN_OR_EQUAL"], values=[f"{value:g}"]
        )
    )
