"""10,000 histories of a network's addresses, 50 of them through the component."""

from __future__ import annotations

import random
import sys

from testing.network_histories import STEPS, broken_promises, component_history, history

SEED = 20261121
HISTORIES = 10_000
COMPONENT_HISTORIES = 50


def main() -> int:
    """Run the campaign and print what it found."""
    random_ = random.Random(SEED)
    broken = [promise for _ in range(HISTORIES) for promise in broken_promises(history(random_))]
    print(f"   {HISTORIES} histories of {STEPS} steps (seed {SEED}): {len(broken)} broken promises")
    through = [
        edit
        for number in range(COMPONENT_HISTORIES)
        for edit in component_history(history(random.Random(number)))
    ]
    print(f"   {COMPONENT_HISTORIES} through the component: {len(through)} broken promises")
    broken += through
    for promise in broken[:10]:
        print(f"   {promise}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
