"""A sample of the campaign of edits (`python -m bench.edits`)."""

from __future__ import annotations

from pathlib import Path

from bench.edits import KINDS, campaign


def test_every_edit_is_in_place_a_safe_replacement_refused_or_told(tmp_path: Path):
    tally = campaign(len(KINDS), 7, tmp_path, None, density=0.05, parts=0.2)
    assert not tally.bad
    assert sum(tally.outcomes.values()) == len(KINDS)
