"""`trellis deployment STACK SERVICE`: what a service's deployment does, and a person's answer."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from trellis.cli.operating import signed_in
from trellis.cli.options import OK, add_stack

if TYPE_CHECKING:
    from trellis.operate.access import Access
    from trellis.operate.system import System


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "deployment",
        help="show a service's deployment, let it go on or take it back",
        description="Shows the newest deployment of a service: its state, its share of the "
        "traffic, and whether it waits for a person (`deployment.pauses`).",
    )
    add_stack(parser)
    parser.add_argument("service", metavar="SERVICE", help="its key in the stack file")
    answers = parser.add_mutually_exclusive_group()
    answers.add_argument(
        "--continue",
        dest="answer",
        action="store_const",
        const="continue",
        help="let it go on where it waits",
    )
    answers.add_argument(
        "--rollback",
        dest="answer",
        action="store_const",
        const="rollback",
        help="take it back to the former version, whether it waits or not",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show, or answer."""

    def work(system: System, access: Access) -> int:
        from trellis.operate import deployments

        found = deployments.newest(system.service(arguments.service), access)
        if arguments.answer is not None:
            print(deployments.answer(found, arguments.answer, access))
            return OK
        print("\n".join(deployments.lines(found)))
        return OK

    return signed_in(arguments, work)
