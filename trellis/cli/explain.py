"""`trellis explain [STACK] [PATH]`: what a setting is and where it came from."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from trellis.cli.options import WRONG_INPUT, add_project, fitted

DEFAULT_STACK = "dev"
"""The stack meant where none is named and there are several, as in the Makefile."""

MOST_WORDS = 2


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "explain",
        help="say what a setting is and where it came from",
        description="With a path, one setting: its value, the file and line (or the profile, or "
        "the default) it came from, what lost against it, and what is allowed. Without one, every "
        "value of the stack with its source.",
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="STACK PATH",
        help=f"a stack (default: {DEFAULT_STACK}, or the only one there is) and a path, as in "
        "services.backend.scaling.max; either may be left out",
    )
    add_project(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the explanation."""
    if len(arguments.what) > MOST_WORDS:
        print(f"trellis explain: give a stack and a path; found {arguments.what}", file=sys.stderr)
        return WRONG_INPUT
    stack, path = stack_and_path(arguments.project, arguments.what)
    print(fitted(explain(arguments.project, stack, path, arguments.config_file)))
    return 0


def stack_and_path(project: Path, words: Sequence[str]) -> tuple[str, str | None]:
    """Tell the stack from the path: a single word is a stack where there is one of that name."""
    from trellis.stackfile.project import stacks_of

    if len(words) == MOST_WORDS:
        return words[0], words[1]
    stacks = stacks_of(project)
    if words and words[0] in stacks:
        return words[0], None
    default = stacks[0] if len(stacks) == 1 else DEFAULT_STACK
    return default, words[0] if words else None


def explain(
    project: Path, stack: str, path: str | None = None, config_file: Path | None = None
) -> str:
    """What a stack's settings are and where they came from.

    Args:
        project: folder of `Pulumi.yaml`.
        path: one setting, as in `network.zones`; every one when left out.

    Raises:
        StackFileError: the stack is wrong and no setting is named, or has no such setting.
    """
    from trellis.stackfile.explaining import explained, meant, parsed, whole
    from trellis.stackfile.loading import read_stack
    from trellis.stackfile.problems import StackFileError
    from trellis.stackfile.resolution import resolve

    files = read_stack(project, stack, config_file)
    resolution = resolve(files.config, files)
    if resolution.problems:
        # What a setting may be is what whoever mends the file asks.
        lines = meant(parsed(path), resolution.data) if path is not None else []
        if not lines:
            raise StackFileError(resolution.problems)
        wrong = "no value: the stack's settings are wrong, and `trellis plan` says where"
        return "\n".join([f"{path} has {wrong}", *lines])
    return whole(resolution) if path is None else explained(resolution, parsed(path))
