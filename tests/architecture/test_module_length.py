"""A module of the product has one subject, so it is short."""

from __future__ import annotations

from testing.stacks import ROOT
from tests.architecture.python_files import files

LINES = 400


def test_no_module_is_longer_than_400_lines():
    long = {
        str(file.relative_to(ROOT)): lines
        for file in files("components", "trellis", "policies")
        if (lines := len(file.read_text("utf-8").splitlines())) > LINES
    }
    assert not long, long
