"""The function that tells PagerDuty: opens, closes, and never says the key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

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
    told: list[Mapping[str, Any]] = []
    assert handle({"Records": [{"Sns": message("INSUFFICIENT_DATA")}]}, None, send=told.append) == 0
    assert told == []


def test_a_message_that_is_no_alarm_is_told_too():
    incident = incident_of({"Message": "Budget exceeded", "MessageId": "7", "TopicArn": "t"})
    assert incident is not None
    assert incident["payload"]["summary"] == "Budget exceeded"
    assert incident["dedup_key"] == "7"
