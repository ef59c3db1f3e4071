"""What several commands share: options, exit codes, and how they print and write."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trellis.fitting import fit

if TYPE_CHECKING:
    from trellis.planner.recording import Mode, Recording

OK = 0
FAILED = 1
WRONG_INPUT = 2
DATA_LOST = 3
NOT_DEPLOYED = 4
INTERRUPTED = 130
"""Exit codes: fine; a control or Trellis itself failed; the stack file or command is wrong; an edit
would lose data that nobody agreed to lose; the stack file alone is ahead of AWS; Ctrl-C, as shells
have it."""


class UnwritableError(Exception):
    """A file that can't be written; the text says which and why."""


def add_stack(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Which stack, and where its files are."""
    parser.add_argument(
        "stack", metavar="STACK", nargs="?" if optional else None, help="as in Pulumi.STACK.yaml"
    )
    add_project(parser)


def add_project(parser: argparse.ArgumentParser) -> None:
    """Where the files of a stack are."""
    parser.add_argument(
        "--project",
        type=Path,
        default=None,
        metavar="DIR",
        help="folder of Pulumi.yaml (default: this one, or the nearest above that has one)",
    )
    parser.add_argument(
        "--config-file",
        type=Path,
        metavar="FILE",
        help="stack file to use instead of Pulumi.STACK.yaml",
    )


def nearest_project() -> Path:
    """This folder or the nearest above with a `Pulumi.yaml`, as `pulumi` looks for it; this one
    where none has one."""
    from trellis.stackfile.project import project_file

    here = Path.cwd()
    for folder in (here, *here.parents):
        if project_file(folder) is not None:
            return Path() if folder == here else folder
    return Path()


def write(file: Path, text: str, *, parents: bool = True) -> None:
    """Write a file as UTF-8, whole or not at all.

    Args:
        parents: whether folders that are not there are made.

    Raises:
        UnwritableError: it can't be written.
    """
    from components.parts.whole_file import write_whole

    try:
        if parents:
            file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, text.encode())
    except OSError as error:
        raise UnwritableError(f"{file} can't be written: {error.strerror}") from None


def print_document(text: str) -> None:
    """Print what a program reads (JSON, SARIF, HTML, ...), in UTF-8 whatever the terminal's."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # pyright: ignore[reportAttributeAccessIssue]
    print(text, end="")


def terminal_width() -> int | None:
    """Columns of the terminal that is written to; None where it is a file or a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def colours_wanted() -> bool:
    """Whether it is a terminal that shows colours, and nobody said no (no-color.org)."""
    dumb = os.environ.get("TERM") == "dumb" or bool(os.environ.get("NO_COLOR"))
    return sys.stdout.isatty() and not dumb


def recorded(
    arguments: argparse.Namespace, mode: Mode = "preview", *, complete: bool = False
) -> Recording:
    """The recording of a stack. What its program prints goes to standard error: standard output
    is the command's.

    Args:
        complete: as if nothing waited for an image or the value of a secret.
    """
    from trellis.planner.record import record

    with contextlib.redirect_stdout(sys.stderr):
        return record(
            arguments.project,
            arguments.stack,
            mode,
            config_file=arguments.config_file,
            complete=complete,
        )


def fitted(text: str) -> str:
    """A text whose lines are no longer than the terminal is wide; as it is, elsewhere."""
    width = terminal_width()
    return text if width is None else fit(text, width)
