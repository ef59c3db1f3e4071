"""No row that follows from a declaration goes or comes unnoticed."""

from __future__ import annotations

from tests.registry.rows import APPROVED, rows


def test_the_rows_are_those_that_were_approved():
    approved = APPROVED.read_text().splitlines()
    found = rows()
    assert len(set(found)) == len(found)
    gone, new = sorted(set(approved) - set(found)), sorted(set(found) - set(approved))
    assert (gone, new) == ([], []), "run python -m tests.registry.rows and read the difference"
