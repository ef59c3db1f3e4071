"""A loop variable says what it is: nothing is called `each`."""

from __future__ import annotations

import ast

import pytest

from testing.stacks import ROOT
from tests.architecture.python_files import files, tree


def has_each(node: ast.AST) -> bool:
    return (isinstance(node, ast.Name) and node.id == "each") or (
        isinstance(node, ast.arg) and node.arg == "each"
    )


@pytest.mark.long
def test_nothing_is_called_each():
    found = {
        str(file.relative_to(ROOT))
        for file in files(
            "bench", "components", "functions", "policies", "testing", "tests", "tools", "trellis"
        )
        if "each" in file.read_text("utf-8") and any(map(has_each, ast.walk(tree(file))))
    }
    assert sorted(found) == []
