"""The stacks of a project beside each other: what two of them cannot both have."""

from __future__ import annotations

import argparse
import contextlib
import sys
from typing import TYPE_CHECKING

from trellis.cli.options import WRONG_INPUT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trellis.planner.recording import Recording


def add_all(parser: argparse.ArgumentParser) -> None:
    """The option that takes every stack of the project."""
    parser.add_argument(
        "--all",
        action="store_true",
        help="every stack of the project, and what two of them cannot both have in one account",
    )


def misused(arguments: argparse.Namespace, command: str) -> int:
    """The exit code of a command line that names a stack and all of them, or none; 0 if right."""
    if arguments.all == (arguments.stack is not None):
        print(f"trellis {command}: give a STACK or --all, and not both", file=sys.stderr)
        return WRONG_INPUT
    if arguments.all and arguments.config_file is not None:
        print(f"trellis {command}: --config-file is for one STACK, not for --all", file=sys.stderr)
        return WRONG_INPUT
    return 0


def every_stack(project: Path, *, complete: bool = False) -> list[Recording]:
    """The recordings of all stacks of a project.

    Args:
        complete: as if nothing waited for an image or the value of a secret.

    Raises:
        StackFileError: a stack file is wrong, or there is none.
    """
    from trellis.planner.record import record
    from trellis.stackfile.problems import Problem, StackFileError
    from trellis.stackfile.project import stacks_of

    stacks = stacks_of(project)
    if not stacks:
        allowed = "a project with stack files (Pulumi.STACK.yaml)"
        raise StackFileError([Problem((), "no stack", allowed)])
    with contextlib.redirect_stdout(sys.stderr):
        return [record(project, stack, complete=complete) for stack in stacks]


def beside(project: Path, own: Recording, config_file: Path | None) -> bool:
    """Print what a stack cannot have beside the others of its project; whether there is any."""
    others = _sisters(project, own.stack, config_file)
    return report_clashes([own, *others], only=own.stack)


def _sisters(project: Path, stack: str, config_file: Path | None) -> list[Recording]:
    """The recordings of a project's other stacks; those that can't be planned are told and left
    out. None where the stack has another file: who else there is, is not known then."""
    from trellis.planner.record import record
    from trellis.stackfile.problems import StackFileError
    from trellis.stackfile.project import stacks_of

    own = stack.rsplit("/", 1)[-1]
    found: list[Recording] = []
    for other in stacks_of(project) if config_file is None else ():
        if other == own:
            continue
        try:
            with contextlib.redirect_stdout(sys.stderr):
                found.append(record(project, other, complete=True))
        except StackFileError:
            print(
                f"the stack {other} beside it can't be planned: what both have is not looked for",
                file=sys.stderr,
            )
    return found


def report_clashes(recordings: Sequence[Recording], *, only: str | None = None) -> bool:
    """Print what the stacks cannot have beside each other, to standard error.

    Args:
        only: a stack; what the others have among themselves is not told then.

    Returns:
        whether there is something.
    """
    from trellis.compare.claims import clashes

    found = [clash for clash in clashes(recordings) if only is None or only in clash.stacks]
    for clash in found:
        print(clash, file=sys.stderr)
    return bool(found)
