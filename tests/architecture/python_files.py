"""The repository's Python files, parsed once."""

from __future__ import annotations

import ast
import os
import re
from functools import cache
from pathlib import Path

from testing.stacks import ROOT

OTHERS = {"node_modules", "vendor", ".venv", "__pycache__"}
"""Folders of what others wrote, or machines."""


@cache
def tree(file: Path) -> ast.Module:
    """A file's syntax."""
    return ast.parse(file.read_text("utf-8"), str(file))


def files(*folders: str) -> list[Path]:
    """Every Python file below folders of the repository, without what others wrote."""
    found: list[Path] = []
    for folder in folders:
        for above, below, names in os.walk(ROOT / folder):
            below[:] = [name for name in below if name not in OTHERS]
            found += [Path(above) / name for name in names if name.endswith(".py")]
    return sorted(found)


@cache
def import_statements(file: Path) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """A file's imports, also those inside functions and conditions."""
    found: list[ast.Import | ast.ImportFrom] = []
    blocks: list[ast.AST] = [tree(file)]
    while blocks:
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            for node in getattr(blocks[0], field, ()):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    found.append(node)
                else:
                    blocks.append(node)
        blocks.pop(0)
    return tuple(found)


def imported(file: Path) -> set[str]:
    """First names of the packages that lines of a file import; a text is read as a program too."""
    return set(re.findall(r"^[ \t]*(?:from|import) (\w+)", file.read_text("utf-8"), re.MULTILINE))
