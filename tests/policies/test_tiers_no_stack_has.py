"""Parts of a stack file that no real stack has give no false alarm either."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("mode", ["preview", "deployed"])
def test_signed_zones_uploaded_sites_and_log_archives_give_no_false_alarm(
    mode: Mode, tmp_path: Path
):
    failed = {
        (one.control.id, one.resource)
        for one in judged(mode, tmp_path).with_outcome(Outcome.FAIL)
        if one.control.id in ("Route53.dnssec", "Lambda.customer-key", "IAM.confused-deputy")
    }
    assert failed == set()


def test_once_deployed_each_of_them_passes(tmp_path: Path):
    passed = {
        (one.control.id, one.resource)
        for one in judged("deployed", tmp_path).with_outcome(Outcome.PASS)
    }
    assert {
        ("Route53.dnssec", "main"),
        ("IAM.confused-deputy", "log-archive"),
    } <= passed
