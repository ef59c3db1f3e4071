"""`trellis logs STACK NAME`: the lines of a part's logs."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from typing import TYPE_CHECKING

from trellis.cli.operating import signed_in
from trellis.cli.options import OK, WRONG_INPUT, add_stack

if TYPE_CHECKING:
    from trellis.operate.access import Access
    from trellis.operate.system import System


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "logs",
        help="show the log lines of a part of a stack",
        description="Shows the lines that CloudWatch has of a service, job, function or whatever "
        "else of the stack file has a log group. Names come from the plan.",
    )
    add_stack(parser)
    parser.add_argument(
        "name", metavar="NAME", help="a key of the stack file, a part (services.api) or a log group"
    )
    parser.add_argument("--since", metavar="SPAN", default="15m", help="as 30s, 15m, 2h or 1d")
    parser.add_argument("--filter", metavar="PATTERN", help="CloudWatch's filter pattern")
    parser.add_argument("--follow", action="store_true", help="go on until Ctrl-C")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the lines."""

    def work(system: System, access: Access) -> int:
        from trellis.operate import log_lines

        groups = log_lines.chosen(system, arguments.name)
        try:
            start = log_lines.since(arguments.since, dt.datetime.now(dt.UTC))
        except ValueError as error:
            print(f"trellis logs: --since: {error}", file=sys.stderr)
            return WRONG_INPUT
        read = log_lines.follow if arguments.follow else log_lines.lines
        for line in read(groups, access, start, arguments.filter):
            print(line, flush=arguments.follow)
        return OK

    return signed_in(arguments, work)
