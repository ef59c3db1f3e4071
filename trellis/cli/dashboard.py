"""`trellis dashboard STACK`: pictures of a stack's dashboards as CloudWatch would lay them out."""

from __future__ import annotations

import argparse
from pathlib import Path

from trellis.cli.options import add_stack, recorded, write


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser("dashboard", help="draw the dashboards of a stack")
    add_stack(parser)
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("build/dashboards"),
        help="folder for the SVG files (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Record the program as deployed and draw every dashboard of it."""
    from trellis.planner.dashboard import dashboards, picture

    recording = recorded(arguments, "deployed", complete=True)
    folder: Path = arguments.output
    for name, body in dashboards(recording).items():
        path = folder / f"{name}.svg"
        write(path, picture(name, body))
        print(path)
    return 0
