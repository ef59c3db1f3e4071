"""Budgets that would fire, and what AWS stops to support."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from components.database.support import end_of, surcharge_year
from components.database.vcpus import vcpus
from components.parts.spread import Spread
from tests.price.test_rules_by_hand import resource
from trellis.planner.recording import Recording
from trellis.price.budgets import BudgetVerdict, verdicts
from trellis.price.support import sunsets

TODAY = date(2026, 11, 29)


def recording(*resources: Any) -> Recording:
    return Recording("shop", "dev", "preview", "us-east-1", None, resources, {})


def verdict(expected: str, high: str, **inputs: Any) -> BudgetVerdict:
    budget = resource(
        "aws:budgets/budget:Budget", "month", timeUnit="MONTHLY", limitAmount="200", **inputs
    )
    (found,) = verdicts(recording(budget), Spread.of("1", expected, high), TODAY)
    return found


ACTUAL = {"threshold": 80, "thresholdType": "PERCENTAGE", "notificationType": "ACTUAL"}
FORECAST = {"threshold": 100, "thresholdType": "PERCENTAGE", "notificationType": "FORECASTED"}


def test_a_budget_below_the_price_fires_from_the_first_day():
    found = verdict("311", "700", notifications=[ACTUAL, FORECAST])
    assert found.fires_at_once
    assert "would fire from the first day: 156% of it is expected" in found.text
    # 160 of 311 USD are spent on the 16th of a month of 30 days.
    assert [notice.day for notice in found.notices] == [16, 1]


def test_a_budget_that_only_a_busy_month_breaks_says_so():
    found = verdict("150", "700", notifications=[ACTUAL, FORECAST])
    assert not found.fires_at_once
    assert "not a busy one" in found.text
    assert [notice.day for notice in found.notices] == [None, None]


def test_a_budget_that_holds_holds():
    assert "holds: 50% of it" in verdict("100", "199").text


def test_a_notice_in_dollars_counts_in_dollars():
    half = {"threshold": 50, "thresholdType": "ABSOLUTE_VALUE", "notificationType": "ACTUAL"}
    found = verdict("100", "100", notifications=[half])
    assert [(notice.usd, notice.day) for notice in found.notices] == [(Decimal(50), 15)]


@pytest.mark.parametrize(
    ("engine", "version", "year"),
    [
        ("postgres", "12.20", "year1"),
        ("postgres", "11", "year3"),
        ("postgres", "16.4", None),
        ("mysql", "8.0.40", "year1"),
        ("mysql", "8.4.8", None),
        ("aurora-mysql", "5.7.mysql_aurora.2.11.4", "year3"),
        ("oracle-se2", "19", None),
    ],
)
def test_extended_support_doubles_after_two_years(engine: str, version: str, year: str | None):
    assert surcharge_year(engine, version, TODAY) == year


def test_ends_within_a_year_are_told():
    old = resource("aws:rds/instance:Instance", "old", engine="postgres", engineVersion="14.20")
    new = resource("aws:rds/instance:Instance", "new", engine="postgres", engineVersion="17")
    runtime = resource("aws:lambda/function:Function", "code", runtime="nodejs22.x")
    found = list(sunsets(recording(old, new, runtime), TODAY))
    assert [(element.name, element.ends) for element in found] == [
        ("old", date(2027, 2, 28)), ("code", date(2027, 4, 30)),
    ]  # fmt: skip
    assert "bills extended support" in found[0].then


def test_engines_know_their_end():
    assert end_of("postgres", "14") == date(2027, 2, 28)
    assert end_of("postgres", "1") is None


@pytest.mark.parametrize(
    ("class_", "count"),
    [("db.t4g.micro", 2), ("db.t3.xlarge", 4), ("db.t3.2xlarge", 8), ("db.m6g.large", 2),
     ("db.r6i.24xlarge", 96), ("db.serverless", None)],
)  # fmt: skip
def test_virtual_cpus_of_a_class(class_: str, count: int | None):
    assert vcpus(class_) == count
