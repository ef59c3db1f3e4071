"""Random valid settings of the whole data tier validate and register; `make bench` does 2,000."""

from __future__ import annotations

import pytest

from testing.data_settings import KINDS, campaign

SEED = 20261121


@pytest.mark.parametrize("share", range(4))
def test_what_the_tables_allow_validates_and_registers(share: int):
    resources, _ = campaign(SEED + share, 60, 4)
    assert resources > 4


@pytest.mark.long
def test_the_campaign_draws_every_kind():
    _, kinds = campaign(SEED, 30, 30)
    assert kinds == len(KINDS)
