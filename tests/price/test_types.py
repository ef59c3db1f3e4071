"""Every type of resource that Trellis makes is priced, free with its source, or not priced."""

from __future__ import annotations

import importlib

import pulumi
import pytest

from tests.conftest import ROOT
from tests.price.systems import priced
from tests.recordings import STACKS
from tests.systems.test_alarm_completeness import is_resource, makes
from trellis.price import rules
from trellis.price.estimate import known_types
from trellis.price.rules import ALSO, FREE, MODULES, NOT_PRICED, RULES
from trellis.registry import DeclarationError


def test_whatever_a_component_can_make_is_priced_free_or_listed():
    sources = [path.read_text() for path in (ROOT / "components").rglob("*.py")]
    types = {make for source in sources for make in makes(source)}
    assert len(types) > 100
    assert sorted(type_ for type_ in types - known_types() if is_resource(type_)) == []


def test_a_type_stands_in_one_place(monkeypatch: pytest.MonkeyPatch):
    rows = [
        type_
        for module in MODULES
        for table in ("RULES", "FREE", "NOT_PRICED")
        for type_ in getattr(module, table, {})
    ]
    assert sorted(rows) == sorted({*RULES, *FREE, *NOT_PRICED})
    assert ALSO.keys() <= RULES.keys()
    monkeypatch.setattr(rules, "MODULES", (*MODULES, MODULES[0]))
    with pytest.raises(DeclarationError, match="as another package does"):
        rules._rows("RULES")


def test_every_type_is_one_of_the_providers():
    """A mistyped type would be a rule that never speaks."""
    for type_ in known_types():
        module, name = type_.removeprefix("aws:").partition("/")[0], type_.rpartition(":")[2]
        found = importlib.import_module(f"pulumi_aws.{module if module != 'lambda' else 'lambda_'}")
        assert issubclass(getattr(found, name), pulumi.Resource), type_


def test_what_is_free_says_where_that_is_read():
    assert [free for free in FREE.values() if not free.source.endswith("2026-11")] == []


@pytest.mark.long
@pytest.mark.parametrize(("project", "stack"), STACKS)
def test_every_resource_of_every_stack_is_told_of(project: str, stack: str):
    found = priced(project, stack).estimate
    assert [row for row in found.not_priced if "has no rule" in row.why] == []
    free = sum(row.count for row in found.free)
    resources = [
        resource
        for resource in found.recording
        if resource.custom and not resource.type.startswith("pulumi:")
    ]
    rest = [resource for resource in resources if resource.type not in FREE]
    assert free + len(rest) == len(resources)
    fields = {line.resource for _, line in found.single_lines} | {
        row.resource for row in found.not_priced
    }
    silent = {resource.type for resource in rest if resource.urn not in fields}
    # They say something of some resources only: of the first, of jobs, of what is not free, of
    # stages with a cache.
    assert silent <= {
        "aws:cloudwatch/logGroup:LogGroup", "aws:ecs/taskDefinition:TaskDefinition",
        "aws:ec2/flowLog:FlowLog", "aws:accessanalyzer/analyzer:Analyzer",
        "aws:apigateway/stage:Stage",
    }  # fmt: skip
