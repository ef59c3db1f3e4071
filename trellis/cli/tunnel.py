"""`trellis tunnel STACK DATABASE`: a port of this machine that leads to a database."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from trellis.cli.operating import signed_in
from trellis.cli.options import FAILED, WRONG_INPUT, add_stack

if TYPE_CHECKING:
    from trellis.operate.access import Access
    from trellis.operate.system import System


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "tunnel",
        help="lead a port of this machine to a database",
        description="Leads a port of this machine to a database of the stack, through a running "
        "task of a service that uses it and has `exec: true`. Nothing is opened in the network. It "
        "needs AWS's session-manager-plugin and ends with Ctrl-C.",
    )
    add_stack(parser)
    parser.add_argument("database", metavar="DATABASE", help="its key in the stack file")
    parser.add_argument(
        "--port", metavar="PORT", type=int, help="of this machine (default: the database's own)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open it; the session's own exit code."""
    if arguments.port is not None and not 1 <= arguments.port <= 65_535:
        print(f"trellis tunnel: --port {arguments.port}: 1 to 65535", file=sys.stderr)
        return WRONG_INPUT

    def work(system: System, access: Access) -> int:
        from trellis.operate import sessions

        try:
            return sessions.tunnel(
                system, arguments.database, arguments.port, access, sessions.started
            )
        except sessions.NoSessionError as error:
            print(f"trellis tunnel: {error}", file=sys.stderr)
            return FAILED

    return signed_in(arguments, work)
