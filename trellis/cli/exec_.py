"""`trellis exec STACK SERVICE`: a recorded shell in a task."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from trellis.cli.operating import signed_in
from trellis.cli.options import FAILED, add_stack

if TYPE_CHECKING:
    from trellis.operate.access import Access
    from trellis.operate.system import System


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "exec",
        help="open a recorded shell in a task of a service",
        description="Opens a session in the newest task of a service with `exec: true`, by ECS "
        "Exec; it is written to the cluster's log. It needs AWS's session-manager-plugin.",
    )
    add_stack(parser)
    parser.add_argument("service", metavar="SERVICE", help="its key in the stack file")
    parser.add_argument("--container", metavar="NAME", help="default: the main one")
    parser.add_argument("--command", dest="words", metavar="COMMAND", default="/bin/sh")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open it; the session's own exit code."""

    def work(system: System, access: Access) -> int:
        from trellis.operate import sessions

        service = system.service(arguments.service)
        try:
            return sessions.shell(
                service, arguments.words, arguments.container, access, sessions.started
            )
        except sessions.NoSessionError as error:
            print(f"trellis exec: {error}", file=sys.stderr)
            return FAILED

    return signed_in(arguments, work)
