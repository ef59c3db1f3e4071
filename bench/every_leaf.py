"""An edit of every leaf of the settings.

`python -m bench.every_leaf FILE 8` keeps what it has in a file, stops after 8 minutes and goes on
from there the next time.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.edits import SEED
from testing.every_leaf import campaign, everything, patterns
from testing.tally import Kept, report
from tools.replacement.provider import MIRROR, Provider


def main(kept: str = "", minutes: int = 0) -> int:
    """Edit the leaves without a tally; 1 where an edit ended badly or the provider differs."""
    until = time.monotonic() + 60 * (minutes or 24 * 60)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        provider = stack.enter_context(Provider()) if MIRROR.is_dir() else None
        tallies = Kept(Path(kept) if kept else folder / "tallies")
        left = [leaf for leaf in patterns() if ".".join(leaf) not in tallies]
        for name, tally in campaign(left, SEED, folder, provider, everything()):
            tallies.put(name, tally)
            if time.monotonic() > until:
                break
        print(f"   {len(patterns())} leaves in all")
        return report(tallies.total(), asked=provider is not None)


if __name__ == "__main__":
    given = dict(enumerate(sys.argv[1:]))
    sys.exit(main(given.get(0, ""), int(given.get(1, 0))))
