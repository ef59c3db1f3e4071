"""Stacks are made, whole, by the real provider in an emulator, but for known gaps.

The program runs as under the engine; the AWS provider plans and makes each registration, and what
the emulator answered goes on into the program. So what is asked of AWS is judged: names that moto
refuses, references that lead nowhere, an order in which a thing is not there yet.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence

import pytest

from testing.small_systems import recorded_build
from testing.stacks import STACKS
from tests.emulated.gaps import GAPS, NEWER, NEWER_INPUTS
from tests.emulated.monitor import Outcome
from tests.emulated.recording import by_type, calls_for, name_of
from tests.emulated.stand import made_by, stood
from tools.replacement.provider import MIRROR
from trellis.planner.record import ProgramInput
from trellis.roles.table import actions_of

pytestmark = [
    pytest.mark.provider,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH"),
    pytest.mark.skipif(not MIRROR.is_dir(), reason=f"no AWS provider at {MIRROR}"),
]


def unexplained(outcomes: Sequence[Outcome]) -> list[tuple[str, str, tuple[str, ...]]]:
    """What failed and no gap says why."""
    missing = {outcome.urn for outcome in outcomes if outcome.errors or outcome.newer}
    return [
        (outcome.type, outcome.name, outcome.errors)
        for outcome in outcomes
        if outcome.errors
        and not any(gap.explains(outcome) for gap in GAPS)
        # What a thing that is not there made fail is that thing's.
        and not {*outcome.needs} & missing
    ]


def closed_gaps(name: str, outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    """Gaps that are none any more."""
    there = {outcome.type for outcome in outcomes}
    return [
        (gap.type, gap.message)
        for gap in GAPS
        if gap.always
        and gap.type in there
        and name in (gap.stacks or (name,))
        and not any(gap.explains(outcome) for outcome in outcomes)
    ]


def unlisted(outcomes: Sequence[Outcome]) -> list[str]:
    """What the provider is too old for and no list says so, and what is listed and is not so."""
    there = {outcome.type for outcome in outcomes}
    newer = {outcome.type for outcome in outcomes if outcome.newer}
    return [
        *sorted(newer ^ (NEWER.keys() & there)),
        *sorted(
            f"{outcome.type}.{name}"
            for outcome in outcomes
            for name in outcome.unknown
            if name not in NEWER_INPUTS.get(outcome.type, ())
        ),
    ]


def unrecorded(outcomes: Sequence[Outcome]) -> dict[str, list[str]]:
    """What was asked of AWS and the recording lacks: it is of another program then."""
    asked = by_type(outcomes)
    declared = calls_for(asked)
    found = {t: sorted({*calls} - {*declared.get(t, ())}) for t, calls in asked.items()}
    return {t: calls for t, calls in found.items() if calls}


SOONEST = ("systems/chat-backend", "dev")
"""The stack that `.ci/run` makes; the others are for `make engine-test`. Each takes one to six
minutes, in which the provider mostly waits."""


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(stack, marks=() if stack == SOONEST else pytest.mark.minutes)
        for stack in STACKS
    ],
    ids=lambda stack: name_of(*stack),
)
def test_a_stack_is_made_but_for_known_gaps(stack: tuple[str, str]):
    """One test, so that a stack is made once, whoever runs it."""
    outcomes = stood(*stack)
    assert len(outcomes) > 80
    assert unexplained(outcomes) == []
    assert closed_gaps(name_of(*stack), outcomes) == []
    assert unlisted(outcomes) == []
    assert unrecorded(outcomes) == {}


LAKE = {
    "from": {"put": True},
    "bucket": "data",
    "type": ".kind",
    "date": {"since": "2026-11-01"},
    "tables": {"clicks": {"columns": {"page": "string"}}},
    "crawlers": {
        "exports": {"prefix": "exports/", "schedule": "cron(0 5 * * ? *)"},
        "failed": {"prefix": "records-failed/", "changes": "update"},
    },
}


@pytest.mark.minutes
def test_crawlers_are_made_which_no_real_stack_has():
    config = {
        "aws:region": "us-east-1", "trellis:name": "shop", "trellis:environment": "dev",
        "trellis:account": "123456789012", "trellis:buckets": '{"data": {}}',
        "trellis:catalogs": json.dumps({"lake": LAKE}),
    }  # fmt: skip
    outcomes = made_by(lambda: recorded_build(ProgramInput("shop", "dev", config), "deployed"))
    made = {outcome.name for outcome in outcomes if "glue:CreateCrawler" in outcome.calls}
    assert made == {"lake-exports-crawler", "lake-failed-crawler"}
    assert unexplained(outcomes) == []
    lacking: list[tuple[str, str]] = []
    for outcome in outcomes:
        if outcome.type.startswith("aws:glue/"):
            row = {action.lower() for action in actions_of(outcome.type)}
            lacking += [(outcome.type, c) for c in outcome.calls if c.lower() not in row]
    assert [found for found in lacking if not found[1].startswith("iam:")] == []
