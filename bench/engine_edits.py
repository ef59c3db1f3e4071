"""Edits of random stacks in the real engine, whose provider refuses what AWS refuses.

`python -m bench.engine_edits 300 FILE 8` keeps what it has in a file, stops after 8 minutes and
goes on from there the next time. Needs the Pulumi CLI (`make engine`).
"""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from testing.engine_edits import of_stack
from testing.tally import Kept, report

SEED = 20261130
EDITS = 500
PER_STACK = 10


def main(count: int = EDITS, kept: str = "", minutes: int = 0) -> int:
    """Run the campaign; 1 where the engine does another thing than `compare` said."""
    engine: Any = importlib.import_module("tests.engine.engine")
    until = time.monotonic() + 60 * (minutes or 24 * 60)
    with tempfile.TemporaryDirectory() as name, engine.running(Path(name)) as running:
        folder = Path(name)
        tallies = Kept(Path(kept) if kept else folder / "tallies")
        seed = SEED
        while (left := count - tallies.total().kinds.total()) > 0 and time.monotonic() < until:
            seed += 1
            if str(seed) in tallies:
                continue
            project = folder / f"project-{seed}"
            project.mkdir()
            tallies.put(
                str(seed),
                of_stack(
                    seed,
                    min(PER_STACK, left),
                    project,
                    lambda place, text: running.stack(place, "prod", text=text),
                ),
            )
        return report(tallies.total(), asked=False)


if __name__ == "__main__":
    given = dict(enumerate(sys.argv[1:]))
    sys.exit(main(int(given.get(0, EDITS)), given.get(1, ""), int(given.get(2, 0))))
