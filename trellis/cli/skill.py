"""`trellis skill`: what an agent that changes stack files should know, for this very version."""

from __future__ import annotations

import argparse
from pathlib import Path

from trellis.cli.options import OK, print_document

FILE = Path(__file__).parents[1] / "skill" / "SKILL.md"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "skill",
        help="how an agent works on stack files, as an agent skill (SKILL.md)",
        description="Prints the agent skill of this version; --path prints where its folder is, to "
        "be copied or linked to where agents look for skills.",
    )
    parser.add_argument("--path", action="store_true", help="print the folder instead")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    print_document(f"{FILE.parent}\n" if arguments.path else FILE.read_text(encoding="utf-8"))
    return OK
