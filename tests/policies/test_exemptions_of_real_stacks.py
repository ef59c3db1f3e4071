"""An exemption that Club App's row asks for stays welcome where the pack no longer needs it."""

import datetime as dt

from policies.guardrails.control import Outcome
from policies.guardrails.run import analyse
from tests.recordings import recorded
from trellis.planner.evidence import evidence

TODAY = dt.date(2026, 11, 21)
REASON = "log delivery wants S3's own key and writes each object once"


def test_a_log_bucket_may_be_exempt_from_what_log_delivery_rules_out():
    entries = [
        {
            "control": control,
            "resource": "logs",
            "reason": REASON,
            "owner": "platform",
            "until": "2027-11-30",
        }
        for control in ("S3.17", "S3.14")
    ]
    report = analyse(evidence(recorded(".", "dev")), today=TODAY, exemptions=entries)
    problems = {problem.text: problem.fails for problem in report.problems}
    assert problems == {
        f"exemption of logs from {control} (owner platform) is not needed: nothing it names "
        "fails; remove it": False
        for control in ("S3.17", "S3.14")
    }
    assert report.passed
    outcomes = report.verdicts()
    logs = next(urn for id, urn in outcomes if id == "S3.17" and urn.endswith("::logs"))
    assert outcomes["S3.17", logs] is Outcome.NOT_APPLICABLE
