"""The canary's script, run by Node: what counts as success, and the reason of a failure."""

from __future__ import annotations

from typing import Any

import pytest

from tests.node.programs import answered

pytestmark = pytest.mark.node

URL = "https://www.example.com/login"
ENVIRONMENT = {"URL": URL, "STATUS": "200", "SECONDS": "10"}

CASES: dict[str, tuple[dict[str, str], dict[str, Any], str | None]] = {
    "the status that was asked": ({}, {"status": 200, "parts": ["hello"]}, None),
    "another status": ({}, {"status": 503, "parts": []}, f"{URL} answered 503, not 200"),
    "a redirection is not followed": ({}, {"status": 302}, f"{URL} answered 302, not 200"),
    "a redirection that was asked": ({"STATUS": "302"}, {"status": 302}, None),
    "the text that was asked": (
        {"CONTAINS": "Sign in"}, {"status": 200, "parts": ["<h1>Sign ", "in</h1>"]}, None,
    ),
    "another text": (
        {"CONTAINS": "Sign in"}, {"status": 200, "parts": ["Out of order"]},
        f'{URL} answered 200 without "Sign in"',
    ),
    "a letter that is cut between two parts": (
        {"CONTAINS": "Grüße"},
        {"status": 200, "parts": [[0x47, 0x72, 0xC3], [0xBC, 0xC3, 0x9F, 0x65]]}, None,
    ),
    "no answer in time": (
        {"SECONDS": "5"}, {"silent": True}, f"no answer from {URL} within 5 seconds",
    ),
    "a certificate that does not hold": (
        {}, {"fails": "certificate has expired"}, "certificate has expired",
    ),
    "a body without an end": (
        {"CONTAINS": "Sign in"}, {"status": 200, "endless": True},
        f'{URL} answered 200 without "Sign in"',
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def runs() -> dict[str, dict[str, Any]]:
    asked = [
        {"environment": {**ENVIRONMENT, **environment}, "answer": answer}
        for environment, answer, _ in CASES.values()
    ]
    return dict(zip(CASES, answered("canary.mjs", asked), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_a_run_says_what_it_got_instead(runs: dict[str, dict[str, Any]], case: str):
    assert runs[case]["reason"] == CASES[case][2]


def test_it_waits_as_long_as_said_and_names_itself(runs: dict[str, dict[str, Any]]):
    asked = runs["no answer in time"]["asked"]
    assert asked == {"url": URL, "agent": "trellis-canary", "milliseconds": 5000}
