"""The `trellis` command: one module a subcommand, each with `add` and `run`."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence

from trellis.cli import check, dashboard, explain, lookup, plan, schema
from trellis.cli.options import OK, WRONG_INPUT

GARBAGE_THRESHOLD = 200_000
"""Allocations between two looks for garbage (Python's own default is 700)."""

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
    for command in (plan, check, explain, lookup, schema, dashboard):
        command.add(subparsers)
    chosen = parser.parse_args(arguments)
    # The AWS SDK makes millions of objects that stay: looking through them for garbage every few
    # hundred allocations takes a good part of a plan's time.
    gc.set_threshold(GARBAGE_THRESHOLD)
    try:
        return chosen.run(chosen)
    except BrokenPipeError:
        # The reader (`head`, a pager) has gone; nothing is wrong.
        sys.stderr.close()
        return OK
    except Exception as error:
        if not _is_users_mistake(error):
            raise
        print(error, file=sys.stderr)
        return WRONG_INPUT


def _is_users_mistake(error: Exception) -> bool:
    """Whether it is what a program raises to be read by its user, as Pulumi itself has it.

    Pulumi is not imported for this: `trellis --help` would wait half a second for it.
    """
    return any(
        each.__name__ == "RunError" and each.__module__ == "pulumi.errors"
        for each in type(error).__mro__
    )


if __name__ == "__main__":
    sys.exit(main())
