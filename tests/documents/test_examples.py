"""Every example with a Pulumi.yaml is a project that plans, and passes the pack where it can."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recordings import ROOT
from trellis.planner.record import record
from trellis.stackfile.project import stacks_of

EXAMPLES = [
    (folder, stack)
    for folder in sorted(file.parent for file in (ROOT / "examples").glob("*/Pulumi.yaml"))
    for stack in stacks_of(folder)
]


@pytest.mark.parametrize(
    ("folder", "stack"), EXAMPLES, ids=lambda case: getattr(case, "name", case)
)
def test_every_example_is_a_project_that_plans(folder: Path, stack: str) -> None:
    recording = record(folder, stack)
    assert any(resource.type.startswith("aws:") for resource in recording)
    assert recording.unknown_types == ()
    assert recording.outputs


def test_there_is_an_example_of_a_stack_file_and_one_of_components() -> None:
    assert {folder.name for folder, _ in EXAMPLES} >= {"library", "web"}
