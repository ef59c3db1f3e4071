"""The policy pack over every stack file: green, but for what a row asks less of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from policies.guardrails.control import Outcome
from policies.guardrails.run import analyse
from trellis.planner.evidence import evidence
from trellis.planner.record import Recording

TODAY = dt.date(2026, 11, 21)

EXEMPT = {
    "APIGateway.8",  # signing in and health checks, as their routes say
    "SNS.1",  # a cache's events: ElastiCache publishes to unencrypted topics only
}
"""The controls that any system is exempt from, each for a reason that its stack file gives."""


def test_every_stack_passes_the_pack_once_all_is_known(
    recording_of: Callable[..., Recording], any_stack: tuple[str, str]
):
    report = analyse(evidence(recording_of(*any_stack)), today=TODAY)
    assert [finding.message() for finding in report.findings if finding.blocks] == []
    assert [problem.text for problem in report.problems if problem.fails] == []
    assert report.passed


def test_nothing_stays_unknown_once_all_is_known(
    recording_of: Callable[..., Recording], any_stack: tuple[str, str]
):
    report = analyse(evidence(recording_of(*any_stack)), today=TODAY)
    assert [finding.message() for finding in report.with_outcome(Outcome.UNKNOWN)] == []


@pytest.mark.long
def test_a_plan_fails_nothing_that_a_deployment_would_not(
    recording_of: Callable[..., Recording], any_stack: tuple[str, str]
):
    report = analyse(evidence(recording_of(*any_stack, "preview")), today=TODAY)
    assert [finding.message() for finding in report.findings if finding.blocks] == []


def test_exemptions_are_only_those_that_a_row_asks_for(
    recording_of: Callable[..., Recording], any_stack: tuple[str, str]
):
    report = analyse(evidence(recording_of(*any_stack)), today=TODAY)
    assert {verdict.control.id for verdict in report.with_outcome(Outcome.EXEMPT)} <= EXEMPT
