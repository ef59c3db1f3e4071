"""The table for people who come from Terraform names settings that there are."""

from __future__ import annotations

import re

import pytest

from tests.recordings import ROOT
from trellis.stackfile.layers import SYSTEM
from trellis.stackfile.shape import at

TEXT = (ROOT / "docs/migrating.md").read_text("utf-8")
ROWS = re.findall(r"^\| (.+?) \| (.+?) \|$", TEXT, re.MULTILINE)
PATH = re.compile(r"`([a-z][A-Za-z]*(?:\.(?:\*|[a-zA-Z]+))*)`")
WORDS = {"as", "uses", "depends_on"}
"""What stands in the right column and is no path from the file's root."""

PATHS = sorted({path for _, here in ROWS for path in PATH.findall(here)} - WORDS)


def test_the_table_is_read():
    assert len(ROWS) > 20
    assert {"services.*.routes", "existing.databases", "network.existing"} <= set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_every_setting_it_names_is_there(path: str):
    assert at(SYSTEM, tuple(path.split("."))), path
