"""`trellis secrets`: a value comes by prompt or standard input, and is never shown or read."""

from __future__ import annotations

import datetime as dt
import getpass
import io
import json
import sys
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from tests.operate.conftest import REGION, Calls, Ran

VALUE = "sk_live_never_shown"
NOW = dt.datetime.now(dt.UTC)


class Terminal(io.StringIO):
    """Standard input of a person."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def client(calls: Calls) -> Any:
    made = boto3.Session().client("secretsmanager", REGION)
    made.create_secret(Name="shop/dev/stripe")
    return made


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


@pytest.mark.parametrize("text", [VALUE, f"{VALUE}\n", f"{VALUE}\r\n"])
def test_a_value_comes_by_standard_input_less_its_line_end(
    client: Any,
    calls: Calls,
    trellis: Callable[..., Ran],
    monkeypatch: pytest.MonkeyPatch,
    text: str,
):
    typed(monkeypatch, text)
    ran = trellis("secrets", "set", "dev", "stripe")
    assert ran.code == 0
    assert VALUE not in ran.out + ran.err
    assert client.get_secret_value(SecretId="shop/dev/stripe")["SecretString"] == VALUE


def test_a_person_types_it_unseen(
    client: Any, trellis: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
):
    prompts: list[str] = []
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda prompt: prompts.append(prompt) or VALUE)
    assert trellis("secrets", "set", "dev", "stripe").code == 0
    assert prompts == ["value of shop/dev/stripe: "]
    assert client.get_secret_value(SecretId="shop/dev/stripe")["SecretString"] == VALUE


def test_an_empty_value_is_refused(
    client: Any, calls: Calls, trellis: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
):
    typed(monkeypatch, "\n")
    ran = trellis("secrets", "set", "dev", "stripe")
    assert (ran.code, ran.err) == (2, "trellis secrets set: the value is empty\n")
    assert not calls.of("PutSecretValue")


@pytest.mark.parametrize("key", ["signing", "rds"])
def test_what_aws_makes_takes_no_value_of_a_person(
    calls: Calls, trellis: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, key: str
):
    typed(monkeypatch, VALUE)
    ran = trellis("secrets", "set", "dev", key)
    assert ran.code == 2
    assert f"{key} is made and rotated inside AWS" in ran.err
    assert sys.stdin.read() == VALUE, "nothing is asked for"
    assert not calls.of("PutSecretValue")


def test_rotation_is_started_where_there_is_one(calls: Calls, trellis: Callable[..., Ran]):
    calls.answer("RotateSecret", {})
    assert trellis("secrets", "rotate", "dev", "signing").code == 0
    assert calls.of("RotateSecret")[0]["SecretId"] == "shop/dev/signing"
    ran = trellis("secrets", "rotate", "dev", "stripe")
    assert ran.code == 2
    assert "stripe is rotated by nothing: `trellis secrets set`" in ran.err


def test_status_tells_what_has_no_value_and_what_is_overdue(
    calls: Calls, trellis: Callable[..., Ran]
):
    current = {"VersionIdsToStages": {"1": ["AWSCURRENT"]}, "RotationEnabled": True}
    answers: dict[str, dict[str, Any]] = {
        "shop/dev/stripe": {},
        "shop/dev/signing": {**current, "LastRotatedDate": NOW - dt.timedelta(days=61)},
        "shop/dev/rds": {**current, "LastRotatedDate": NOW - dt.timedelta(days=1)},
    }
    calls.answer("DescribeSecret", lambda asked: answers[asked["SecretId"]])
    ran = trellis("secrets", "status", "dev", "--json")
    assert ran.code == 1
    found = {finding["said"].split()[0]: finding for finding in json.loads(ran.out)["findings"]}
    assert found["shop/dev/stripe"]["status"] == "wrong"
    assert "secrets set STACK stripe" in found["shop/dev/stripe"]["remedy"]
    assert found["shop/dev/signing"]["status"] == "wrong"
    assert "is every 30 days" in found["shop/dev/signing"]["said"]
    assert found["shop/dev/rds"]["status"] == "ok"
    assert not calls.of("GetSecretValue")


def test_a_rotation_switched_off_by_hand_is_told(calls: Calls, trellis: Callable[..., Ran]):
    calls.answer("DescribeSecret", {"VersionIdsToStages": {"1": ["AWSCURRENT"]}})
    ran = trellis("secrets", "status", "dev")
    assert ran.code == 1
    assert "shop/dev/signing is not rotated, and the plan rotates it" in ran.out


@pytest.mark.parametrize(
    "words",
    [
        ("status", "dev", "stripe"),
        ("set", "dev"),
        ("rotate", "dev"),
        ("set", "dev", "nothere"),
        ("set", "dev", "stripe", "--strict"),
        ("rotate", "dev", "signing", "--json"),
    ],
)
def test_what_can_not_be_meant_is_refused(
    calls: Calls, trellis: Callable[..., Ran], words: tuple[str, ...]
):
    ran = trellis("secrets", *words)
    assert ran.code == 2
    assert not [name for name, _ in calls.asked if name != "GetCallerIdentity"]


def test_no_option_takes_a_value(trellis: Callable[..., Ran]):
    with pytest.raises(SystemExit):
        trellis("secrets", "set", "dev", "stripe", VALUE)
