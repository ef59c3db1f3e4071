"""The `trellis` command: one module a subcommand, each with `add` and `run`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from trellis.cli import explain, lookup, plan, schema

OK = 0
FAILED = 1
WRONG_INPUT = 2

EPILOG = """\
exit codes: 0 fine; 1 a control failed, or Trellis itself did (please report it);
2 the stack file or the command line is wrong.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="trellis",
        description="Whole AWS systems from a stack file: see them before you own them.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in (plan, explain, lookup, schema):
        command.add(subparsers)
    chosen = parser.parse_args(arguments)
    try:
        return chosen.run(chosen)
    except BrokenPipeError:
        # The reader (`head`, a pager) has gone; nothing is wrong.
        sys.stderr.close()
        return OK
    except Exception as error:
        if type(error).__name__ != "StackFileError":
            raise
        print(error, file=sys.stderr)
        return WRONG_INPUT


if __name__ == "__main__":
    sys.exit(main())
