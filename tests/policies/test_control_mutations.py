"""One change of a real stack for every control: exactly the verdicts of the tables differ."""

from __future__ import annotations

import pytest

from policies.guardrails.catalog import CONTROLS
from tests.policies.mutated import Row, difference, rows

pytestmark = pytest.mark.long

ROWS = rows()


@pytest.mark.parametrize("row", ROWS, ids=[row.control for row in ROWS])
def test_a_change_of_a_real_stack_changes_these_verdicts_and_no_others(row: Row):
    assert difference(row) == dict(row.then)


def test_every_control_has_a_change_that_it_fails_and_that_would_go_unseen_without_it():
    failed = {
        row.control
        for row in ROWS
        for finding, outcome in row.then.items()
        if finding.startswith(f"{row.control} ") and outcome.endswith("fail")
    }
    assert failed == {control.id for control in CONTROLS}


def test_no_control_has_two_rows():
    assert len({row.control for row in ROWS}) == len(ROWS)


def test_a_row_that_names_what_a_stack_does_not_hold_is_refused():
    with pytest.raises(KeyError, match="bucket nowhere"):
        difference(Row("S3.8", "mantissa-log dev", remove=["bucket nowhere"]))
    with pytest.raises(KeyError, match="nothing"):
        difference(Row("S3.8", "mantissa-log dev", unset={"bucket logs": ["nothing"]}))
