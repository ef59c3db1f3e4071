"""What tests and measurements share stands in `testing`: neither borrows from the other."""

from __future__ import annotations

import pytest

from testing.stacks import ROOT
from tests.architecture.python_files import files, imported

FORBIDDEN = {
    "tests": {"bench"},
    "bench": {"tests"},
    "testing": {"tests", "bench"},
    "tools": {"tests", "bench"},
    "trellis": {"tests", "bench", "testing", "tools"},
    "components": {"tests", "bench", "testing", "tools"},
    "policies": {"tests", "bench", "testing", "tools"},
}


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_a_folder_imports_none_that_it_must_not(folder: str):
    found = [
        f"{file.relative_to(ROOT)} imports {module}"
        for file in files(folder)
        for module in sorted(imported(file))
        if module in FORBIDDEN[folder]
    ]
    assert not found, "\n".join(found)
