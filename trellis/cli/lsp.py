"""`trellis lsp`: a language server for stack files, which an editor starts."""

from __future__ import annotations

import argparse
import importlib.util
import sys

from trellis.cli.options import OK, WRONG_INPUT

LIBRARY = "pygls"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "lsp",
        help="a language server for stack files, which an editor starts",
        description="Speaks the Language Server Protocol on standard input and output: errors, "
        "completion, meaning and provenance of settings, and price and verdicts of what is saved. "
        "How an editor is told of it: docs/editors.md. Needs `trellis[lsp]`.",
    )
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Serve until the editor says it is enough."""
    if importlib.util.find_spec(LIBRARY) is None:
        print("trellis lsp: install `trellis[lsp]`, which brings pygls", file=sys.stderr)
        return WRONG_INPUT
    from trellis.lsp.server import made

    output = sys.stdout.buffer
    sys.stdout = sys.stderr  # standard output is the protocol's
    made().start_io(sys.stdin.buffer, output)
    return OK
