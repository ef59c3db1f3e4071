"""Making any input unknown never hides a failure: it stays a failure or becomes an unknown."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from scenes import Case, cases, facts

from policies.guardrails.catalog import control
from policies.guardrails.control import Outcome
from policies.guardrails.facts import ResourceFacts
from policies.guardrails.run import analyse
from policies.guardrails.unknown import UNKNOWN, is_unknown

pytestmark = pytest.mark.long

TODAY = dt.date(2026, 11, 21)
FAILING: dict[str, list[Case]] = {}
for case in cases():
    if case.expected is Outcome.FAIL:
        FAILING.setdefault(case.control, []).append(case)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a value: leaves, and the maps and lists that hold them."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, element in value.items():
            yield from _places(element, (*path, key))
    elif isinstance(value, list):
        for position, element in enumerate(value):
            yield from _places(element, (*path, position))


def _with_unknown(value: Any, path: tuple[Any, ...]) -> Any:
    if not path:
        return UNKNOWN
    head, *rest = path
    if isinstance(value, dict):
        return {k: _with_unknown(v, tuple(rest)) if k == head else v for k, v in value.items()}
    return [_with_unknown(v, tuple(rest)) if n == head else v for n, v in enumerate(value)]


def _blurred(all_facts: list[ResourceFacts]) -> Iterator[tuple[str, list[ResourceFacts]]]:
    """The same facts with one place unknown, with and without what it depends on."""
    for position, one in enumerate(all_facts):
        for path in _places(dict(one.inputs)):
            inputs = _with_unknown(dict(one.inputs), path)
            for dependencies in ({}, one.property_dependencies):
                changed = dataclasses.replace(
                    one, inputs=inputs, property_dependencies=dependencies
                )
                label = f"{one.name}: {'.'.join(map(str, path))}"
                yield label, [*all_facts[:position], changed, *all_facts[position + 1 :]]


def _failures(control_id: str, all_facts: list[ResourceFacts]) -> dict[str, Outcome]:
    report = analyse(all_facts, today=TODAY, controls=[control(control_id)])
    assert not [problem for problem in report.problems if problem.kind == "error"], report.problems
    return {finding.urn: finding.outcome for finding in report.findings}


@pytest.mark.parametrize("control_id", list(FAILING))
@pytest.mark.parametrize("deployed", [False, True], ids=["preview", "deployed"])
def test_an_unknown_input_never_turns_a_failure_into_a_pass(control_id: str, deployed: bool):
    for number, case in enumerate(FAILING[control_id]):
        all_facts = facts(case.scene, deployed=deployed)
        failing = [u for u, o in _failures(control_id, all_facts).items() if o is Outcome.FAIL]
        assert failing, number
        for label, blurred in _blurred(all_facts):
            outcomes = _failures(control_id, blurred)
            for urn in failing:
                assert outcomes.get(urn) in (Outcome.FAIL, Outcome.UNKNOWN), (number, label)


def test_the_fuzz_makes_values_unknown():
    (first, *_) = _blurred(facts({"db_instance main": {"storageEncrypted": False}}, deployed=False))
    assert is_unknown(first[1][0].inputs["storageEncrypted"])
