"""Copies of the checkout for tests that build or break one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON_VERSIONS = ("3.11", "3.12", "3.13")

_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".engine", "node_modules", "__pycache__", ".*_cache", "tests", "build", "dist"
)


def copy_of_checkout(target: Path) -> Path:
    """A copy without tests and without what the targets of the Makefile made."""
    return Path(shutil.copytree(ROOT, target, ignore=_LEFT_OUT))


class Checkout:
    """A copy of the repository that a test may change."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def copied(cls, root: Path) -> Checkout:
        """A copy with its tests, but for what was approved of real stacks."""
        leave = shutil.ignore_patterns("node_modules", "approved")
        for folder in (
            "components",
            "functions",
            "policies",
            "testing",
            "tests",
            "tools",
            "trellis",
        ):
            shutil.copytree(ROOT / folder, root / folder, ignore=leave)
        for file in ("pyproject.toml", "__main__.py"):
            shutil.copy(ROOT / file, root / file)
        for file in (
            "docs",
            "systems",
            *(path.name for path in ROOT.glob("*.yaml")),
            "requirements.lock",
        ):
            (root / file).symlink_to(ROOT / file)
        return cls(root)

    def change(self, file: str, before: str, after: str) -> None:
        """Change a file at one place."""
        path = self.root / file
        text = path.read_text()
        assert text.count(before) == 1, f"{file} has {before!r} {text.count(before)} times"
        path.write_text(text.replace(before, after))
        shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)

    @contextmanager
    def without(self, file: str, text: str | None, instead: str = "") -> Generator[None]:
        """Leave something out for a while.

        Args:
            text: what of the file; None for all of it.
            instead: what stands there.
        """
        path = self.root / file
        whole = path.read_text()
        if text is None:
            path.unlink()
            shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)
        else:
            self.change(file, text, instead)
        yield
        path.write_text(whole)
        shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)

    def python(self, *words: str, folder: str = ".") -> subprocess.CompletedProcess[str]:
        """What a command of Python in it says."""
        given = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "TRELLIS_"))}
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.root / folder,
            env={**given, "PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            check=False,
        )

    def trellis(self, *words: str) -> str:
        """What a command says of the stack; it has to go well."""
        done = self.python("-m", "trellis.cli.main", *words, folder="shop")
        assert done.returncode in (0, 1), done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    def tests(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What tests in it say."""
        return self.python("-m", "pytest", "-n", "0", "-q", "--tb=short", *words)
