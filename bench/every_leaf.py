"""An edit of every leaf of the settings; `python -m bench.every_leaf 2 8` is slice 3 of 8."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.edits import SEED
from testing.edits import report
from testing.every_leaf import campaign, everything, patterns
from tools.replacement.provider import MIRROR, Provider


def main(slice_: int = 0, slices: int = 1) -> int:
    """Run one slice; 1 where an edit ended badly or the provider says otherwise."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        provider = stack.enter_context(Provider()) if MIRROR.is_dir() else None
        every = patterns()
        first, last = (len(every) * each // slices for each in (slice_, slice_ + 1))
        tally = campaign(every[first:last], SEED, folder, provider, everything())
        return report(tally, provider)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
