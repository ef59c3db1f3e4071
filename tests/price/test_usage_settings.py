"""What a person may state of use is what prices assume of a month, and the page has both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from components.parts.charges import Row
from tests.conftest import ROOT
from trellis.price.pricing import StackFolder, price_of
from trellis.price.usage import ASSUMED
from trellis.registry import TIERS, beside
from trellis.stackfile.usage import UsageSettings
from trellis.stackfile.usage_checks import KEYED

OF_THE_WHOLE = frozenset({"size", "as_of"})
"""Fields that are no part."""

NOT_STATED = {
    ("apis", "connection_minutes"): "no API of a stack file is a WebSocket one",
    ("buses", "events"): "no part of a stack file: a resource beside it",
    ("databases", "monitoring_gb"): "what RDS writes by itself, by the interval that is set",
    ("deliveries", "gb"): "no part of a stack file: a resource beside it",
    ("own_functions", "invocations"): "what Trellis brings runs by the stack, not by its users",
    ("own_functions", "milliseconds"): "what Trellis brings runs by the stack, not by its users",
    ("schedules", "runs"): "no part of a stack file: `usage.jobs` has the runs of jobs",
    ("state_machines", "transitions"): "no part of a stack file: a resource beside it",
}
"""What is assumed and nobody states, each with why."""

NOT_ASSUMED = {
    ("databases", "capacity"): "assumed between the least and the most of each instance",
    ("logs", "kept_gb"): "as much as is written, where nothing is stated",
    ("services", "tasks"): "assumed between `scaling.min` and `scaling.max` of each service",
}
"""What is stated and no table assumes, each with what stands in its place."""


def parts() -> Iterator[tuple[str, type[BaseModel], bool]]:
    """Field of the usage, its model, and whether it is by key."""
    for part, field in UsageSettings.model_fields.items():
        if part not in OF_THE_WHOLE:
            annotation = field.annotation
            inner = [kind for kind in get_args(annotation) if isinstance(kind, type)]
            model = next((k for k in inner if issubclass(k, BaseModel)), annotation)
            assert isinstance(model, type), part
            assert issubclass(model, BaseModel), part
            yield part, model, model is not annotation


STATED = {(part, measure) for part, model, _ in parts() for measure in model.model_fields}


def test_every_assumption_can_be_stated_or_says_why_nobody_states_it():
    assert sorted(ASSUMED.keys() - STATED - NOT_STATED.keys()) == [], (
        "a field of UsageSettings in trellis/stackfile/usage.py is lacking"
    )


def test_every_amount_that_is_stated_is_assumed_or_says_what_stands_in_its_place():
    assert sorted(STATED - ASSUMED.keys() - NOT_ASSUMED.keys()) == [], (
        "a row of ASSUMED in a package's prices.py is lacking"
    )


def test_no_reason_is_left_over():
    assert NOT_STATED.keys() <= ASSUMED.keys() - STATED
    assert NOT_ASSUMED.keys() <= STATED - ASSUMED.keys()
    assert all(len(why) > 10 for why in (*NOT_STATED.values(), *NOT_ASSUMED.values()))


def test_use_by_key_is_of_a_part_of_the_stack_file_and_its_keys_are_checked():
    by_key = {part for part, _, keyed in parts() if keyed}
    assert sorted(by_key - TIERS.keys()) == [], "use of what no tier is"
    checked = KEYED.keys() | {"repositories"}
    assert sorted(by_key - checked) == [], "a row of KEYED in usage_checks.py is lacking"
    assert sorted(checked - by_key) == []


def declared() -> Iterator[tuple[str, tuple[str, str], Row]]:
    for module in beside("prices"):
        rows: dict[tuple[str, str], Row] = getattr(module, "ASSUMED", {})
        for measure, row in rows.items():
            yield module.__name__, measure, row


@pytest.mark.parametrize(("package", "measure"), [(name, row) for name, row, _ in declared()])
def test_a_package_assumes_three_sizes_of_three_months_that_grow(
    package: str, measure: tuple[str, str]
):
    rows = next(row for name, found, row in declared() if (name, found) == (package, measure))
    assert len(rows) == 3
    for low, expected, high in rows:
        assert 0 <= low <= expected <= high
    for smaller, larger in pairwise(rows):
        assert all(a <= b for a, b in zip(smaller, larger, strict=True))


def test_the_page_has_a_row_for_each_assumption_and_no_other():
    page = (ROOT / "docs" / "price.md").read_text()
    rows = {
        (part, measure.replace(" ", "_"))
        for part, measure in re.findall(r"^\| `(\w+)` ([\w ]+) \| [\d.,]+ /", page, re.MULTILINE)
    }
    assert sorted(ASSUMED.keys() - rows) == [], "a row of docs/price.md is lacking"
    assert sorted(rows - ASSUMED.keys()) == [], "a row of docs/price.md that nothing assumes"


STACK = """\
config:
  aws:region: us-east-1
  trellis:name: shop
  trellis:environment: dev
  trellis:profile: development
  trellis:apis: {main: {authorizer: {iam: true}, kind: http}}
  trellis:userPools: {people: {}}
  trellis:usage: {apis: {main: {requests: 12345}}, userPools: {people: {users: 678}}}
"""


def test_what_is_stated_of_one_key_is_the_quantity_of_its_line(tmp_path: Path):
    (tmp_path / "Pulumi.yaml").write_text(
        f"name: shop\nruntime: python\nmain: {ROOT}\nconfig:\n"
        "  pulumi:disable-default-providers:\n    value: [aws]\n"
    )
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)
    found = price_of(StackFolder(tmp_path, "dev")).estimate
    counted = {
        owner: line.charge.quantity.expected
        for owner, line in found.single_lines
        if line.charge.reasons[0].text == "stated"
    }
    assert counted == {("apis", "main"): 12_345, ("userPools", "people"): 678}
