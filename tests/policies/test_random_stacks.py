"""Random whole production stack files: green, or the red verdict's own remedy turns it green.

The 500 of the whole campaign are in `bench/random_stacks.py`; here are a few smaller ones.
"""

from pathlib import Path

import pytest

from testing.random_stacks import campaign

SPARSE, FEW_PARTS = 0.12, 0.2


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 6, 7])
def test_a_random_production_stack_is_green_or_its_remedy_turns_it_green(seed: int, tmp_path: Path):
    tally = campaign(range(seed, seed + 1), tmp_path, SPARSE, FEW_PARTS)
    assert not tally.defects
    assert not tally.unexplained
    assert not tally.waiting
    assert tally.green + tally.red + tally.refused == 1
