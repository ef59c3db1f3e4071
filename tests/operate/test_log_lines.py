"""`trellis logs`: names of the stack file, spans of time, and lines that come late."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from tests.operate.conftest import REGION, Calls, Ran
from trellis.operate import log_lines
from trellis.operate.access import Access
from trellis.operate.system import NotThereError, System

NOON = dt.datetime(2026, 11, 29, 12, 0, tzinfo=dt.UTC)
GROUP = "/ecs/shop-dev-api"


def event(number: int, minutes: int, message: str = "hello") -> dict[str, Any]:
    at = NOON + dt.timedelta(minutes=minutes)
    return {
        "eventId": str(number),
        "timestamp": int(at.timestamp() * 1000),
        "logStreamName": "ecs/api/task1",
        "message": f"{message}\n",
    }


def test_a_name_is_a_key_a_part_or_a_whole_log_group(system: System):
    (api,) = log_lines.chosen(system, "api")
    assert log_lines.chosen(system, "services.api") == (api,)
    assert log_lines.chosen(system, api.name) == (api,)
    assert api.name == system.service("api").log_group
    assert api.region == REGION


def test_a_name_that_is_not_there_is_told_with_those_that_are(
    calls: Calls, trellis: Callable[..., Ran]
):
    ran = trellis("logs", "dev", "web")
    assert ran.code == 2
    assert ran.err.startswith("trellis logs: no log of web in dev; there is ")
    assert "services.api" in ran.err
    assert "FilterLogEvents" not in [name for name, _ in calls.asked]


def test_lines_of_moto_are_printed_with_time_and_stream(calls: Calls, trellis: Callable[..., Ran]):
    client = boto3.Session().client("logs", REGION)
    client.create_log_group(logGroupName=GROUP)
    client.create_log_stream(logGroupName=GROUP, logStreamName="ecs/api/abc")
    now = dt.datetime.now(dt.UTC)
    for minutes, message in ((90, "too old"), (3, "fine")):
        at = int((now - dt.timedelta(minutes=minutes)).timestamp() * 1000)
        client.put_log_events(
            logGroupName=GROUP,
            logStreamName="ecs/api/abc",
            logEvents=[{"timestamp": at, "message": message}],
        )
    ran = trellis("logs", "dev", "api")
    assert ran.code == 0
    assert [line.split()[1:] for line in ran.out.splitlines()] == [["abc", "fine"]]
    assert "too old" in trellis("logs", "dev", "api", "--since", "2h").out


@pytest.mark.parametrize("span", ["", "5", "m", "0m", "-1h", "1w", "1.5h", "999999h"])
def test_a_span_that_is_none_is_refused(calls: Calls, trellis: Callable[..., Ran], span: str):
    ran = trellis("logs", "dev", "api", f"--since={span}")
    assert ran.code == 2
    assert "a whole number and s, m, h or d, as 30m" in ran.err


def test_what_is_followed_comes_once_also_when_it_is_late(
    calls: Calls, access: Access, system: System
):
    rounds = [
        [event(1, 0)],
        [event(1, 0), event(2, 5)],
        [event(3, 5, "late"), event(2, 5)],
        [event(2, 5), event(4, 6)],
    ]
    left = iter(rounds)
    calls.answer("FilterLogEvents", lambda _: {"events": next(left, [])})
    waits: list[float] = []
    groups = log_lines.chosen(system, "api")
    following = log_lines.follow(groups, access, NOON, "ERROR", wait=waits.append)
    lines = list(itertools.islice(following, 4))
    assert [line.split()[2] for line in lines] == ["hello", "hello", "late", "hello"]
    asked = calls.of("FilterLogEvents")
    assert {request["filterPattern"] for request in asked} == {"ERROR"}
    assert asked[0]["startTime"] == event(0, 0)["timestamp"]
    late = event(0, 5)["timestamp"] - 30_000
    assert asked[2]["startTime"] == late, "lines that come late are looked for"
    assert waits == [2, 2, 2]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "the caller may not call FilterLogEvents"),
        ("ThrottlingException", "AWS was asked too often"),
        ("ResourceNotFoundException", "FilterLogEvents answered ResourceNotFoundException"),
    ],
)
def test_a_refusal_is_a_sentence(
    calls: Calls, trellis: Callable[..., Ran], code: str, message: str
):
    calls.refuse("FilterLogEvents", code)
    ran = trellis("logs", "dev", "api")
    assert ran.code == 1
    assert message in ran.err


def test_a_key_of_two_parts_is_asked_back(system: System, monkeypatch: pytest.MonkeyPatch):
    group = log_lines.LogGroup("/x", REGION)
    two = {"functions.api": (group,), "services.api": (group,)}
    monkeypatch.setattr(log_lines, "groups_of", lambda _: two)
    with pytest.raises(NotThereError, match=r"may be functions\.api or services\.api"):
        log_lines.chosen(system, "api")
