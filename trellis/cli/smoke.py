"""`trellis smoke STACK`: whether a deployed stack does what it is for; with `--drill`, also after a
task is stopped."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from typing import TYPE_CHECKING

from trellis.cli.operating import print_findings, signed_in
from trellis.cli.options import FAILED, OK, WRONG_INPUT, add_stack

if TYPE_CHECKING:
    from trellis.operate.access import Access
    from trellis.operate.system import System


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "smoke",
        help="look whether a deployed stack works",
        description="Asks the endpoints over HTTPS as a visitor does, and the account, read only, "
        "for tasks, targets, certificates, alarms, logs, secrets and dashboards. With --drill it "
        "stops one task of a service and waits until another one runs in its place.",
    )
    add_stack(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--strict", action="store_true", help="fail too where something could not be looked at"
    )
    parser.add_argument(
        "--drill",
        metavar="SERVICE",
        help="stop one task of this service and see it recover, in ten minutes at most",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look and report, or drill; 1 where something is wrong."""

    def work(system: System, access: Access) -> int:
        from trellis.operate import drill, smoke
        from trellis.operate.planned import Planned
        from trellis.operate.probing import probe

        if arguments.drill is not None:
            try:
                recovered, message = drill.drill(system.service(arguments.drill), access)
            except drill.UnfitForDrillError as error:
                print(f"trellis smoke: {error}", file=sys.stderr)
                return WRONG_INPUT
            print(message)
            return OK if recovered else FAILED
        now = dt.datetime.now(dt.UTC)
        deployed = smoke.Deployed(Planned(system, access), now, probe)
        return print_findings(arguments, smoke.look(deployed))

    return signed_in(arguments, work)
