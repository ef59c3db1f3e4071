"""Mutants of the real stack files, and whether reading stays linear."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from testing.stackfile_mutants import mutants
from testing.stackfile_outcomes import Outcome, outcome, reading_time

SEED = 20261121
MUTATIONS = 5_000
READ_LIMIT = 0.060
"""Seconds for a stack file of 300 lines, beyond imports."""
LINEAR_LIMIT = 2.0
"""How much longer a line may take in a file four times as long; 4 were quadratic."""


def main() -> int:
    """Run the campaign; 1 when a mutant was accepted or badly refused, or reading is slow."""
    bad: list[Outcome] = []
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for mutant in mutants(SEED, MUTATIONS):
            result = outcome(mutant, folder)
            counts["refused" if result.error else "accepted"] += 1
            if result.complaints:
                bad.append(result)
        reading_time(300, folder)
        short, long, longer = (reading_time(n, folder) for n in (300, 5_000, 20_000))
    print(f"   {MUTATIONS} mutants: {counts['refused']} refused, {counts['accepted']} still valid")
    for line in bad[:10]:
        print(f"   {line.mutant.kind.name}: {line.complaints[0]}")
    ratio = longer / 4 / long
    print(f"   300 lines: {short * 1000:.1f} ms (at most {READ_LIMIT * 1000:.0f})")
    print(f"   20,000 lines: {longer * 1000:.0f} ms, {ratio:.2f} times as long a line as 5,000")
    return int(bool(bad) or short > READ_LIMIT or ratio > LINEAR_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
