"""2,000 edits of random deployed stacks; `python -m bench.edits 100` makes fewer."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from testing.edits import campaign, report
from tools.replacement.provider import MIRROR, Provider

SEED = 20261129
EDITS = 2_000


def main(count: int = EDITS) -> int:
    """Run the campaign; 1 where an edit ended badly or the provider says otherwise."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        there = MIRROR.is_dir()
        provider = stack.enter_context(Provider()) if there else None
        tally = campaign(count, SEED, folder, provider)
    return report(tally, provider)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
