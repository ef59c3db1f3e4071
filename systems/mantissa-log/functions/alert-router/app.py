"""Hands alerts on: to Slack, and to PagerDuty where they are high or critical.

Called with messages of a queue. A message that could not be told stays in the queue and comes
again; after a few times it is a dead letter, and an alarm says so. The webhook and the key are read
from their secrets, kept for five minutes, and never logged.
"""

from __future__ import annotations

import json
import logging
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

import boto3

PAGERDUTY = "https://events.pagerduty.com/v2/enqueue"
PAGED = frozenset({"high", "critical"})
SECONDS = 10
KEPT_SECONDS = 300

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)

_held: dict[str, tuple[float, str]] = {}
"""Values of secrets by ARN, with the time they were read."""


class NotToldError(Exception):
    """A receiver did not take an alert; the text never holds an address or key."""


def handle(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Lambda's entry; which messages have to come again."""
    failed: list[dict[str, str]] = []
    for record in event["Records"]:
        try:
            tell(json.loads(record["body"]))
        except (NotToldError, ValueError, KeyError) as error:
            log.warning("message %s: %s", record["messageId"], error)
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def tell(alert: Mapping[str, str]) -> None:
    """Tell of one alert.

    Raises:
        NotToldError: a receiver did not take it.
    """
    text = f"[{alert['severity']}] {alert['title']}\n{alert['finding']}"
    if alert["severity"] in PAGED:
        _post(
            "PagerDuty",
            PAGERDUTY,
            {
                "routing_key": _secret("PAGERDUTY_API_KEY_SECRET_ARN"),
                "event_action": "trigger",
                # The same alert told twice is one incident.
                "dedup_key": alert["alertId"],
                "payload": {
                    "summary": text[:1024],
                    "source": "mantissa-log",
                    "severity": "critical" if alert["severity"] == "critical" else "error",
                },
            },
        )
    _post("Slack", _secret("SLACK_WEBHOOK_SECRET_ARN"), {"text": text[:3000]})


def _post(receiver: str, address: str, body: Mapping[str, Any]) -> None:
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:
            status = int(reply.status)
    except urllib.error.HTTPError as error:
        # An operator may have put another value: the next try reads it.
        _held.clear()
        raise NotToldError(f"{receiver} answered {error.code}") from None
    except (OSError, ValueError) as error:
        raise NotToldError(f"{receiver} could not be told ({type(error).__name__})") from None
    if status >= 300:
        raise NotToldError(f"{receiver} answered {status}")


def _secret(variable: str) -> str:
    arn = os.environ[variable]
    read, value = _held.get(arn, (0.0, ""))
    if time.monotonic() - read > KEPT_SECONDS or not value:
        held = boto3.client("secretsmanager").get_secret_value(SecretId=arn)
        value = str(held["SecretString"]).strip()
        _held[arn] = (time.monotonic(), value)
    return value
