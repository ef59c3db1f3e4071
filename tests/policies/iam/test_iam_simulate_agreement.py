"""Effective permissions against cloud-copilot's iam-simulate, an evaluator written elsewhere."""

from __future__ import annotations

import json
from random import Random

import pytest
from random_policies import random_case

from policies.guardrails.iam.permissions import Verdict, can, role_policies
from tests.node.programs import iam_verdicts

pytestmark = pytest.mark.node

CASES = 1000
SEED = 20261121


@pytest.fixture(scope="module")
def judged() -> list[tuple[dict, str]]:
    """Each case with what iam-simulate says of it."""
    random = Random(SEED)
    cases = [random_case(random) for _ in range(CASES)]
    return list(zip(cases, iam_verdicts(cases), strict=True))


def asked(case, context):
    limit = case["boundary"] and role_policies({"boundary": case["boundary"]}).documents[0]
    inline = {f"policy{at}": document for at, document in enumerate(case["identity"])}
    policies = role_policies(inline, boundary=limit)
    return can(policies, case["action"], case["resource"], context).verdict


def test_a_request_whose_context_is_known_is_judged_as_iam_simulate_judges_it(judged):
    allowed = 0
    for case, verdict in judged:
        assert verdict in ("Allowed", "ImplicitlyDenied", "ExplicitlyDenied"), (case, verdict)
        expected = Verdict.ALLOWED if verdict == "Allowed" else Verdict.DENIED
        assert asked(case, case["context"]) is expected, json.dumps(case)
        allowed += verdict == "Allowed"
    assert CASES / 5 < allowed < CASES * 4 / 5


def test_without_the_context_a_certain_answer_is_still_that_of_iam_simulate(judged):
    certain = conditional = 0
    for case, verdict in judged:
        answer = asked(case, None)
        if answer in (Verdict.ALLOWED, Verdict.DENIED):
            certain += 1
            assert (answer is Verdict.ALLOWED) is (verdict == "Allowed"), json.dumps(case)
        else:
            conditional += 1
    assert certain > CASES / 3
    assert conditional > CASES / 20
