"""`trellis drift STACK --preview FILE`: what on AWS is otherwise, and whose doing it is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trellis.cli.options import (
    FAILED,
    NOT_DEPLOYED,
    OK,
    WRONG_INPUT,
    add_stack,
    fitted,
    print_document,
    write,
)

if TYPE_CHECKING:
    from trellis.operate.drift import Drift
    from trellis.operate.drift_text import DriftReport


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "drift",
        help="sort what a refresh found: ours, somebody's, AWS's own",
        description="Reads what `pulumi preview --refresh --show-sames --json` or `pulumi refresh "
        "--preview-only --json` wrote, and sorts the changes: made outside the stack file (1), in "
        "the stack file and not deployed (4 where there is nothing else), or AWS's own, with the "
        "reason (0). A document of a run that failed is refused. Nothing is contacted.",
    )
    add_stack(parser)
    parser.add_argument(
        "--preview", type=Path, required=True, metavar="FILE", help="what the engine wrote"
    )
    parser.add_argument("--json", action="store_true", help="as JSON (docs/delivery.md)")
    parser.add_argument(
        "--issue", type=Path, metavar="FILE", help="write the body of the stack's issue, too"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read, sort and tell."""
    from trellis.compare.documents import UnreadableError
    from trellis.operate.drift import read
    from trellis.operate.drift_text import as_json, issue, lines

    try:
        report = _report_of(arguments, read(arguments.preview))
    except UnreadableError as error:
        print(f"trellis drift: {error}", file=sys.stderr)
        return WRONG_INPUT
    if arguments.issue is not None:
        write(arguments.issue, issue(report))
    if arguments.json:
        print_document(as_json(report))
    else:
        print(fitted("\n".join(lines(report))))
    if report.drift.of("somebody"):
        return FAILED
    return NOT_DEPLOYED if report.drift.of("ours") else OK


def _report_of(arguments: argparse.Namespace, drift: Drift) -> DriftReport:
    """The drift with the lines of the stack file.

    Raises:
        UnreadableError: it is another stack's.
        StackFileError: the stack file is wrong.
    """
    from trellis.compare.documents import UnreadableError, recorded_state
    from trellis.operate.drift_text import DriftReport
    from trellis.planner.places import owner_of
    from trellis.stackfile.findings import locate
    from trellis.stackfile.loading import read_stack
    from trellis.stackfile.problems import dotted
    from trellis.stackfile.resolution import resolve

    files = read_stack(arguments.project, arguments.stack, arguments.config_file)
    if drift.stack != files.stack.rsplit("/", 1)[-1]:
        raise UnreadableError(
            f"{arguments.preview} is of the stack {drift.stack or '(none)'}, not of {files.stack}"
        )
    layers = resolve(files.config, files).layers
    resources = {urn: recorded_state(state) for urn, state in drift.resources.items()}

    def place(urn: str) -> str:
        path = owner_of(resources.get(urn), resources, layers)
        source = locate(layers, path, key=True) if path else None
        if source is None or source.file is None:
            return ""
        return f"{source.file}:{source.line or 1} ({dotted(path)})"

    return DriftReport(drift, files.project.name, place)
