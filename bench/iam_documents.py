"""How fast are policy documents judged, and what is found in every AWS-managed policy?

All AWS-managed policies (moto's dated record) as roles of their own, and single roles of 1,000 and
10,000 statements, as a ratio of their times.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Iterable
from typing import Any

from policies.guardrails.iam import exposure
from policies.guardrails.iam.documents import Kind, parse
from policies.guardrails.iam.escalation import find_escalations
from policies.guardrails.iam.findings import Finding, Outcome
from policies.guardrails.iam.permissions import Permissions, RolePolicies, role_policies

SECONDS_FOR_1000 = 1.0
LARGEST_RATIO = 15.0
"""Ten times the statements may take this many times as long."""


def main() -> int:
    """Print what was found and the times; 1 when a figure is missed."""
    judge_managed_policies()
    small, large = _seconds(1_000), _seconds(10_000)
    print(f"   1,000 statements: {small:.2f} s; 10,000: {large / small:.1f} times that")
    return int(small > SECONDS_FOR_1000 or large / small > LARGEST_RATIO)


def judge_managed_policies() -> None:
    """Judge every AWS-managed policy and count the roles in which each analysis finds something."""
    module: Any = importlib.import_module("moto.iam.aws_managed_policies")
    recorded: dict[str, Any] = json.loads(module.aws_managed_policies_data)
    counts = {"escalation": 0, "exfiltration": 0, "credentials": 0, "resource exposure": 0}
    started = time.perf_counter()
    for name, entry in recorded.items():
        document = parse(entry["Document"], name, Kind.IDENTITY)
        asked = Permissions(RolePolicies((document,)))
        counts["escalation"] += _fails(find_escalations(asked))
        counts["exfiltration"] += _fails(exposure.exfiltration(asked))
        counts["credentials"] += _fails(exposure.credentials_exposure(asked))
        counts["resource exposure"] += _fails(exposure.resource_exposure(asked))
    spent = time.perf_counter() - started
    found = ", ".join(f"{number} {what}" for what, number in counts.items())
    print(f"   {len(recorded)} AWS-managed policies in {spent:.1f} s: {found}")


def _fails(findings: Iterable[Finding]) -> int:
    return int(any(finding.outcome is Outcome.FAIL for finding in findings))


def _seconds(count: int) -> float:
    actions = ["s3:GetObject", "ecs:RunTask", "iam:PassRole", "lambda:Invoke*", "sqs:Send*"]
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": f"arn:aws:s3:::bucket{i}/*"}
        for i in range(count)
    ]
    started = time.process_time()
    policies = role_policies({"inline": {"Version": "2012-10-17", "Statement": statements}})
    asked = Permissions(policies)
    find_escalations(asked)
    exposure.resource_exposure(asked)
    exposure.exfiltration(asked)
    for document in policies.documents:
        exposure.wildcard_resources(document)
        exposure.unknown_actions(document)
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
