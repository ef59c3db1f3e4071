"""What tests of secrets share."""

from __future__ import annotations

import json
from typing import Any

from trellis.planner.record import Recording

FUNCTION = "aws:lambda/function:Function"


def rotation_of(recording: Recording, function: str) -> dict[str, dict[str, Any]]:
    variables = recording.one(FUNCTION, function).inputs["environment"]["variables"]
    assert set(variables) == {"ROTATION"}
    return json.loads(variables["ROTATION"])
