"""Parts of a stack file that no real stack has give no false alarm either."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from policies.guardrails.catalog import control
from policies.guardrails.control import Outcome
from policies.guardrails.outcomes import Report
from policies.guardrails.run import analyse
from tests.components.small_systems import NETWORK, small_system
from trellis.planner.evidence import evidence
from trellis.planner.record import Mode

TODAY = dt.date(2026, 11, 21)
IMAGE = {"repository": "app", "digest": f"sha256:{'a' * 64}"}
JOB = {"image": IMAGE, "cpu": 256, "memory": 512, "schedule": "rate(1 day)"}


def judged(mode: Mode, folder: Path) -> Report:
    (folder / "index.html").write_text("hello", encoding="utf-8")
    recording = small_system(
        mode,
        network=NETWORK,
        zones={"main": {"domain": "example.org", "dnssec": True}},
        buckets={"logs": {"purpose": "logs"}},
        sites={"web": {"domain": "www.example.org", "content": {"path": str(folder)}}},
        repositories={"app": {}},
        jobs={"nightly": JOB},
        monitoring={"archive": {"bucket": "logs"}},
    )
    return analyse(evidence(recording), today=TODAY)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[Mode, Report]:
    folder = tmp_path_factory.mktemp("site")
    return {mode: judged(mode, folder) for mode in ("preview", "deployed")}


@pytest.mark.parametrize("mode", ["preview", "deployed"])
def test_signed_zones_uploaded_sites_and_log_archives_give_no_false_alarm(
    mode: Mode, reports: dict[Mode, Report]
):
    failed = {
        (one.control.id, one.resource)
        for one in reports[mode].with_outcome(Outcome.FAIL)
        if one.control.id in ("Route53.dnssec", "Lambda.customer-key", "IAM.confused-deputy")
    }
    assert failed == set()


def test_once_deployed_zone_and_archive_pass(reports: dict[Mode, Report]):
    passed = {
        (one.control.id, one.resource) for one in reports["deployed"].with_outcome(Outcome.PASS)
    }
    assert {("Route53.dnssec", "main"), ("IAM.confused-deputy", "log-archive")} <= passed


@pytest.mark.parametrize("mode", ["preview", "deployed"])
def test_a_cache_whose_token_a_rotation_sets_asks_for_one(mode: Mode):
    recording = small_system(
        mode,
        network=NETWORK,
        caches={"main": {"nodes": 2, "authentication": "token"}},
        secrets={"redis": {"kind": "credentials", "cache": "main"}},
    )
    report = analyse(evidence(recording), today=TODAY, controls=[control("ElastiCache.6")])
    wanted = {Outcome.PASS, Outcome.UNKNOWN} if mode == "preview" else {Outcome.PASS}
    assert {one.outcome for one in report.findings} <= wanted


def test_a_cache_with_a_token_that_nothing_sets_is_open():
    recording = small_system(
        "deployed", network=NETWORK, caches={"main": {"nodes": 2, "authentication": "token"}}
    )
    report = analyse(evidence(recording), today=TODAY, controls=[control("ElastiCache.6")])
    assert [one.outcome for one in report.findings] == [Outcome.FAIL]
