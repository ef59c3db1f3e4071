"""`trellis environment NAME --like STACK`: the file of a stack that is there for a while."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from trellis.cli.options import OK, WRONG_INPUT, add_project, write

if TYPE_CHECKING:
    from trellis.stackfile.loading import StackInput

DAYS = 7


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "environment",
        help="write the file of a stack that is there for a while, like another one",
        description="Writes Pulumi.NAME.yaml like the file of another stack, with a last day, the "
        "profile `development`, and NAME in every physical name and as a label of every host "
        "below the other's zones, in which it makes its records. Its own file is written again; "
        "another's never is. What would not load is told, and not written.",
    )
    parser.add_argument("name", metavar="NAME", help="of the stack and its environment, as in pr-7")
    parser.add_argument("--like", metavar="STACK", required=True, help="the stack it is like")
    parser.add_argument(
        "--days", type=int, default=DAYS, metavar="N", help=f"until its last day (default: {DAYS})"
    )
    add_project(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make, check and write."""
    from trellis.stackfile.loading import load, read_stack, resolve, using
    from trellis.stackfile.problems import StackFileError
    from trellis.stackfile.project import shown
    from trellis.start.short_lived import UnfitError, refuse_name, text_of

    if arguments.config_file is not None or arguments.days < 0:
        print(
            "trellis environment: --config-file has no effect here: --like names the stack"
            if arguments.config_file is not None
            else "trellis environment: --days takes 0 (today) or more",
            file=sys.stderr,
        )
        return WRONG_INPUT
    files = read_stack(arguments.project, arguments.like)
    resolution = resolve(files.config, files)
    if resolution.settings is None or resolution.problems:
        raise StackFileError(resolution.problems)
    try:
        refuse_name(arguments.name, _environments(arguments.project, arguments.name))
    except UnfitError as error:
        print(f"trellis environment: {error}", file=sys.stderr)
        return WRONG_INPUT
    end = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=arguments.days)
    text = text_of(
        files.file.read_text(encoding="utf-8"),
        shown(files.file), resolution.data, arguments.name, end,
    )  # fmt: skip
    target = files.file.parent / f"Pulumi.{arguments.name}{files.file.suffix}"
    with tempfile.TemporaryDirectory(prefix="trellis-environment-") as held:
        draft = Path(held) / target.name
        draft.write_text(text, encoding="utf-8")
        tried = read_stack(arguments.project, arguments.name, draft)
        with using(tried):
            load(tried.config)
    write(target, text)
    _write_context(files, arguments.name)
    print(f"{target.name}: like {arguments.like}, until {end.isoformat()}")
    return OK


def _environments(project: Path, name: str) -> dict[str, str]:
    """The environments of the project's other stacks."""
    from trellis.stackfile.loading import read_stack, resolve
    from trellis.stackfile.project import stacks_of

    found: dict[str, str] = {}
    for stack in stacks_of(project):
        files = read_stack(project, stack)
        data = resolve(files.config, files).data
        # Its own file of before has an end; one without is not this command's to write.
        if stack != name or "expires" not in data:
            found[stack] = str(data.get("environment", stack))
    return found


def _write_context(files: StackInput, name: str) -> None:
    """What was looked up of the other stack, less what is its own: subnets and secrets."""
    from trellis.stackfile.context import context_file, context_text, read_context

    known = read_context(context_file(files.file, files.stack))
    own = known.model_copy(update={"subnets": {}, "secrets": ()})
    if own.model_dump(exclude_defaults=True):
        write(context_file(files.file, name), context_text(own))
