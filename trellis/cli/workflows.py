"""`trellis workflows STACK ...`: the workflows that plan, comment and deploy, for a repository."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trellis.cli.options import FAILED, OK, WRONG_INPUT, write


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "workflows",
        help="write the workflows that plan, comment and deploy",
        description="Writes workflows for GitHub, or a pipeline for GitLab: every action pinned by "
        "hash, least permissions, no credential that lasts. The stacks are deployed in the order "
        "in which they are named. Files that differ from what would be written are not "
        "overwritten without --force.",
    )
    parser.add_argument("stacks", metavar="STACK", nargs="+", help="in the order of deployment")
    parser.add_argument("--into", type=Path, default=Path(), metavar="DIR", help="(default: here)")
    parser.add_argument("--gitlab", action="store_true", help="for GitLab instead of GitHub")
    parser.add_argument("--branch", default="main", metavar="NAME", help="(default: main)")
    parser.add_argument("--force", action="store_true", help="overwrite files that differ")
    parser.add_argument(
        "--check", action="store_true", help="only say whether the files are so; 1 where not"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Render, and write or compare."""
    from trellis.workflows.render import NoWorkflowsError, Repository, github, gitlab

    repository = Repository(tuple(arguments.stacks), branch=arguments.branch)
    try:
        rendered = gitlab(repository) if arguments.gitlab else github(repository)
    except NoWorkflowsError as error:
        print(f"trellis workflows: {error}", file=sys.stderr)
        return WRONG_INPUT
    differ = [name for name, text in rendered.items() if not _is(arguments.into / name, text)]
    if arguments.check:
        for name in differ:
            print(f"{name} is not what `trellis workflows` writes")
        return FAILED if differ else OK
    theirs = [name for name in differ if (arguments.into / name).exists()]
    if theirs and not arguments.force:
        print(
            f"trellis workflows: {', '.join(theirs)} differ; --force overwrites them",
            file=sys.stderr,
        )
        return WRONG_INPUT
    for name, text in rendered.items():
        write(arguments.into / name, text)
        print(f"wrote {arguments.into / name}")
    return OK


def _is(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text
