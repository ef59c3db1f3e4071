"""A sample of the campaign of edits (`python -m testing.edits`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from testing import every_leaf
from testing.edits import KINDS, campaign
from testing.tally import Kept, Tally, total

pytestmark = pytest.mark.long


def test_every_edit_is_in_place_a_safe_replacement_refused_or_told(tmp_path: Path):
    tally = campaign(len(KINDS), 7, tmp_path, None, density=0.05, parts=0.2)
    assert not tally.bad
    assert sum(tally.outcomes.values()) == len(KINDS)


def test_leaves_of_a_tier_are_edited_one_by_one(tmp_path: Path):
    leaves = tuple(leaf for leaf in every_leaf.patterns() if leaf[0] == "queues")[:6]
    stack = {"name": "shop", "environment": "prod", "profile": "production"}
    whole = {**stack, "account": "123456789012", "queues": {"work": {}}}
    tally = total(tally for _, tally in every_leaf.campaign(leaves, 7, tmp_path, None, whole))
    assert not tally.bad
    assert tally.settings == {".".join(leaf) for leaf in leaves}
    assert tally.outcomes["in place"] + tally.outcomes["told"], "no value of any of them loads"


def test_a_campaign_goes_on_where_it_stopped(tmp_path: Path):
    file = tmp_path / "tallies"
    tally = Tally(settings={"queues.*.fifo"}, agreed=3, bad=["a word"])
    tally.outcomes["told"] += 1
    Kept(file).put("first", tally)
    Kept(file).put("second", Tally(agreed=1))
    kept = Kept(file)
    assert "first" in kept
    assert "third" not in kept
    tally.add(Tally(agreed=1))
    assert kept.total() == tally
