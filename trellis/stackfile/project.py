"""Finds a project's files: `Pulumi.yaml`, `Pulumi.<stack>.yaml` and the context beside them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi.runtime

import trellis
from trellis.stackfile.document import UnreadableError, parse
from trellis.stackfile.nodes import Leaf
from trellis.stackfile.problems import Source

SUFFIXES = (".yaml", ".yml")
ROOT = Path(trellis.__file__).resolve().parent.parent
"""Where the program stands: the files inside are named relative to it."""


@dataclass(frozen=True)
class Project:
    """A folder with a `Pulumi.yaml`."""

    directory: Path
    file: Path
    name: str
    stack_directory: Path
    """Where the stack files are: the folder itself, or its `stackConfigDir`."""
    main: Path
    """The program: a folder with a `__main__.py`, or a script (`main` of Pulumi.yaml)."""
    main_place: Source | None = None
    """Where Pulumi.yaml says so; its first line where it doesn't."""

    def stack_file(self, stack: str) -> Path:
        """Where a stack's file is, or would be. `stack` may be `org/project/stack`."""
        return self.stack_directory / f"Pulumi.{stack.rsplit('/', 1)[-1]}{self.file.suffix}"

    def stacks(self) -> list[str]:
        """The stacks that have a file, in alphabetical order."""
        files = self.stack_directory.glob(f"Pulumi.*{self.file.suffix}")
        return sorted(file.name.removeprefix("Pulumi.").removesuffix(file.suffix) for file in files)


def project_file(directory: Path) -> Path | None:
    """The `Pulumi.yaml` of a folder, or None."""
    for suffix in SUFFIXES:
        if (directory / f"Pulumi{suffix}").is_file():
            return directory / f"Pulumi{suffix}"
    return None


def stacks_of(directory: Path) -> list[str]:
    """The stacks that have a file in a project's folder; none where there is no project."""
    file = project_file(directory)
    if file is None:
        return []
    return Project(directory, file, "", directory, directory).stacks()


def shown(file: Path) -> str:
    """A file's name as problems print it: the same under the engine and without one."""
    whole = file.resolve()
    return str(whole.relative_to(ROOT)) if whole.is_relative_to(ROOT) else file.name


def running_project() -> Path | None:
    """The folder of the project that the engine (or a recorder) is running, or None.

    The language host passes the folder on; an Automation API program inside the process has only
    the project's name, so the folders where a project of this repository can be are looked at.
    """
    try:
        name = pulumi.get_project()
    except Exception:  # noqa: BLE001 - outside any program the SDK raises a bare Exception
        return None
    for directory in _candidates():
        file = project_file(directory)
        if file is not None and _name(file) == name:
            return directory
    return None


def _candidates() -> Iterator[Path]:
    given = pulumi.runtime.get_root_directory()
    if given:
        yield Path(given)
    here = Path.cwd()
    for start in dict.fromkeys((here, ROOT)):
        yield start
        yield from sorted(path for path in start.glob("systems/*") if path.is_dir())


def _name(file: Path) -> str | None:
    try:
        return _name_in(file.read_bytes())
    except OSError:
        return None


@functools.lru_cache(maxsize=64)  # each program of a process asks the same files
def _name_in(text: bytes) -> str | None:
    try:
        entry = parse(text, "Pulumi.yaml", "shared system").root.entries.get("name")
    except UnreadableError:
        return None
    if entry is None or not isinstance(entry.node, Leaf):
        return None
    return entry.node.scalar.raw
