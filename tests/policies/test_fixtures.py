"""Every control against its table of cases, at preview and once deployed."""

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest
from scenes import Case, cases, facts

from policies.guardrails.catalog import CONTROLS, control
from policies.guardrails.control import Outcome
from policies.guardrails.run import analyse

TODAY = dt.date(2026, 11, 21)
BY_CONTROL: dict[str, list[Case]] = {}
for case in cases():
    BY_CONTROL.setdefault(case.control, []).append(case)
WORST_FIRST = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.EXEMPT, Outcome.PASS, Outcome.NOT_APPLICABLE)
# What these ask can never be unknown, or never pass: the mere existence of a resource fails.
WITHOUT_UNKNOWN = {"IAM.users", "IAM.password-policy"}
WITHOUT_PASS = {"IAM.users"}


def outcome(control_id: str, scene, *, deployed: bool) -> Outcome:
    report = analyse(facts(scene, deployed=deployed), today=TODAY, controls=[control(control_id)])
    assert not [problem for problem in report.problems if problem.kind == "error"], report.problems
    found = {finding.outcome for finding in report.findings}
    return next(one for one in WORST_FIRST if one in found)


@pytest.mark.parametrize("deployed", [False, True], ids=["preview", "deployed"])
@pytest.mark.parametrize("control_id", list(BY_CONTROL))
def test_a_control_judges_its_cases_as_the_table_says(control_id: str, deployed: bool):
    own = BY_CONTROL[control_id]
    judged = [outcome(control_id, case.scene, deployed=deployed) for case in own]
    assert judged == [case.expected for case in own]


@pytest.mark.parametrize("control_id", [one.id for one in CONTROLS])
def test_every_control_has_at_least_four_cases_of_every_kind_it_can_end_in(control_id: str):
    own = BY_CONTROL.get(control_id, [])
    kinds = {case.expected for case in own}
    assert len(own) >= 4
    assert {Outcome.FAIL, Outcome.NOT_APPLICABLE} <= kinds
    assert Outcome.PASS in kinds or control_id in WITHOUT_PASS
    assert Outcome.UNKNOWN in kinds or control_id in WITHOUT_UNKNOWN


def test_no_table_speaks_of_a_control_that_does_not_exist():
    assert set(BY_CONTROL) <= {one.id for one in CONTROLS}


@pytest.mark.parametrize("folder", ["fixtures", "mutations"])
def test_no_table_has_a_control_twice_for_the_second_would_replace_the_first(folder: str):
    for path in sorted((Path(__file__).parent / folder).glob("*.yaml")):
        keys = re.findall(r"(?m)^([A-Za-z0-9]+\.[\w-]+):", path.read_text(encoding="utf-8"))
        assert [key for key, count in Counter(keys).items() if count > 1] == [], path.name
