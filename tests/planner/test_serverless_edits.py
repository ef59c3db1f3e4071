"""Every setting of functions, APIs, users, streams, catalogs, queries, models and identities,
edited in a deployed stack: in place, safely replaced, refused, or told."""

from __future__ import annotations

from pathlib import Path

import pytest

from testing import every_leaf

pytestmark = pytest.mark.long

TIERS = ("functions", "apis", "userPools", "streams", "catalogs", "queries", "models", "identities")


def leaves_of(tier: str) -> tuple[every_leaf.Pattern, ...]:
    """Its settings, without lines of `uses`, which all that runs has alike."""
    return tuple(
        leaf for leaf in every_leaf.patterns() if leaf[0] == tier and leaf[2:3] != ("uses",)
    )


@pytest.mark.parametrize("tier", TIERS)
def test_every_setting_is_edited_and_each_edit_ends_well(tier: str, tmp_path: Path):
    leaves = leaves_of(tier)
    tally = every_leaf.campaign(leaves, 11, tmp_path, None, every_leaf.everything())
    assert not tally.bad
    assert tally.settings == {".".join(leaf) for leaf in leaves}
    done = sum(tally.outcomes[each] for each in ("in place", "told"))
    assert done > len(leaves) // 4, tally.outcomes
