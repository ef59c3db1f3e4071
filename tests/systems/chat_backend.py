"""What the tests of the chat backend's rows share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.components.small_systems import document
from trellis.planner.record import Recorded, Recording

CHAT = "systems/chat-backend"


PAGE = "https://chat.example.com"


FUNCTION = "aws:lambda/function:Function"


GROUPS = {"tokens", "sessions", "messages", "history", "health"}


ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


Recordings = Callable[..., Recording]


def own(recording: Recording) -> dict[str, Recorded]:
    """The functions of the stack file, without Trellis's own."""
    return {
        resource.name: resource
        for resource in recording.of_type(FUNCTION)
        if "trellis:functions:Function" in resource.urn
    }


def policy(recording: Recording, name: str) -> list[dict[str, Any]]:
    return next(
        document(resource)
        for resource in recording.of_type("aws:iam/rolePolicy:RolePolicy")
        if resource.name == name and "trellis:functions:Function" in resource.urn
    )
