"""`trellis diagnose STACK`: why the last deployment failed, and where the stack file says so."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trellis.cli.operating import print_findings, signed_in
from trellis.cli.options import WRONG_INPUT, add_stack

if TYPE_CHECKING:
    from trellis.operate.access import Access
    from trellis.operate.system import System


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "diagnose",
        help="say why the last deployment failed",
        description="Reads the engine's events (`pulumi up --json > FILE`) and what ECS knows: "
        "the newest deployment of each service, tasks that ended in the last hour, and events "
        "since it was last steady. Each with its line of the stack file and what to look at.",
    )
    add_stack(parser)
    parser.add_argument("--events", type=Path, metavar="FILE", help="what `pulumi up --json` wrote")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look and report; 1 where something failed."""
    from trellis.operate import diagnose

    try:
        failed = [] if arguments.events is None else diagnose.failures(arguments.events)
    except diagnose.UnreadableEventsError as error:
        print(f"trellis diagnose: {error}", file=sys.stderr)
        return WRONG_INPUT

    def work(system: System, access: Access) -> int:
        from trellis.operate.planned import Planned

        findings = [*diagnose.engine_findings(system, failed)]
        findings += diagnose.examine(Planned(system, access))
        return print_findings(arguments, findings)

    return signed_in(arguments, work)
