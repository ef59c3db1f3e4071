"""`trellis expired`: the stacks whose last day is past."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

from trellis.cli.options import OK, WRONG_INPUT, add_project


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "expired",
        help="list the stacks whose last day is past",
        description="Prints one name a line of the stacks whose `expires` is past: those of the "
        "project's stack files, or, with --state, those that `pulumi stack export` wrote, whose "
        "files nobody keeps. Nothing is contacted.",
    )
    parser.add_argument(
        "--state", type=Path, nargs="+", metavar="FILE", help="what `pulumi stack export` wrote"
    )
    add_project(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read, and list."""
    from trellis.compare.documents import UnreadableError

    if arguments.config_file is not None:
        print("trellis expired: --config-file has no effect here", file=sys.stderr)
        return WRONG_INPUT
    today = dt.datetime.now(dt.UTC).date()
    try:
        ends = list(
            _of_states(arguments.state) if arguments.state else _of_files(arguments.project)
        )
    except UnreadableError as error:
        print(f"trellis expired: {error}", file=sys.stderr)
        return WRONG_INPUT
    for stack, end in ends:
        print(f"{stack}: until {end.isoformat()}", file=sys.stderr)
    for stack, end in ends:
        if end < today:
            print(stack)
    return OK


def _of_files(project: Path) -> Iterator[tuple[str, dt.date]]:
    from trellis.stackfile.loading import read_stack, resolve
    from trellis.stackfile.problems import StackFileError
    from trellis.stackfile.project import stacks_of

    for stack in stacks_of(project):
        files = read_stack(project, stack)
        resolution = resolve(files.config, files)
        # A last day that is past is a problem of the file, and the one that is asked for here.
        if resolution.settings is None:
            raise StackFileError(resolution.problems)
        if resolution.settings.expires is not None:
            yield stack, resolution.settings.expires


def _of_states(states: list[Path]) -> Iterator[tuple[str, dt.date]]:
    from trellis.compare.documents import UnreadableError, read_json
    from trellis.operate.expiry import end_of

    for file in states:
        try:
            found = end_of(read_json(file))
        except ValueError as error:
            raise UnreadableError(f"{file}: {error}") from None
        if found is not None:
            yield found
