"""`trellis workflows [STACK ...]`: the workflows of a repository, written and kept up to date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trellis.cli.options import FAILED, OK, WRONG_INPUT, write

if TYPE_CHECKING:
    from trellis.workflows.render import Repository


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "workflows",
        help="write the workflows that plan, comment and deploy, and keep them up to date",
        description="Writes workflows for GitHub, or a pipeline for GitLab: every action pinned by "
        "hash, least permissions, no credential that lasts. The stacks are deployed in the order "
        "in which they are named. Without a STACK the files that are there say how they were "
        "written, and are brought up to date. What a person changed is not overwritten without "
        "--force.",
    )
    parser.add_argument("--into", type=Path, default=Path(), metavar="DIR", help="(default: here)")
    parser.add_argument("--force", action="store_true", help="overwrite what a person changed")
    parser.add_argument(
        "--check", action="store_true", help="only say whether the files are so; 1 where not"
    )
    _add_words(parser)
    parser.set_defaults(run=run)


def _add_words(parser: argparse.ArgumentParser) -> None:
    """What the written files repeat."""
    parser.add_argument("stacks", metavar="STACK", nargs="*", help="in the order of deployment")
    parser.add_argument("--gitlab", action="store_true", help="for GitLab instead of GitHub")
    parser.add_argument("--branch", metavar="NAME", help="that is deployed (default: main)")
    parser.add_argument(
        "--project", default=".", metavar="DIR", help="folder of Pulumi.yaml (default: the root)"
    )
    parser.add_argument("--python", metavar="VERSION", help="(default: 3.12)")
    parser.add_argument(
        "--like",
        metavar="STACK",
        help="that those of pull requests are like (default: the first)",
    )
    parser.add_argument(
        "--policies", metavar="DIR", help="of the policy pack for the engine (default: guardrails)"
    )
    parser.add_argument(
        "--install", action="append", metavar="COMMAND",
        help="a command that puts trellis on the path (default: pip)",
    )  # fmt: skip
    parser.add_argument(
        "--service", action="append", metavar="KEY=DIR",
        help="a workflow for a service's image too, from the sources in DIR; can be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="one workflow, as in ci; can be repeated"
    )


def run(arguments: argparse.Namespace) -> int:
    """Render, and write or compare."""
    from trellis.workflows.render import NoWorkflowsError
    from trellis.workflows.upkeep import DisagreementError, state_of

    try:
        rendered = _rendered(arguments)
        state = state_of(arguments.into, rendered)
    except (NoWorkflowsError, DisagreementError) as error:
        print(f"trellis workflows: {error}", file=sys.stderr)
        return WRONG_INPUT
    except (OSError, UnicodeDecodeError) as error:
        print(f"trellis workflows: {error}", file=sys.stderr)
        return WRONG_INPUT
    for name in state.kept:
        print(f"{name} is your own and stays as it is")
    if arguments.check:
        for name in state.differs:
            print(f"{name} is not what `trellis workflows` writes")
        return FAILED if state.differs else OK
    if state.changed and not arguments.force:
        print(
            f"trellis workflows: {', '.join(state.changed)}: changed or made by a person; nothing "
            "was written. --force overwrites, --only leaves files out",
            file=sys.stderr,
        )
        return WRONG_INPUT
    for name in state.differs:
        write(arguments.into / name, rendered[name])
        print(f"wrote {arguments.into / name}")
    if not state.differs:
        print("all files are up to date")
    return OK


def _rendered(arguments: argparse.Namespace) -> dict[str, str]:
    """The files, from the command line or from what the files say of themselves."""
    from trellis.workflows.render import GITHUB, GITLAB, NoWorkflowsError, github, gitlab
    from trellis.workflows.upkeep import words_of

    chosen = arguments
    if not arguments.stacks:
        names = [
            file.relative_to(arguments.into).as_posix()
            for place in (".github/workflows", ".gitlab")
            for file in sorted(arguments.into.glob(f"{place}/trellis-service-*.yml"))
        ]
        words = words_of(arguments.into, (*GITHUB.values(), *GITLAB.values(), *names))
        if words is None:
            raise NoWorkflowsError(
                "no workflow of Trellis is there: name the stacks, in the order of deployment"
            )
        chosen = _parsed(words)
    repository = _repository(chosen)
    if chosen.gitlab:
        if chosen.only:
            raise NoWorkflowsError(
                "--only goes with GitHub: GitLab has one file, and one for each service"
            )
        return gitlab(repository)
    names = tuple(chosen.only or GITHUB)
    wrong = [name for name in names if name not in GITHUB]
    if wrong:
        raise NoWorkflowsError(f"--only {wrong[0]} is none; one of {', '.join(GITHUB)}")
    return github(repository, names)


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    from trellis.workflows.render import NoWorkflowsError

    parser = argparse.ArgumentParser(exit_on_error=False, add_help=False)
    _add_words(parser)
    try:
        found, rest = parser.parse_known_args(list(words))
    except argparse.ArgumentError as error:
        raise NoWorkflowsError(f"the files were written by another Trellis: {error}") from None
    if rest:
        raise NoWorkflowsError(f"the files were written by another Trellis: {' '.join(rest)}")
    return found


def _repository(chosen: argparse.Namespace) -> Repository:
    from trellis.workflows.render import Repository

    options: dict[str, Any] = {
        name: getattr(chosen, name)
        for name in ("branch", "python", "like", "policies")
        if getattr(chosen, name) is not None
    }
    services = [word.partition("=") for word in chosen.service or ()]
    options["services"] = {key: folder for key, _, folder in services}
    if chosen.install:
        options["install"] = tuple(chosen.install)
    return Repository(tuple(chosen.stacks), project=chosen.project, **options)
