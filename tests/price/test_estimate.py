"""What a stack's price is made of: parts, lines, scenarios, reasons, and what is not known."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from components.parts.spread import Spread
from tests.components.small_systems import CACHE, DATABASE, NETWORK, small_system
from tests.price.systems import priced
from tests.recordings import ROOT
from trellis.planner.recording import Recording
from trellis.price.estimate import Estimate, estimate
from trellis.price.prices import cents, price_list
from trellis.price.pricing import StackFolder, price_of
from trellis.price.usage import ASSUMED, Usage
from trellis.stackfile.usage import UsageSettings


def price(
    recording: Recording, region: str | None = None, *, free_tier: bool = False, **usage: Any
) -> Estimate:
    stated = UsageSettings.model_validate_json(json.dumps(usage), by_alias=True)
    prices = price_list(region or recording.region)
    return estimate(recording, prices, Usage(stated), free_tier=free_tier)


def line(found: Estimate, what: str) -> Any:
    (one,) = [element for _, element in found.single_lines if element.charge.what == what]
    return one


@pytest.fixture(scope="module")
def shop() -> Recording:
    service = {
        "image": {"uri": f"123456789012.dkr.ecr.us-east-1.amazonaws.com/web@sha256:{'0' * 64}"},
        "cpu": 512,
        "memory": 1024,
        "scaling": {"min": 2, "max": 10},
        "capacity": {"spot": 50, "onDemand": 1},
    }
    database = {**DATABASE, "multiAz": True, "storage": {"initialGiB": 50, "maxGiB": 100}}
    return small_system(
        "preview",
        network=NETWORK,
        databases={"main": database},
        caches={"main": CACHE},
        services={"web": service},
    )


def test_parts_add_up_to_the_total():
    found = priced(".", "dev").estimate
    exact = sum((element.usd.expected for _, element in found.single_lines), Decimal(0))
    assert found.usd.expected == cents(exact)
    for part in found.parts:
        assert sum((element.usd.high for element in part.lines), Decimal(0)) == part.usd.high


@pytest.mark.long
def test_a_busy_month_is_never_cheaper_than_an_ordinary_one():
    for project, stack in ((".", "prod"), ("systems/mantissa-log", "prod")):
        for _, element in priced(project, stack).estimate.single_lines:
            assert element.usd.low <= element.usd.expected <= element.usd.high


def test_tasks_follow_scaling_and_spot(shop: Recording):
    found = price(shop)
    hours = line(found, "Fargate vCPU hours").charge.quantity
    # 2 tasks: the one that is always on demand, and half of the other.
    assert hours.low == Decimal("1.5") * 730 * Decimal("0.5")
    spot = line(found, "Fargate Spot vCPU hours").charge.quantity
    assert spot.low == Decimal("0.5") * 730 * Decimal("0.5")
    assert hours.high + spot.high == 10 * 730 * Decimal("0.5")


def test_stated_tasks_go_before_scaling(shop: Recording):
    # Without a stack file behind it no part has a key, so nothing stated of `web` is found.
    found = price(shop, services={"web": {"tasks": 3}})
    assert line(found, "Fargate vCPU hours").charge.quantity.low == Decimal("547.5")


def test_a_database_grows_to_its_limit_at_most(shop: Recording):
    assert line(price(shop), "gp3 storage").charge.quantity == Spread.of(50, 50, 100)


def test_two_nodes_are_two_prices(shop: Recording):
    assert line(price(shop), "node hours of cache.t4g.micro").charge.quantity == Spread.flat(1460)


def test_an_unknown_price_is_a_row_and_never_nought(shop: Recording):
    found = price(shop, "eu-west-1")
    missing = [row for row in found.not_priced if "price unknown" in row.why]
    assert any("AmazonElastiCache/backup/gbMonth in eu-west-1" in row.why for row in missing)
    assert all(row.quantity is not None for row in missing)
    keys = {element.charge.key for _, element in found.single_lines}
    assert "AmazonElastiCache/backup/gbMonth" not in keys


def test_a_region_without_prices_prices_nothing_of_a_region(shop: Recording):
    found = price(shop, "ap-south-2")
    assert found.usd == Spread.flat("0.00")
    assert len(found.not_priced) > 20


def test_free_quantities_are_taken_off_once(shop: Recording):
    whole, less = price(shop), price(shop, free_tier=True)
    alarms = [
        element
        for _, element in whole.single_lines
        if element.charge.key.endswith("alarmMetricMonth")
    ]
    count = sum(alarm.charge.quantity.expected for alarm in alarms)
    free = [
        element
        for _, element in less.single_lines
        if element.charge.key.endswith("alarmMetricMonth")
    ]
    assert count > 10
    assert sum(element.usd.expected for element in free) == (count - 10) * Decimal("0.10")
    assert all(element.free_quantity for element in free)
    assert less.usd.expected < whole.usd.expected


def test_tiers_are_filled_over_all_lines_of_a_key():
    found = priced("systems/mantissa-log", "prod").estimate
    by_key: dict[tuple[str, bool], list[Any]] = {}
    for _, element in found.single_lines:
        by_key.setdefault((element.charge.key, element.charge.everywhere), []).append(element)
    for (key, everywhere), lines in by_key.items():
        listed = found.prices.find(key, everywhere=everywhere)
        assert listed is not None
        quantity = sum((entry.charge.quantity.high for entry in lines), Decimal(0))
        assert sum((entry.usd.high for entry in lines), Decimal(0)) == listed.cost(quantity)


def test_a_reason_names_the_file_and_line_of_its_setting():
    found = priced(".", "dev")
    storage = line(found.estimate, "gp3 storage")
    (reason,) = storage.charge.reasons
    file, _, number = found.source(reason).rpartition(":")
    assert "initialGiB: 100" in (Path(file).read_text().splitlines()[int(number) - 1])


def test_a_reason_that_nobody_wrote_says_so_and_where_its_part_is():
    found = priced(".", "dev")
    (hours,) = [
        e for o, e in found.estimate.single_lines if e.charge.what == "Container Insights metrics"
    ]
    assert found.source(hours.charge.reasons[0]).startswith("the default; cluster is at ")


def test_every_assumption_has_three_sizes_that_grow():
    for (part, measure), sizes in ASSUMED.items():
        for row in sizes:
            assert tuple(row) == tuple(sorted(row)), (part, measure)
        for one, next_ in itertools.pairwise(sizes):
            assert all(a <= b for a, b in zip(one, next_, strict=True)), (part, measure)


def test_the_applications_own_metrics_are_counted_from_the_stack_file():
    own = [e for _, e in priced("systems/engify", "prod").estimate.single_lines
           if e.charge.what == "metrics of one's own"]  # fmt: skip
    assert [element.charge.quantity.expected for element in own] == [7]


def test_the_guide_has_every_assumption():
    def number(value: float) -> str:
        return f"{value:,g}" if value < 1e6 else f"{value:,.0f}"

    guide = (ROOT / "docs" / "price.md").read_text()
    for (part, measure), sizes in ASSUMED.items():
        cells = " | ".join(" / ".join(map(number, row)) for row in sizes)
        assert f"| `{part}` {measure.replace('_', ' ')} | {cells} |" in guide


def test_functions_are_counted_by_what_is_stated_and_models_are_a_row(tmp_path: Path):
    """What makes no resource and costs is told, too."""
    root = Path(__file__).parents[2]
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "handler.py").write_text("def handle(event, context): ...\n")
    (tmp_path / "Pulumi.yaml").write_text(
        f"name: shop\nruntime: python\nmain: {root}\nconfig:\n"
        "  pulumi:disable-default-providers:\n    value: [aws]\n"
    )
    (tmp_path / "Pulumi.dev.yaml").write_text(
        """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:functions:
    hello: {code: {path: code, handler: handler.handle}, runtime: python3.13, memory: 1024}
  trellis:models:
    answers: {provider: bedrock, id: "anthropic.claude-sonnet-4-5-20250929-v1:0"}
  trellis:usage:
    functions: {hello: {invocations: 1000000, milliseconds: 100}}
"""
    )
    found = price_of(StackFolder(tmp_path, "dev")).estimate
    lines = {
        element.charge.key: element.usd.expected
        for owner, element in found.single_lines
        if owner == ("functions", "hello")
    }
    assert lines["AWSLambda/request"] == Decimal("0.2")
    assert [row.owner for row in found.not_priced if "tokens" in row.what] == [
        ("models", "answers")
    ]
    (duration,) = [key for key in lines if key.startswith("AWSLambda/duration/")]
    assert lines[duration] in (Decimal("1.66667"), Decimal("1.33334"))
