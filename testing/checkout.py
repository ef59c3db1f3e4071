"""Copies of the checkout for tests that build or break one."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON_VERSIONS = ("3.11", "3.12", "3.13")

_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".engine", "node_modules", "__pycache__", ".*_cache", "tests", "build", "dist"
)


def copy_of_checkout(target: Path) -> Path:
    """A copy without tests and without what the targets of the Makefile made."""
    return Path(shutil.copytree(ROOT, target, ignore=_LEFT_OUT))
