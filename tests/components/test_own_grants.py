"""Grants in IAM's own words: exactly what is said, for whoever says it, judged by the pack."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from policies.guardrails.run import analyse
from testing.service_cases import parts, service
from tests.components.small_systems import document, small_system
from trellis.planner.evidence import evidence
from trellis.planner.record import Recording
from trellis.stackfile.problems import StackFileError

TODAY = dt.date(2026, 11, 21)
READ_PAGES = {
    "actions": ["textract:AnalyzeDocument"],
    "resources": ["*"],
    "conditions": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
}
INVALIDATE = {
    "actions": ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
    "resources": ["arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE"],
}
EVERYTHING = {"actions": ["iam:*"], "resources": ["*"]}


def system(*uses: dict[str, Any]) -> Recording:
    return small_system(**parts({"api": service(uses=list(uses)), "other": service()}))


@pytest.fixture(scope="module")
def granted() -> Recording:
    return system({"grant": READ_PAGES}, {"grant": INVALIDATE})


def test_the_task_may_do_exactly_what_is_said(granted: Recording):
    statements = document(granted.one("aws:iam/rolePolicy:RolePolicy", "api-task"))
    assert [{key: text[key] for key in text if key != "Sid"} for text in statements] == [
        {
            "Effect": "Allow",
            "Action": "textract:AnalyzeDocument",
            "Resource": "*",
            "Condition": READ_PAGES["conditions"],
        },
        {
            "Effect": "Allow",
            "Action": INVALIDATE["actions"],
            "Resource": INVALIDATE["resources"][0],
        },
    ]
    assert len({text["Sid"] for text in statements}) == 2


def test_nobody_else_may(granted: Recording):
    policies = granted.of_type("aws:iam/rolePolicy:RolePolicy")
    assert [resource.name for resource in policies if "textract" in str(resource.inputs)] == [
        "api-task"
    ]


def test_the_pack_refuses_what_it_refuses_of_anybody():
    def failed(recording: Recording) -> set[str]:
        report = analyse(evidence(recording), today=TODAY)
        return {
            one.control.id
            for one in report.findings
            if one.blocks and "api-task" in str(one.resource)
        }

    assert failed(system({"grant": EVERYTHING}))
    assert not failed(system({"grant": INVALIDATE}))


@pytest.mark.parametrize(
    ("use", "message"),
    [
        ({"grant": {"actions": [], "resources": ["*"]}}, "actions"),
        ({"grant": {"actions": ["*"], "resources": ["*"]}}, "actions"),
        ({"grant": {"actions": ["s3:GetObject"], "resources": ["my-bucket"]}}, "resources"),
        ({"grant": INVALIDATE, "as": "ID"}, "brings no variable"),
        ({"grant": INVALIDATE, "bucket": "files"}, "exactly one of"),
    ],
)
def test_what_says_nothing_that_iam_takes_is_refused(use: dict[str, Any], message: str):
    with pytest.raises(StackFileError, match=message):
        system(use)
