"""What the rows of alarms share."""

from __future__ import annotations

from collections.abc import Callable

from trellis.planner.record import Recording

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
AFRIC = "systems/afric-analyzer"
CLUB = "."
ENGIFY = "systems/engify"
Recordings = Callable[..., Recording]


def receiver_of(recording: Recording, name: str) -> str:
    """The topic's key, or `outage` where a composite that pages speaks for the alarm."""
    alarm = recording.one(ALARM, name).inputs
    topics = alarm.get("alarmActions") or []
    assert alarm["actionsEnabled"] is True
    assert topics == (alarm.get("okActions") or [])
    if topics:
        return str(topics[0]).rsplit("-", 1)[-1]
    speaking = [
        resource
        for resource in recording.of_type(COMPOSITE)
        if f'ALARM("{alarm["name"]}")' in resource.inputs["alarmRule"]
    ]
    assert len(speaking) == 1
    assert [arn.rsplit("-", 1)[-1] for arn in speaking[0].inputs["alarmActions"]] == ["pages"]
    return "outage"
