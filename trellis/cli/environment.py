"""`trellis environment NAME --like STACK`: the file of a stack that is there for a while."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from trellis.cli.options import OK, WRONG_INPUT, add_project, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trellis.compare.claims import Clash
    from trellis.stackfile.loading import StackInput
    from trellis.stackfile.resolution import Resolution

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
    parser.add_argument(
        "--comment", type=Path, metavar="FILE", help="write what a pull request is told, too"
    )
    add_project(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make, check and write."""
    from trellis.compare.claims import clashes
    from trellis.planner.record import record
    from trellis.stackfile.expiry_checks import LONGEST_DAYS
    from trellis.stackfile.loading import load, read_stack, resolve, using
    from trellis.stackfile.problems import StackFileError
    from trellis.stackfile.project import shown
    from trellis.start.short_lived import UnfitError, comment, hosts_of, kept, refuse_name, text_of
    from trellis.tiers.images import repositories_made

    if arguments.config_file is not None or not 0 <= arguments.days <= LONGEST_DAYS:
        print(
            "trellis environment: --config-file has no effect here: --like names the stack"
            if arguments.config_file is not None
            else f"trellis environment: --days {arguments.days}: 0 (today) to {LONGEST_DAYS}; what "
            "stays longer is an environment without an end",
            file=sys.stderr,
        )
        return WRONG_INPUT
    files = read_stack(arguments.project, arguments.like)
    resolution = resolve(files.config, files)
    if resolution.settings is None or resolution.problems:
        raise StackFileError(resolution.problems)
    try:
        refuse_name(arguments.name, environments_of(arguments.project, arguments.name))
    except UnfitError as error:
        print(f"trellis environment: {error}", file=sys.stderr)
        return WRONG_INPUT
    end = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=arguments.days)
    text = text_of(
        files.file.read_text(encoding="utf-8"),
        shown(files.file),
        resolution.data,
        arguments.name,
        end,
        repositories_made(resolution.built),
        resolution.profiled,
    )
    target = files.file.parent / f"Pulumi.{arguments.name}{files.file.suffix}"
    if target.is_file():
        text = kept(text, target.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="trellis-environment-") as held:
        draft = Path(held) / target.name
        draft.write_text(text, encoding="utf-8")
        tried = read_stack(arguments.project, arguments.name, draft)
        write_context(files, draft, arguments.name)
        with using(tried):
            load(tried.config)
        with contextlib.redirect_stdout(sys.stderr):
            both = [
                record(arguments.project, arguments.like, complete=True),
                record(arguments.project, arguments.name, config_file=draft, complete=True),
            ]
    found = clashes(both)
    same = [clash for clash in found if not clash.raised]
    if same:
        print(
            f"trellis environment: {arguments.name} and {arguments.like} can't stand beside each "
            "other:",
            *(line for clash in same for line in (str(clash), *_written(clash, resolution))),
            sep="\n", file=sys.stderr,
        )  # fmt: skip
        return WRONG_INPUT
    if found:
        # An account may have more than AWS gives at first.
        print("trellis environment: both together need more than AWS gives an account at first:",
              *found, sep="\n", file=sys.stderr)  # fmt: skip
    write(target, text)
    write_context(files, target, arguments.name)
    if arguments.comment is not None:
        write(arguments.comment, comment(arguments.name, arguments.like, end, hosts_of(both[1])))
    print(f"{target.name}: like {arguments.like}, until {end.isoformat()}")
    return OK


def _written(clash: Clash, resolution: Resolution) -> Iterator[str]:
    """Where the stack file says the name that both would have."""
    from trellis.stackfile.findings import locate
    from trellis.stackfile.problems import dotted
    from trellis.stackfile.tree import leaves

    words = {word.strip(",") for word in clash.message.split()}
    for path, value in leaves(resolution.data):
        if path != ("region",) and isinstance(value, str) and value in words:
            place = locate(resolution.layers, path)
            yield f"  in       {place}: {dotted(path)}, where the environment does not stand"


def environments_of(project: Path, name: str) -> dict[str, str]:
    """The environments of the project's stacks that last, and of others beside NAME's own."""
    from trellis.stackfile.loading import read_stack, resolve
    from trellis.stackfile.project import stacks_of
    from trellis.start.short_lived import is_engines_alone

    found: dict[str, str] = {}
    for stack in stacks_of(project):
        files = read_stack(project, stack)
        if stack == name and is_engines_alone(files.file.read_text(encoding="utf-8")):
            continue
        data = resolve(files.config, files).data
        # Its own file of before has an end; one without is not this command's to write.
        if stack != name or "expires" not in data:
            found[stack] = str(data.get("environment", stack))
    return found


def write_context(files: StackInput, file: Path, name: str) -> None:
    """What was looked up of the other stack, less what is its own: subnets and secrets.

    Args:
        files: the other stack's.
        file: the new stack's file, beside which it comes.
    """
    from trellis.stackfile.context import context_file, context_text, read_context

    known = read_context(context_file(files.file, files.stack))
    own = known.model_copy(update={"subnets": {}, "secrets": ()})
    if own.model_dump(exclude_defaults=True):
        write(context_file(file, name), context_text(own))
