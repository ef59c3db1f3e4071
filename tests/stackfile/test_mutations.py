"""Whatever is done to a real stack file: it loads, or is refused with file, line and path."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from testing.stackfile_mutants import KINDS, mutants, stack_files
from testing.stackfile_outcomes import Outcome, outcome
from trellis.cli.main import WRONG_INPUT, main

SEED = 3
COUNT = 300


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    folder = tmp_path_factory.mktemp("mutants")
    return [outcome(mutant, folder) for mutant in mutants(SEED, COUNT)]


def test_no_mutant_is_accepted_or_badly_refused(outcomes: list[Outcome]) -> None:
    bad = [
        f"{element.mutant.kind.name}: {element.complaints[0]}"
        for element in outcomes
        if element.complaints
    ]
    assert not bad, "\n\n".join(bad)


def test_every_kind_of_mistake_is_tried_and_most_are_refused(outcomes: list[Outcome]) -> None:
    refused = Counter(element.mutant.kind.name for element in outcomes if element.error is not None)
    assert refused.keys() == {kind.name for kind in KINDS}
    assert refused.total() > 0.9 * COUNT


def test_the_command_line_ends_with_2_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: set[str] = set()
    for mutant in mutants(SEED, 2 * len(KINDS)):
        if outcome(mutant, tmp_path).error is None or mutant.kind.name in seen:
            continue
        seen.add(mutant.kind.name)
        assert main(["plan", "mutant", "--project", str(tmp_path)]) == WRONG_INPUT
        output = capsys.readouterr()
        assert output.out == ""
        assert output.err.startswith("the stack's settings have ")
        assert "Traceback" not in output.err
    assert len(seen) > 15


def test_the_real_stack_files_are_what_is_mutated() -> None:
    assert len(stack_files()) >= 11
