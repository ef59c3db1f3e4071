"""2,000 random valid settings of the storage, message and secret tiers, 100 of them recorded."""

from __future__ import annotations

import time
from random import Random

from testing.random_stores import random_system, settings_of
from testing.small_systems import small_system

VALIDATED, RECORDED = 2_000, 100


def main() -> None:
    """Run the campaign; raises at the first system that is refused or can't be recorded."""
    start = time.perf_counter()
    for seed in range(VALIDATED):
        settings_of(seed)
    validated = time.perf_counter() - start
    resources = sum(
        len(small_system(**random_system(Random(seed))).resources) for seed in range(RECORDED)
    )
    recorded = time.perf_counter() - start - validated
    print(f"{VALIDATED} validated in {validated:.1f} s")
    print(f"{RECORDED} recorded in {recorded:.1f} s, {resources} resources")


if __name__ == "__main__":
    main()
