"""A stack, made in moto by the real provider: what came of each of its resources."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.conftest import ROOT
from tests.emulated.monitor import MakingMonitor, Outcome, Workers
from tests.emulated.moto import moto
from trellis.planner import record


@functools.cache
def stood(project: str, stack: str) -> tuple[Outcome, ...]:
    """Make a real stack, once a run."""
    return made_by(lambda: record.record(ROOT / project, stack, "deployed"))


def made_by(recording: Callable[[], object]) -> tuple[Outcome, ...]:
    """Make all that a recording registers."""
    with tempfile.TemporaryDirectory() as folder, moto() as (url, calls):
        workers = Workers(url)
        monitors: list[MakingMonitor] = []

        def monitor(*given: Any, **more: Any) -> MakingMonitor:
            made = MakingMonitor(
                *given, workers=workers, calls=calls, files=Path(folder), project=ROOT, **more
            )
            monitors.append(made)
            return made

        try:
            with patch.object(record, "Monitor", monitor):
                recording()
        finally:
            for made in monitors:
                made.close()
        (one,) = monitors
        return tuple(one.outcomes)
