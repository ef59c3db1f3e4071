"""2,000 edits of random deployed stacks; `python -m bench.edits 100` makes fewer.

`python -m bench.edits 2000 FILE 8` keeps what it has in a file, stops after 8 minutes and goes on
from there the next time.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from testing.edits import PER_STACK, of_stack
from testing.random_stacks import prepare
from testing.tally import Kept, report
from tools.replacement.provider import MIRROR, Provider

SEED = 20261129
EDITS = 2_000


def main(count: int = EDITS, kept: str = "", minutes: int = 0) -> int:
    """Run the campaign; 1 where an edit ended badly or the provider says otherwise."""
    until = time.monotonic() + 60 * (minutes or 24 * 60)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        provider = stack.enter_context(Provider()) if MIRROR.is_dir() else None
        prepare(folder)
        tallies = Kept(Path(kept) if kept else folder / "tallies")
        seed = SEED
        while (left := count - tallies.total().kinds.total()) > 0 and time.monotonic() < until:
            seed += 1
            if str(seed) not in tallies:
                size = min(PER_STACK, left)
                tallies.put(str(seed), of_stack(seed, size, folder, provider))
        return report(tallies.total(), asked=provider is not None)


if __name__ == "__main__":
    given = dict(enumerate(sys.argv[1:]))
    sys.exit(main(int(given.get(0, EDITS)), given.get(1, ""), int(given.get(2, 0))))
