"""Application Auto Scaling, EventBridge Scheduler and Step Functions (API References, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import CREATED, AutoName, Shape

SHAPES: Mapping[str, Shape] = {
    "aws:scheduler/scheduleGroup:ScheduleGroup": Shape(
        id="{name}",
        computed={
            "arn": "arn:{partition}:scheduler:{region}:{account}:schedule-group/{name}",
            "creationDate": CREATED,
            "lastModificationDate": CREATED,
            "namePrefix": "",
            "state": "ACTIVE",
        },
        named=AutoName(limit=64),
    ),
}
"""By Pulumi type token."""
