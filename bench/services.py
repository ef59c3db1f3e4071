"""2,000 random edits of services and routes: whether any of them moves a neighbour.

Run by itself: `python -m bench.services [edits] [seed]`.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

from testing.service_edits import disturbed, edit, random_services, recorded

EDITS = 2_000


def measure(edits: int = EDITS, seed: int = 1) -> dict[str, int | float]:
    """Edits made, edits refused for a priority taken twice, resources disturbed, and seconds."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    started = time.process_time()
    done = refused = wrong = 0
    while done < edits:
        services = random_services(chance)
        before = recorded(services)
        refused += before is None
        while before is not None and done < edits:
            made = edit(chance, services)
            after = recorded(made.services)
            if after is None:
                refused += 1
                break
            wrong += len(disturbed(before, after, made, set(services) & set(made.services)))
            services, before = made.services, after
            counts[made.kind] += 1
            done += 1
            if chance.random() < 0.1:
                break
    return {
        "edits": done,
        "refused": refused,
        "disturbed": wrong,
        "seconds": round(time.process_time() - started, 1),
        **counts,
    }


def main() -> int:
    """Measure and print; 1 when a neighbour moved."""
    found = measure(*[int(word) for word in sys.argv[1:] if word.isdigit()])
    for name, value in found.items():
        print(f"   {name:16} {value}")
    return 1 if found["disturbed"] else 0


if __name__ == "__main__":
    sys.exit(main())
