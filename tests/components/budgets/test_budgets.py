"""Budgets and cost anomalies as AWS would get them: limits, notices, filters, who is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.budgets.settings import AnomalySettings, BudgetSettings
from tests.components.small_systems import ACCOUNT, document, small_system, statement
from trellis.planner.record import Recording

BUDGET = "aws:budgets/budget:Budget"
MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor"
SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription"
ALERTS = f"arn:aws:sns:us-east-1:{ACCOUNT}:shop-dev-alerts"
TEN = [f"{number}@example.com" for number in range(10)]


@pytest.fixture(scope="module")
def shop() -> Recording:
    return small_system(
        budgets={
            "month": {"monthly": 260},
            "large": {"monthly": 1234567.5},
            "own": {"monthly": 60, "scope": "stack"},
            "mine": {
                "monthly": 40,
                "tags": {"System": "shop"},
                "emails": TEN,
                "notices": [
                    {"usd": 10},
                    {"percent": 150},
                    {"percent": 100, "of": "forecast"},
                    {"usd": 50.5, "of": "forecast"},
                    {"percent": 0.5},
                ],
            },
        },
        costAnomalies={"usd": 1000000, "percent": 12.5, "emails": TEN},
    )


def notices(recording: Recording, key: str) -> list[tuple[str, str, float]]:
    found = recording.one(BUDGET, key).inputs["notifications"]
    assert {element["comparisonOperator"] for element in found} == {"GREATER_THAN"}
    return [(e["notificationType"], e["thresholdType"], e["threshold"]) for e in found]


def test_a_budget_is_of_a_months_costs_in_dollars(shop: Recording):
    inputs = shop.one(BUDGET, "month").inputs
    shown = {key: inputs[key] for key in ("name", "budgetType", "timeUnit", "limitUnit")}
    assert shown == {
        "name": "shop-dev-month",
        "budgetType": "COST",
        "timeUnit": "MONTHLY",
        "limitUnit": "USD",
    }
    assert inputs["limitAmount"] == "260"
    assert "costFilters" not in inputs


def test_a_budget_of_the_stack_counts_what_carries_both_of_its_tags(shop: Recording):
    inputs = shop.one(BUDGET, "own").inputs
    assert inputs["metrics"] == "UnblendedCost"
    assert inputs["filterExpression"] == {
        "ands": [
            {"tags": {"key": "System", "values": ["shop"]}},
            {"tags": {"key": "Environment", "values": ["dev"]}},
        ]
    }
    assert "costFilters" not in inputs


def test_a_budget_of_the_stack_takes_no_tag_beside():
    with pytest.raises(ValidationError, match="`scope: stack` or `tags`"):
        BudgetSettings.model_validate({"monthly": 1, "scope": "stack", "tags": {"a": "b"}})


def test_a_large_budget_keeps_every_digit(shop: Recording):
    assert shop.one(BUDGET, "large").inputs["limitAmount"] == "1234567.50"


def test_a_budget_that_says_nothing_tells_at_80_and_100_percent_and_of_the_forecast(
    shop: Recording,
):
    assert notices(shop, "month") == [
        ("ACTUAL", "PERCENTAGE", 80),
        ("ACTUAL", "PERCENTAGE", 100),
        ("FORECASTED", "PERCENTAGE", 100),
    ]


def test_notices_are_in_dollars_or_percent_of_what_is_spent_or_expected(shop: Recording):
    assert notices(shop, "mine") == [
        ("ACTUAL", "ABSOLUTE_VALUE", 10),
        ("ACTUAL", "PERCENTAGE", 150),
        ("FORECASTED", "PERCENTAGE", 100),
        ("FORECASTED", "ABSOLUTE_VALUE", 50.5),
        ("ACTUAL", "PERCENTAGE", 0.5),
    ]


def test_every_notice_goes_to_the_alerts_topic_and_to_the_addresses_if_there_are_some(
    shop: Recording,
):
    for notification in shop.one(BUDGET, "mine").inputs["notifications"]:
        assert notification["subscriberSnsTopicArns"] == [ALERTS]
        assert notification["subscriberEmailAddresses"] == TEN
    assert "subscriberEmailAddresses" not in shop.one(BUDGET, "month").inputs["notifications"][0]


def test_a_budget_of_a_tag_counts_what_carries_it(shop: Recording):
    assert shop.one(BUDGET, "mine").inputs["costFilters"] == [
        {"name": "TagKeyValue", "values": ["user:System$shop"]}
    ]


def test_anomalies_of_every_service_are_told_at_once_and_summed_up_each_day(shop: Recording):
    monitor = shop.one(MONITOR, "anomalies")
    assert monitor.inputs["monitorType"] == "DIMENSIONAL"
    assert monitor.inputs["monitorDimension"] == "SERVICE"
    at_once, summed = (
        shop.one(SUBSCRIPTION, "anomalies"),
        shop.one(SUBSCRIPTION, "anomalies-summary"),
    )
    assert at_once.inputs["frequency"] == "IMMEDIATE"
    assert at_once.inputs["subscribers"] == [{"type": "SNS", "address": ALERTS}]
    assert summed.inputs["frequency"] == "DAILY"
    assert summed.inputs["subscribers"] == [
        {"type": "EMAIL", "address": element} for element in TEN
    ]
    for resource in (at_once, summed):
        assert resource.inputs["monitorArnLists"] == [monitor.outputs["arn"]]


def test_an_anomaly_is_told_when_it_is_beyond_both_limits(shop: Recording):
    def at_least(key: str, value: str) -> dict[str, Any]:
        return {
            "dimension": {
                "key": key,
                "matchOptions": ["GREATER_THAN_OR_EQUAL"],
                "values": [value],
            }
        }

    assert shop.one(SUBSCRIPTION, "anomalies").inputs["thresholdExpression"] == {
        "ands": [
            at_least("ANOMALY_TOTAL_IMPACT_ABSOLUTE", "1000000"),
            at_least("ANOMALY_TOTAL_IMPACT_PERCENTAGE", "12.50"),
        ]
    }


def test_the_alerts_topic_and_its_key_let_this_accounts_anomalies_in(shop: Recording):
    bound = {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ce::{ACCOUNT}:anomalysubscription/*"},
    }
    published = statement(
        shop.one("aws:sns/topicPolicy:TopicPolicy", "alerts"), "FromCostAnomalies"
    )
    assert published["Principal"] == {"Service": "costalerts.amazonaws.com"}
    assert (published["Action"], published["Condition"]) == ("sns:Publish", bound)
    used = statement(shop.one("aws:kms/key:Key", "keys-messages"), "CostAnomalies")
    assert (used["Principal"], used["Condition"]) == (published["Principal"], bound)


def test_anomalies_of_one_tag_leave_the_accounts_one_monitor_to_others():
    shop = small_system(costAnomalies={"tags": {"System": "shop"}})
    inputs = shop.one(MONITOR, "anomalies").inputs
    assert inputs["monitorType"] == "CUSTOM"
    assert "monitorDimension" not in inputs
    parsed = json.loads(inputs["monitorSpecification"])
    assert parsed.pop("Tags") == {"Key": "System", "MatchOptions": None, "Values": ["shop"]}
    assert set(parsed.values()) == {None}
    assert [resource.name for resource in shop.of_type(SUBSCRIPTION)] == ["anomalies"]


def test_nobody_publishes_for_budgets_where_there_are_none():
    shop = small_system(queues={"work": {}})
    sids = [
        element["Sid"]
        for element in document(shop.one("aws:sns/topicPolicy:TopicPolicy", "alerts"))
    ]
    assert sids == ["TlsOnly", "FromAlarms", "FromRules"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"monthly": 0}, "greater than 0"),
        ({"monthly": 1, "notices": []}, "at least 1"),
        ({"monthly": 1, "notices": [{"usd": 1}] * 6}, "at most 5"),
        ({"monthly": 1, "notices": [{"usd": 1, "percent": 1}]}, "either `percent` or `usd`"),
        ({"monthly": 1, "notices": [{}]}, "either `percent` or `usd`"),
        ({"monthly": 1, "notices": [{"percent": 1001}]}, "less than or equal to 1000"),
        ({"monthly": 1, "emails": [*TEN, "11@example.com"]}, "at most 10"),
        ({"monthly": 1, "emails": ["nobody"]}, "pattern"),
    ],
)
def test_a_budget_that_aws_would_refuse_is_refused(given: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        BudgetSettings.model_validate(given, strict=False)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"usd": 0}, "greater than 0"),
        ({"emails": [*TEN, "11@example.com"]}, "at most 10"),
        ({"tags": {"a": "b", "c": "d"}}, "at most 1"),
    ],
)
def test_anomalies_that_aws_would_refuse_are_refused(given: dict[str, Any], message: str):
    with pytest.raises(ValidationError, match=message):
        AnomalySettings.model_validate(given, strict=False)
