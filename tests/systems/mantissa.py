"""What the rows of Mantissa Log read of its recordings."""

from __future__ import annotations

from collections.abc import Callable

from trellis.planner.record import Recording

MANTISSA = "systems/mantissa-log"

Recordings = Callable[..., Recording]


def data_key(recording: Recording) -> str:
    return recording.one("aws:kms/key:Key", "keys-data").outputs["arn"]
