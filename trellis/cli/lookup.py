"""`trellis lookup STACK`: asks AWS for what a plan cannot know, into a file to commit."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from trellis.cli.options import add_stack, write


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "lookup",
        help="ask AWS for what a plan cannot know",
        description="Reads the account, its zones, the network to live in, this stack's subnets, "
        "hosted zones, which image each tag is (in ECR, and in registries that ask for no "
        "password), and which secrets have a value (never the value), with your AWS credentials, "
        "and writes trellis.STACK.context.json beside the stack file. Commit it. Nothing in AWS is "
        "changed.",
    )
    add_stack(parser)
    parser.add_argument(
        "--registry",
        action="append",
        default=[],
        metavar="HOST=ADDRESS",
        help="where the API of a registry is, if not at the host in the names of its images",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the context file, print its name, and what tasks will wait for."""
    file, missing = lookup(
        arguments.project,
        arguments.stack,
        arguments.config_file,
        addresses_of(arguments.registry),
    )
    print(file)
    for line in missing:
        print(f"not there yet: {line}", file=sys.stderr)
    return 0


def addresses_of(pairs: Sequence[str]) -> dict[str, str]:
    """Where the APIs of registries are, by host.

    Raises:
        StackFileError: one is not `HOST=ADDRESS`.
    """
    from trellis.stackfile.problems import Problem, StackFileError
    from trellis.stackfile.registries import address

    found: dict[str, str] = {}
    for pair in pairs:
        host, _, rest = pair.partition("=")
        try:
            found[host] = address(rest)
        except ValueError as error:
            problem = Problem((), f"--registry {pair}", f"HOST=ADDRESS, an address as {error}")
            raise StackFileError([problem], subject="the lookup met") from None
    return found


def lookup(
    project: Path,
    stack: str,
    config_file: Path | None = None,
    registries: Mapping[str, str] | None = None,
) -> tuple[Path, tuple[str, ...]]:
    """Looks a stack's context up and writes it beside the stack file.

    Args:
        registries: where the API of a registry is, if not at its host.

    Returns:
        The file written; and images and secrets that were not there.

    Raises:
        StackFileError: the stack file is wrong, there are no credentials, or the network to live
            in is not found; an earlier file stays as it was.
    """
    import boto3

    from trellis.stackfile.context import context_file, context_text
    from trellis.stackfile.loading import read_stack
    from trellis.stackfile.looking_up import look_up
    from trellis.stackfile.problems import StackFileError
    from trellis.stackfile.resolution import resolve
    from trellis.tiers.lookups import wanted_of

    files = read_stack(project, stack, config_file)
    resolution = resolve(files.config, files)
    if resolution.settings is None or resolution.problems:
        raise StackFileError(resolution.problems)
    settings = resolution.built
    wanted = wanted_of(settings)
    found = look_up(
        settings, files.stack, wanted, boto3.Session, datetime.now(UTC).date(), registries
    )
    target = context_file(files.file, files.stack)
    write(target, context_text(found))
    return target, wanted.missing(found)
