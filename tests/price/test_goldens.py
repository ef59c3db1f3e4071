"""Quantities, prices, tiers and free quantities come to what was worked out by hand."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from trellis.price.prices import GLOBAL, PriceList, cents, price_list

GOLDENS: dict[str, Any] = json.loads((Path(__file__).parent / "goldens.json").read_text())
REGIONS = ("us-east-1", "eu-west-1")
LISTS = {region: price_list(region) for region in REGIONS}


def price_of(line: dict[str, Any], lists: dict[str, PriceList]) -> Any:
    everywhere = line["file"] == GLOBAL
    prices = lists["us-east-1" if everywhere else line["file"]]
    return prices.find(line["key"], everywhere=everywhere)


@pytest.mark.parametrize("golden", GOLDENS["items"], ids=lambda case: case["id"])
def test_an_item_costs_what_was_worked_out(golden: dict[str, Any]):
    prices = {line["key"]: price_of(line, LISTS) for line in golden["lines"]}
    unknown = [key for key, price in prices.items() if price is None]
    assert unknown == golden.get("unknown", [])
    if unknown:
        assert golden["usdMonth"] is None
        return
    usd = sum(
        (
            prices[line["key"]].cost(
                Decimal(str(line["quantity"])), free_tier=golden["free"] == "always"
            )
            for line in golden["lines"]
        ),
        Decimal(0),
    )
    assert cents(usd) == Decimal(str(golden["usdMonth"]))


def test_there_are_forty_five():
    assert [golden["id"] for golden in GOLDENS["items"]] == [f"G{n:02}" for n in range(1, 46)]


@pytest.mark.parametrize("region", REGIONS)
def test_a_price_file_is_whole(region: str):
    found = LISTS[region]
    assert found.compiled == "2026-11-29"
    for price in (*found.prices.values(), *found.everywhere.values()):
        assert price.source
        assert price.seen
        assert price.unit == price.key.rpartition("/")[2]
        bounds = [tier.up_to for tier in price.tiers]
        assert bounds[-1] is None
        assert all(isinstance(tier.usd, Decimal) and tier.usd >= 0 for tier in price.tiers)
        assert bounds[:-1] == sorted(bound for bound in bounds if bound is not None)


def test_a_region_without_a_file_has_only_what_has_no_region():
    found = price_list("sa-east-1")
    assert found.origin == ""
    assert found.find("AmazonVPC/natGateway/hour") is None
    assert found.find("AmazonRoute53/hostedZone/month", everywhere=True) is not None


def test_small_prices_are_exact():
    price = LISTS["us-east-1"].find("AWSLambda/duration/x86/gbSecond")
    assert price is not None
    assert price.usd == Decimal("0.0000166667")


def test_an_allowance_of_twelve_months_is_none():
    price = LISTS["us-east-1"].find("AWSELB/alb/hour")
    assert price is not None
    assert price.cost(Decimal(730), free_tier=True) == price.cost(Decimal(730))
