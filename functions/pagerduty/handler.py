"""Tells PagerDuty of alarms: opens an incident when one fires, closes it when it recovers.

Called by an SNS topic. The integration key is read from its secret at each start of the function
and again when PagerDuty refuses it; it stands nowhere else and is never logged. What PagerDuty does
not take raises, so that Lambda tries again and keeps in the end what could not be told ("Events API
v2", PagerDuty, 2026-11).
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

import boto3

ENDPOINT = "https://events.pagerduty.com/v2/enqueue"
TIMEOUT_SECONDS = 10

TAKEN = 202
"""Its answer to an event that it took; any other page is a proxy's, or an error."""

REFUSALS = frozenset({400, 401, 403, 404})
"""Answers to a key that PagerDuty does not know, or to a damaged event; 429 and 5xx pass by."""

SUMMARY_LIMIT = 1024
"""Characters ("PD-CEF": payload.summary)."""

ACTIONS = {"ALARM": "trigger", "OK": "resolve"}
"""PagerDuty's action by an alarm's new state; of INSUFFICIENT_DATA nobody is told."""

Send = Callable[[Mapping[str, Any]], None]


class NotTakenError(Exception):
    """PagerDuty did not take an event; the text says its answer, never the key."""


class RefusedError(NotTakenError):
    """PagerDuty refused the key or the event, so the same again would be refused too."""


def handle(event: Mapping[str, Any], _context: object, *, send: Send | None = None) -> int:
    """Tell of every message in the event; returns how many PagerDuty was told.

    Raises:
        NotTakenError: PagerDuty refused one.
    """
    told = 0
    for record in event["Records"]:
        incident = incident_of(record["Sns"])
        if incident is not None:
            (send or _send)(incident)
            told += 1
    return told


def incident_of(message: Mapping[str, Any]) -> dict[str, Any] | None:
    """The event for PagerDuty, without its key; None for what nobody needs to hear.

    Args:
        message: the `Sns` part of a record: `Subject`, `Message`, `MessageId`, `TopicArn`.
    """
    alarm = _alarm(str(message["Message"]))
    if alarm is None:
        return _event("trigger", str(message["MessageId"]), str(message["Message"]), message, {})
    action = ACTIONS.get(str(alarm["NewStateValue"]))
    if action is None:
        return None
    # An alarm's ARN is the same when it recovers, so that closes what this opened.
    key = str(alarm.get("AlarmArn") or alarm["AlarmName"])
    details = {
        "reason": alarm.get("NewStateReason"),
        "region": alarm.get("Region"),
        "account": alarm.get("AWSAccountId"),
    }
    text = str(alarm.get("AlarmDescription") or alarm["AlarmName"])
    return _event(action, key, text, message, details)


def _event(
    action: str, key: str, text: str, message: Mapping[str, Any], details: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "event_action": action,
        "dedup_key": key[:255],
        "payload": {
            "summary": text[:SUMMARY_LIMIT],
            "source": str(message.get("TopicArn", "aws")),
            "severity": "critical",
            "custom_details": dict(details),
        },
    }


def _alarm(text: str) -> dict[str, Any] | None:
    """What CloudWatch says of an alarm; None for any other text."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict) or "NewStateValue" not in found:
        return None
    return cast("dict[str, Any]", found)


def _send(incident: Mapping[str, Any]) -> None:
    """Send one event; a refused key is read again, because an operator may have put another one."""
    key = _key()
    try:
        _post(incident, key)
    except RefusedError:
        _key.cache_clear()
        if _key() == key:
            raise
        _post(incident, _key())


def _post(incident: Mapping[str, Any], key: str) -> None:
    body = json.dumps({**incident, "routing_key": key}).encode()
    request = urllib.request.Request(
        ENDPOINT, body, {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            status = int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        kind = RefusedError if error.code in REFUSALS else NotTakenError
        raise kind(f"PagerDuty answered {error.code}") from None
    except OSError as error:
        raise NotTakenError(f"PagerDuty could not be told: {error}") from None
    if status != TAKEN:
        raise NotTakenError(f"PagerDuty answered {status}")


@cache
def _key() -> str:
    client = boto3.client("secretsmanager")
    return str(client.get_secret_value(SecretId=os.environ["SECRET_ARN"])["SecretString"]).strip()
