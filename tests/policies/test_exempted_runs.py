"""Exemptions in a run: what they cover, when they end, and what is wrong with them."""

import pytest

from policies.guardrails.catalog import control
from policies.guardrails.control import Outcome
from tests.policies.judged import ENCRYPTED, PLAIN, judged, texts


def exemption(**changes: str) -> dict[str, str]:
    return {
        "control": "RDS.3",
        "resource": "main",
        "reason": "holds public data",
        "owner": "platform",
        "until": "2027-03-31",
        **changes,
    }


def test_an_exemption_covers_the_resource_it_names():
    report = judged(PLAIN, exemption())
    assert report.passed
    assert [one.outcome for one in report.findings] == [Outcome.EXEMPT]
    assert "holds public data (owner platform, until 2027-03-31)" in report.findings[0].reason
    assert not report.problems


@pytest.mark.parametrize("name", ["ma*", "databases", "data????s", "*"])
def test_an_exemption_may_name_a_pattern_or_a_component(name: str):
    scene = {
        "trellis:database:Database databases": {},
        "db_instance main": {"parent": "trellis:database:Database databases"},
    }
    assert judged(scene, exemption(resource=name)).passed


def test_an_exemption_covers_what_is_not_known_yet():
    report = judged({"db_instance main": {"storageEncrypted": "?"}}, exemption())
    assert [one.outcome for one in report.findings] == [Outcome.EXEMPT]
    assert report.passed


def test_an_exemption_for_another_resource_covers_nothing_and_fails_itself():
    report = judged(PLAIN, exemption(resource="other"))
    assert [one.outcome for one in report.findings] == [Outcome.FAIL]
    assert "matches no resource that the control judges" in texts(report)
    assert not report.passed


def test_an_exemption_that_is_not_needed_warns_and_lets_the_stack_pass():
    report = judged(ENCRYPTED, exemption())
    assert [one.outcome for one in report.findings] == [Outcome.PASS]
    assert [problem.fails for problem in report.problems] == [False]
    assert "main from RDS.3 (owner platform) is not needed" in texts(report)
    assert report.passed


def test_an_exemption_of_what_the_control_does_not_ask_of_is_not_needed_either():
    report = judged({"db_instance main": {"snapshotIdentifier": "old"}}, exemption())
    assert [one.outcome for one in report.findings] == [Outcome.NOT_APPLICABLE]
    assert "is not needed" in texts(report)
    assert report.passed


def test_a_pattern_that_one_of_its_resources_needs_is_needed():
    scene = {**PLAIN, "db_instance mail": ENCRYPTED["db_instance main"]}
    assert not judged(scene, exemption(resource="mai*")).problems


def test_of_two_exemptions_that_cover_a_failure_the_first_gives_the_reason():
    report = judged(PLAIN, exemption(), exemption(resource="m*", reason="another"))
    assert "holds public data" in report.findings[0].reason
    assert not report.problems


def test_an_exemption_that_names_a_resource_of_another_kind_fails():
    report = judged({**ENCRYPTED, "queue jobs": {}}, exemption(resource="jobs"))
    assert "matches no resource that the control judges" in texts(report)
    assert not report.passed


def test_an_exemption_ends_on_its_day_and_not_before():
    last_day = judged(PLAIN, exemption(until="2026-11-21"))
    assert [one.outcome for one in last_day.findings] == [Outcome.EXEMPT]
    assert last_day.passed
    day_after = judged(PLAIN, exemption(until="2026-11-20"))
    assert [one.outcome for one in day_after.findings] == [Outcome.FAIL]
    assert "ended on 2026-11-20" in texts(day_after)


def test_an_exemption_warns_thirty_days_before_it_ends():
    warned = judged(PLAIN, exemption(until="2026-12-21"))
    assert warned.passed
    assert [problem.fails for problem in warned.problems] == [False]
    assert "ends on 2026-12-21, in 30 days" in texts(warned)
    assert not judged(PLAIN, exemption(until="2026-12-22")).problems


@pytest.mark.parametrize("missing", ["control", "resource", "reason", "owner", "until"])
def test_an_exemption_without_a_part_fails(missing: str):
    entry = exemption()
    del entry[missing]
    report = judged(PLAIN, entry)
    assert f"has no {missing}" in texts(report)
    assert not report.passed
    assert [one.outcome for one in report.findings] == [Outcome.FAIL]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"until": "next year"}, "until is no date"),
        ({"control": "RDS.99"}, "names no existing control"),
        ({"owner": "  "}, "has no owner"),
        ({"ticket": "OPS-1"}, "unknown key ticket"),
    ],
)
def test_a_wrong_exemption_fails_and_says_why(changes: dict[str, str], message: str):
    report = judged(PLAIN, exemption(**changes))
    assert message in texts(report)
    assert not report.passed


def test_exemptions_of_the_stack_are_read_from_its_system_resource():
    scene = {**PLAIN, "system clubapp": {"exemptions": [exemption()], "profile": "development"}}
    report = judged(scene)
    assert report.passed
    assert [one.outcome for one in report.findings] == [Outcome.EXEMPT]


def test_an_exemption_of_what_is_advice_in_development_counts_as_used():
    scene = {
        "system s": {"profile": "development"},
        "db_instance main": {"multiAz": False},
    }
    report = judged(scene, exemption(control="RDS.5"), controls=[control("RDS.5")])
    assert [one.outcome for one in report.findings] == [Outcome.EXEMPT]
    assert not report.problems


def test_an_exemption_for_ever_fails_the_run_and_one_for_a_year_does_not():
    endless = judged(PLAIN, exemption(until="9999-12-31"))
    assert not endless.passed
    assert "ends on 9999-12-31, in more than 400 days; give 2027-12-26 at the latest" in texts(
        endless
    )
    assert not judged(PLAIN, exemption(until="2027-12-26")).problems
    assert judged(PLAIN, exemption(until="2027-12-27")).problems


@pytest.mark.parametrize("everything", ["*", "**", "?*"])
def test_an_exemption_for_everything_is_warned_of(everything: str):
    report = judged(PLAIN, exemption(resource=everything))
    assert "is for everything" in texts(report)
    assert report.passed
    assert "is for everything" not in texts(judged(PLAIN, exemption(resource="ma*")))
