"""Values on their way between the program and the provider."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.parts.simulation import Secret
from tests.emulated.values import Files, answered, configuration
from tools.replacement.wire import packed, unpacked
from trellis.planner.wire import FileContent

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.floats(
        allow_nan=False),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(), inner, max_size=20),
    max_leaves=40,
)  # fmt: skip


@pytest.mark.long
@given(PLAIN)
def test_what_is_packed_is_unpacked_as_it_was(value: Any):
    assert unpacked(packed(value)) == value


@pytest.mark.long
@given(PLAIN.filter(lambda value: len(packed(value)) > 1))
def test_a_value_that_breaks_off_is_told(value: Any):
    with pytest.raises(ValueError, match="ends in the middle"):
        unpacked(packed(value)[:-1])


BLOCK: dict[str, Any] = {
    "attributes": {
        "name": {"type": "string"}, "arn": {"type": "string"}, "size": {"type": "number"},
        "policy": {"type": "string"}, "subnet_ids": {"type": ["set", "string"]},
        "filename": {"type": "string"},
    },
    "block_types": {
        "rule": {"nesting_mode": "list", "block": {"attributes": {"on": {"type": "bool"}}}},
        "timeouts": {"nesting_mode": "single", "block": {"attributes": {}}},
    },
}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path, tmp_path)


def test_a_configuration_names_all_of_the_schema_and_tells_what_it_lacks(files: Files):
    given_ = {"name": Secret("main"), "subnetIds": ["a"], "rules": {"on": "true"},
              "policy": {"Version": "1"}, "colour": "red"}  # fmt: skip
    body, lacking = configuration(given_, BLOCK, "aws_thing", files)
    assert body == {
        "name": "main", "arn": None, "size": None, "policy": '{"Version": "1"}',
        "subnet_ids": ["a"], "filename": None, "rule": [{"on": True}], "timeouts": None,
    }  # fmt: skip
    assert lacking == ["colour"]


def test_an_archive_that_no_plan_builds_is_stood_in_for(files: Files):
    archive = FileContent("archive-file", "build/functions/app/1.zip")
    body, _ = configuration({"filename": archive}, BLOCK, "aws_thing", files)
    assert Path(body["filename"]).stat().st_size


def test_what_was_answered_goes_on_in_the_programs_own_shape():
    simulated = {"name": "main", "arn": "made-up", "rules": [{"on": True, "id": "made-up"}],
                 "secret": Secret("made-up")}  # fmt: skip
    state = {"name": "main", "arn": "arn:1", "rule": [{"on": True, "id": "r-1"}], "secret": "s-1"}
    assert answered(simulated, state, "aws_thing") == {
        "name": "main", "arn": "arn:1", "rules": [{"on": True, "id": "r-1"}],
        "secret": Secret("s-1"),
    }  # fmt: skip
