"""The function that tells PagerDuty: opens, closes, and never says the key."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import Any

import pytest

from functions.pagerduty import handler
from functions.pagerduty.handler import handle, incident_of

ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:clubapp-prod-outage"


def message(state: str) -> dict[str, Any]:
    alarm = {
        "AlarmName": "clubapp-prod-outage",
        "AlarmArn": ARN,
        "AlarmDescription": "It is down. What to do: look.",
        "NewStateValue": state,
        "NewStateReason": "Threshold crossed",
        "Region": "US East (N. Virginia)",
    }
    return {"Message": json.dumps(alarm), "MessageId": "1", "TopicArn": "arn:aws:sns:::pages"}


def test_an_alarm_opens_an_incident_with_its_own_words():
    incident = incident_of(message("ALARM"))
    assert incident is not None
    assert (incident["event_action"], incident["dedup_key"]) == ("trigger", ARN)
    assert incident["payload"]["summary"] == "It is down. What to do: look."


def test_its_recovery_closes_the_same_incident():
    incident = incident_of(message("OK"))
    assert incident is not None
    assert (incident["event_action"], incident["dedup_key"]) == ("resolve", ARN)


def test_of_missing_data_nobody_is_told():
    sent: list[Mapping[str, Any]] = []
    assert handle({"Records": [{"Sns": message("INSUFFICIENT_DATA")}]}, None, send=sent.append) == 0
    assert sent == []


def test_a_message_that_is_no_alarm_is_told_too():
    incident = incident_of({"Message": "Budget exceeded", "MessageId": "7", "TopicArn": "t"})
    assert incident is not None
    assert incident["payload"]["summary"] == "Budget exceeded"
    assert incident["dedup_key"] == "7"


class PagerDuty:
    """PagerDuty and the secret with its key: which key it takes, which the secret holds."""

    def __init__(self) -> None:
        self.takes = self.holds = "first"
        self.answers = 202
        self.failures: list[int | OSError] = []
        self.sent: list[str] = []

    def get_secret_value(self, **_asked: str) -> dict[str, str]:
        return {"SecretString": f"{self.holds}\n"}

    def urlopen(self, request: urllib.request.Request, timeout: float) -> io.BytesIO:
        assert isinstance(request.data, bytes)
        self.sent.append(json.loads(request.data)["routing_key"])
        failure = self.failures.pop(0) if self.failures else None
        if isinstance(failure, OSError):
            raise failure
        code = failure or (202 if self.sent[-1] == self.takes else 400)
        if code != 202:
            body = io.BytesIO(b"the key " + self.sent[-1].encode())
            raise urllib.error.HTTPError(request.full_url, code, "no", Message(), body)
        answer = io.BytesIO()
        answer.status = self.answers  # type: ignore[attr-defined]
        return answer


@pytest.fixture
def pagerduty(monkeypatch: pytest.MonkeyPatch) -> Iterator[PagerDuty]:
    double = PagerDuty()
    monkeypatch.setattr(handler.boto3, "client", lambda _service: double)
    monkeypatch.setattr(urllib.request, "urlopen", double.urlopen)
    monkeypatch.setenv("SECRET_ARN", "arn")
    handler._key.cache_clear()
    yield double
    handler._key.cache_clear()


def send_event() -> int:
    return handle({"Records": [{"Sns": message("ALARM")}]}, None)


def test_a_key_that_an_operator_replaced_is_read_again_when_it_is_refused(pagerduty: PagerDuty):
    assert send_event() == 1
    pagerduty.takes = pagerduty.holds = "second"
    assert send_event() == send_event() == 1
    assert pagerduty.sent == ["first", "first", "second", "second"]


def test_a_key_that_is_refused_and_still_the_secrets_is_sent_once_a_try(pagerduty: PagerDuty):
    pagerduty.takes = "second"
    for _ in range(2):
        with pytest.raises(handler.NotTakenError, match="answered 400") as refused:
            send_event()
        assert "first" not in str(refused.value)
    assert pagerduty.sent == ["first", "first"]
    pagerduty.holds = "second"
    assert send_event() == 1


@pytest.mark.parametrize("failure", [429, 500, 503, TimeoutError("slow"), OSError("gone")])
def test_what_pagerduty_can_not_take_now_is_left_to_the_next_try(
    failure: int | OSError, pagerduty: PagerDuty
):
    pagerduty.failures = [failure]
    with pytest.raises(handler.NotTakenError):
        send_event()
    assert pagerduty.sent == ["first"]
    assert send_event() == 1


@pytest.mark.parametrize("status", [200, 204, 302])
def test_a_page_that_is_not_pagerdutys_answer_is_left_to_the_next_try(
    status: int, pagerduty: PagerDuty
):
    pagerduty.answers = status
    with pytest.raises(handler.NotTakenError, match=f"answered {status}"):
        send_event()
    pagerduty.answers = 202
    assert send_event() == 1


def test_a_message_that_comes_twice_is_one_incident():
    first, second = (handler.incident_of(message("ALARM")) for _ in range(2))
    assert first == second
    assert first is not None
    assert first["dedup_key"]
