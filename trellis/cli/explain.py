"""`trellis explain STACK [PATH]`: what a setting is and where it came from."""

from __future__ import annotations

import argparse
from pathlib import Path

from trellis.cli.options import add_stack


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "explain",
        help="say what a setting is and where it came from",
        description="With a path, one setting: its value, the file and line (or the profile, or "
        "the default) it came from, what lost against it, and what is allowed. Without one, every "
        "value of the stack with its source.",
    )
    add_stack(parser)
    parser.add_argument(
        "path", nargs="?", metavar="PATH", help="as in services.backend.scaling.max"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the explanation."""
    print(explain(arguments.project, arguments.stack, arguments.path, arguments.config_file))
    return 0


def explain(
    project: Path, stack: str, path: str | None = None, config_file: Path | None = None
) -> str:
    """What a stack's settings are and where they came from.

    Args:
        project: folder of `Pulumi.yaml`.
        path: one setting, as in `network.zones`; every one when left out.

    Raises:
        StackFileError: the stack is wrong, or has no such setting.
    """
    from trellis.stackfile.explaining import explained, parsed, whole
    from trellis.stackfile.loading import read_stack, resolve
    from trellis.stackfile.problems import StackFileError

    files = read_stack(project, stack, config_file)
    resolution = resolve(files.config, files)
    if resolution.problems:
        raise StackFileError(resolution.problems)
    return whole(resolution) if path is None else explained(resolution, parsed(path))
