"""Which stack a file belongs to, and what is wrong with it as an editor holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trellis.stackfile.document import Unsaved
from trellis.stackfile.loading import load, using
from trellis.stackfile.problems import Problem, StackFileError
from trellis.stackfile.project import SUFFIXES, project_file, shown, stacks_of
from trellis.stackfile.reading import read_files
from trellis.stackfile.resolution import Resolution, resolve

PREFIX = "Pulumi."
OURS = b"trellis:"
"""What every stack of Trellis says, in its own file or in Pulumi.yaml."""


@dataclass(frozen=True)
class Stack:
    """One stack of a project of Trellis."""

    project: Path
    """Folder of `Pulumi.yaml`."""
    name: str
    file: Path
    """`Pulumi.<stack>.yaml`."""


@dataclass(frozen=True)
class Wrong:
    """A problem and the file to show it in."""

    file: Path
    problem: Problem


def stacks_for(file: Path, unsaved: Unsaved) -> list[Stack]:
    """The stacks that a file is part of: one for a stack's file, all for `Pulumi.yaml`.

    None for any other file, and where the project is not one of Trellis.
    """
    file = file.resolve()
    if file.suffix not in SUFFIXES or not file.name.startswith(PREFIX):
        return []
    folder = next((parent for parent in file.parents if project_file(parent) is not None), None)
    if folder is None:
        return []
    shared = project_file(folder) or folder
    if file == shared.resolve():
        names = stacks_of(folder)
        found = [Stack(folder, name, folder / f"{PREFIX}{name}{shared.suffix}") for name in names]
    else:
        found = [Stack(folder, file.stem.removeprefix(PREFIX), file)]
    return [stack for stack in found if _is_ours((stack.file, shared), unsaved)]


def problems_of(stack: Stack, unsaved: Unsaved) -> list[Wrong]:
    """Everything that is wrong with a stack, without planning it."""
    try:
        files = read_files(stack.project, stack.name, stack.file, unsaved)
        with using(files):
            load(files.config)
    except StackFileError as error:
        return in_files(stack, error.problems)
    return []


def in_files(stack: Stack, problems: Iterable[Problem]) -> list[Wrong]:
    """The problems with the file of the project that each names; else the stack's own."""
    shared = project_file(stack.project) or stack.file
    return [
        Wrong(shared if is_in(problem, shared) else stack.file, problem) for problem in problems
    ]


def resolution_of(stack: Stack, unsaved: Unsaved) -> Resolution | None:
    """What a stack's settings come to; None where its files can't be read."""
    try:
        files = read_files(stack.project, stack.name, stack.file, unsaved)
    except StackFileError:
        return None
    return resolve(files.config, files)


def is_in(problem: Problem, file: Path) -> bool:
    """Whether a problem's line is one of this file."""
    return problem.source is not None and problem.source.file in (shown(file), str(file))


def _is_ours(files: Iterable[Path], unsaved: Unsaved) -> bool:
    return any(OURS in _bytes(file, unsaved) for file in files)


def _bytes(file: Path, unsaved: Unsaved) -> bytes:
    held = unsaved.get(file.resolve())
    if held is not None:
        return held
    try:
        return file.read_bytes()
    except OSError:
        return b""
