"""The `trellis` command: one module a subcommand, each with `add` and `run`."""

from __future__ import annotations

import argparse
import contextlib
import errno
import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from trellis.cli import (
    add_entry,
    backend,
    check,
    comment,
    compare,
    dashboard,
    deployment,
    diagnose,
    diagram,
    doctor,
    drift,
    environment,
    exec_,
    expired,
    explain,
    fingerprint,
    init,
    logs,
    lookup,
    lsp,
    plan,
    price,
    reach,
    report,
    roles,
    rollback,
    schema,
    secrets,
    set_value,
    skill,
    smoke,
    tunnel,
    workflows,
)
from trellis.cli.options import (
    FAILED,
    INTERRUPTED,
    OK,
    WRONG_INPUT,
    UnwritableError,
    nearest_project,
)
from trellis.halfway import going_on, notes_of

COMMANDS = (
    plan,
    check,
    compare,
    price,
    diagram,
    reach,
    report,
    roles,
    backend,
    fingerprint,
    comment,
    workflows,
    explain,
    init,
    add_entry,
    set_value,
    lookup,
    schema,
    lsp,
    dashboard,
    deployment,
    doctor,
    smoke,
    diagnose,
    rollback,
    drift,
    environment,
    expired,
    logs,
    exec_,
    tunnel,
    secrets,
    skill,
)
"""In the order in which `--help` lists them."""

GARBAGE_THRESHOLD = 200_000
"""Allocations between two looks for garbage (Python's own default is 700)."""

EPILOG = """\
exit codes: 0 fine; 1 a control failed, or Trellis itself did (please report it);
2 the stack file or the command line is wrong, or a file can't be read or written;
3 an edit would lose data (compare); 4 the stack file is ahead of what is deployed (drift).
"""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)
"""What writing to standard output ends with when there is no room behind it."""


def command() -> int:
    """The console script: `main`, ended at once by Ctrl-C, which says what it leaves half-made."""
    signal.signal(signal.SIGINT, _interrupted)
    code = main()
    # Nothing is left to be done that anybody waits for, and nothing that may fail then.
    os._exit(code)


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    left = going_on()
    if left:
        # What was said so far, and how to go on: what stands half-made is not left in silence.
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        with contextlib.suppress(OSError):
            os.write(2, "".join(f"\n{note}" for note in reversed(left)).encode() + b"\n")
    os._exit(INTERRUPTED)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    _readable_streams()
    chosen = _chosen(arguments)
    try:
        Path.cwd()
    except FileNotFoundError:
        print("trellis: the folder that this runs in is not there any more", file=sys.stderr)
        return WRONG_INPUT
    if getattr(chosen, "project", Path()) is None:
        chosen.project = nearest_project()
    # The AWS SDK makes millions of objects that stay: looking through them for garbage every few
    # hundred allocations takes a good part of a plan's time.
    gc.set_threshold(GARBAGE_THRESHOLD)
    try:
        code = chosen.run(chosen)
        sys.stdout.flush()
    except KeyboardInterrupt as stopped:
        print("".join(f"\n{note}\n" for note in notes_of(stopped)), end="", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`head`, a pager) has gone; nothing is wrong.
        sys.stderr.close()
        return OK
    except UnwritableError as error:
        print(f"trellis {chosen.command}: {error}", file=sys.stderr)
        return WRONG_INPUT
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL and error.filename is None:
            print(f"trellis: standard output can't be written: {error.strerror}", file=sys.stderr)
            _drop_output()
            # A control that failed is 1 for who reads `check`'s code.
            return WRONG_INPUT if chosen.command == "check" else FAILED
        if not _is_users_mistake(error):
            raise
        print(error, file=sys.stderr)
        return WRONG_INPUT
    return code


def _chosen(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was typed. argparse takes a list of words in one place only, before or after the flags;
    `add` takes its settings on both sides."""
    parser = _parser()
    chosen, rest = parser.parse_known_args(arguments)
    if (
        rest
        and hasattr(chosen, "settings")
        and not any(argument.startswith("-") for argument in rest)
    ):
        chosen.settings = [*chosen.settings, *rest]
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return chosen


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trellis",
        description="Whole AWS systems from a stack file: see them before you own them.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.add(subparsers)
    return parser


def _readable_streams() -> None:
    """What a terminal or pipe has no letter for is printed as `?`, instead of an error."""
    if sys.stdout is None:  # closed by whoever started this
        sys.stdout = io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Throw away what is left for standard output: writing it would fail again at the end."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)


def _is_users_mistake(error: Exception) -> bool:
    """Whether it is what a program raises to be read by its user, as Pulumi itself has it.

    Pulumi is not imported for this: `trellis --help` would wait half a second for it.
    """
    return any(
        ancestor.__name__ == "RunError" and ancestor.__module__ == "pulumi.errors"
        for ancestor in type(error).__mro__
    )


if __name__ == "__main__":
    sys.exit(command())
