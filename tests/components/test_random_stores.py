"""Random valid settings of the storage, message and secret tiers: they validate and record whole.

The 2,000 and 100 of the whole campaign are in `bench/random_stores.py`; here is a part of them.
"""

from __future__ import annotations

from random import Random

import pytest

from testing.random_stores import random_system, settings_of
from tests.components.small_systems import small_system
from trellis.planner.wire import UNKNOWN

pytestmark = pytest.mark.long

VALIDATED = 300


def test_random_valid_settings_validate():
    for seed in range(VALIDATED):
        settings_of(seed)


@pytest.mark.parametrize("seed", range(5))
def test_a_random_system_is_recorded_whole_and_nothing_stays_unknown(seed: int):
    recording = small_system(**random_system(Random(seed)))
    assert recording.of_type("aws:kms/key:Key")
    for resource in recording:
        assert UNKNOWN not in resource.inputs.values(), resource.urn
