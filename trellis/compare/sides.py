"""The two runs that are compared: a stack as it is written, and what it was before."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from trellis.compare.documents import UnreadableError, exported
from trellis.compare.step import Side
from trellis.planner.record import record
from trellis.planner.recording import Recording
from trellis.stackfile.context import context_file, read_context
from trellis.stackfile.loading import read_stack
from trellis.stackfile.problems import StackFileError
from trellis.stackfile.resolution import Resolution, resolve

GIT = "git:"
PROGRAM = Path("trellis/planner/record.py")
"""What a repository holds that is Trellis itself, beside the stack files."""

_RECORD = """
import inspect, pickle, sys
from pathlib import Path
from trellis.planner.record import record
from trellis.stackfile.problems import StackFileError
project, stack, file, target = sys.argv[1:]
# A Trellis that does not know it yet left out what waited.
whole = {"complete": True} if "complete" in inspect.signature(record).parameters else {}
file = Path(file) if file else None
try:
    found = record(Path(project), stack, "deployed", config_file=file, **whole)
except StackFileError as error:
    sys.exit(str(error))
Path(target).write_bytes(pickle.dumps(found))
"""
"""Runs a former Trellis in a process of its own, which imports that one and not this one."""


@dataclass(frozen=True)
class Written:
    """One side with the stack file that says it; an exported state has none."""

    side: Side
    resolution: Resolution | None


def written(
    project: Path, stack: str, config_file: Path | None, main: Path | None = None
) -> Written:
    """A stack as its files say it, recorded as deployed, with what is not started yet.

    Args:
        main: the program, where it is not where the files lead from here.

    Raises:
        StackFileError: the stack file is wrong.
    """
    files = read_stack(project, stack, config_file)
    recording = record(
        project, stack, "deployed", config_file=config_file, main=main, complete=True
    )
    there = read_context(context_file(files.file, files.stack)).adopted
    side = Side(recording, _running_in(main or files.project.main), there=there)
    return Written(side, resolve(files.config, files))


def _running_in(main: Path) -> Path:
    """The folder that a program runs in."""
    whole = main.resolve()
    return whole.parent if whole.is_file() else whole


@contextmanager
def former(against: str, project: Path, stack: str, config_file: Path | None) -> Generator[Written]:
    """What was before: a stack file, a commit, or a state that the engine exported.

    Args:
        against: `git:REF`, a stack file (`.yaml`, `.yml`), or what `pulumi stack export` wrote.

    Raises:
        StackFileError: the former stack file is wrong.
        UnreadableError: there is no such commit or file, or it is something else.
    """
    if against.startswith(GIT):
        with _committed(against.removeprefix(GIT), project, stack, config_file) as found:
            yield found
        return
    file = Path(against)
    if not file.is_file():
        raise UnreadableError(
            f"no file {against}; allowed: a stack file, what `pulumi stack export` writes, or "
            "git: and a commit"
        )
    if file.suffix in (".yaml", ".yml"):
        yield written(project, stack, file)
    else:
        recording = exported(file)
        yield Written(Side(recording, Path.cwd(), deployed=True), None)


@contextmanager
def _committed(ref: str, project: Path, stack: str, config_file: Path | None) -> Generator[Written]:
    top = Path(_git(project, "rev-parse", "--show-toplevel").decode().strip())
    commit = _git(project, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", ref=ref)
    with tempfile.TemporaryDirectory(prefix="trellis-compare-") as name:
        folder = Path(name).resolve()
        archive = _git(top, "archive", "--format=tar", commit.decode().strip())
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        there = folder / project.resolve().relative_to(top.resolve())
        file = None
        if config_file is not None:
            inside = config_file.resolve()
            if not inside.is_relative_to(top.resolve()):
                raise UnreadableError(f"{config_file} is in no commit: it is outside {top}")
            file = folder / inside.relative_to(top.resolve())
        if not (folder / PROGRAM).is_file():
            main = read_stack(there, stack, file).project.main
            yield written(there, stack, file, _outside(main, folder, there, project))
            return
        recording = _recorded_there(folder, there, stack, file)
        files_then = read_stack(there, stack, file)
        yield Written(
            Side(recording, _running_in(files_then.project.main)),
            resolve(files_then.config, files_then),
        )


def _outside(main: Path, folder: Path, there: Path, project: Path) -> Path | None:
    """The program that a commit leads to outside its repository, which no commit holds; None where
    it is inside.

    Args:
        folder: where the commit is unpacked.
        there: its project; `project` is the one that stands.
    """
    if main.resolve().is_relative_to(folder) or not main.is_relative_to(there):
        return None
    return project.absolute() / main.relative_to(there)


def _recorded_there(folder: Path, project: Path, stack: str, file: Path | None) -> Recording:
    target = folder / ".recording.pickle"
    done = subprocess.run(
        [sys.executable, "-c", _RECORD, str(project), stack, str(file or ""), str(target)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise UnreadableError(f"the former commit can't be planned:\n{done.stderr.strip()[-2000:]}")
    return pickle.loads(target.read_bytes())


def _git(folder: Path, *arguments: str, ref: str = "") -> bytes:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    if done.returncode == 0:
        return done.stdout
    if ref:
        raise UnreadableError(f"{GIT}{ref}: no such commit; allowed: what `git rev-parse` knows")
    raise UnreadableError(f"git {arguments[0]}: {done.stderr.decode().strip()}")


__all__ = ["GIT", "StackFileError", "Written", "former", "written"]
