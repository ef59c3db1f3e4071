"""Command-line options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

OK = 0
FAILED = 1
WRONG_INPUT = 2
"""Exit codes: fine; a control or Trellis itself failed; the stack file or command is wrong."""


def add_stack(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Which stack, and where its files are."""
    parser.add_argument(
        "stack", metavar="STACK", nargs="?" if optional else None, help="as in Pulumi.STACK.yaml"
    )
    add_project(parser)


def add_project(parser: argparse.ArgumentParser) -> None:
    """Where the files of a stack are."""
    parser.add_argument(
        "--project",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="folder of Pulumi.yaml (default: this one)",
    )
    parser.add_argument(
        "--config-file",
        type=Path,
        metavar="FILE",
        help="stack file to use instead of Pulumi.STACK.yaml",
    )
