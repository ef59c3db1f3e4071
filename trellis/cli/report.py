"""`trellis report STACK`: one page for whoever reviews a stack."""

from __future__ import annotations

import argparse
from pathlib import Path

from trellis.cli.options import OK, add_stack, write


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "report",
        help="write one page for a review: plan, diagram, price, verdicts, reach",
        description="Writes one self-contained HTML page: summary, diagram, plan, price, verdicts "
        "with exemptions, alarms and whom they call, who reaches what, outputs. It asks for "
        "nothing, works without its script, and prints.",
    )
    add_stack(parser)
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="default: build/report-STACK.html"
    )
    parser.add_argument(
        "--icons",
        type=Path,
        metavar="FOLDER",
        help="your own copy of AWS's icons, instead of Trellis's glyphs",
    )
    parser.add_argument(
        "--no-savings", action="store_true", help="do not plan again to find what would save most"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan, read and write."""
    from trellis.diagram.icons import icons
    from trellis.price.pricing import StackFolder
    from trellis.report.content import content
    from trellis.report.page import page

    taken = icons(arguments.icons) if arguments.icons is not None else None
    where = StackFolder(arguments.project, arguments.stack, arguments.config_file)
    found = content(where, with_savings=not arguments.no_savings)
    target: Path = arguments.output or Path("build") / f"report-{found.plan.stack}.html"
    write(target, page(found, taken))
    print(target)
    return OK
