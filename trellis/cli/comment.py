"""`trellis comment STACK`: what an edit does to a stack, as the comment on its pull request."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trellis.cli.options import OK, WRONG_INPUT, add_stack, print_document, write

if TYPE_CHECKING:
    from trellis.review.comment import Reviewed
    from trellis.review.rights import Rights

REVISION = "git:"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "comment",
        help="write the comment on a pull request",
        description="Says as Markdown what an edit does to a stack: replaced and deleted things by "
        "name and data first, ways in from everywhere, controls, grants and prices that are new. "
        "One comment a stack: a hidden marker on its first line says which. Nothing is contacted.",
    )
    add_stack(parser)
    parser.add_argument(
        "--against",
        metavar="git:REF",
        default="git:HEAD",
        help="the commit that is compared with (default: git:HEAD)",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it to a file")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan both sides, compare and write."""
    from trellis.compare.documents import UnreadableError
    from trellis.review.comment import comment

    if not arguments.against.startswith(REVISION):
        print("trellis comment: --against takes git: and a commit", file=sys.stderr)
        return WRONG_INPUT
    try:
        with contextlib.redirect_stdout(sys.stderr):
            found = _reviewed(arguments)
    except UnreadableError as error:
        print(f"trellis comment: {error}", file=sys.stderr)
        return WRONG_INPUT
    body = comment(found)
    if arguments.output is not None:
        write(arguments.output, body)
    else:
        print_document(body)
    return OK


def _reviewed(arguments: argparse.Namespace) -> Reviewed:
    from trellis.compare.sides import former, written
    from trellis.compare.steps import steps
    from trellis.compare.verdict import judge
    from trellis.price.against import against
    from trellis.price.document import document
    from trellis.price.pricing import StackFolder, price_of
    from trellis.reach.matrix import matrix
    from trellis.review.comment import Reviewed
    from trellis.review.fingerprint import fingerprint

    where = StackFolder(arguments.project, arguments.stack, arguments.config_file)
    today = dt.datetime.now(dt.UTC).date()
    now = written(arguments.project, arguments.stack, arguments.config_file)
    with former(arguments.against, *_stack(arguments)) as then:
        sides = [
            ({resource.urn: resource for resource in s.side.recording}, s.resolution)
            for s in (then, now)
        ]
        recording = now.side.recording
        verdict = judge(
            steps(then.side, now.side), *sides, stack=(recording.project, recording.stack),
            today=today,
        )  # fmt: skip
        before, after = (
            matrix(
                s.side.recording,
                s.resolution.layers if s.resolution else None,
                s.resolution.settings if s.resolution else None,
            )
            for s in (then, now)
        )
    price = against(where, arguments.against, document(price_of(where)), free_tier=False)
    return Reviewed(
        verdict, before, after, price, _commit(arguments.project),
        fingerprint(recording, now.side.folder)["whole"], today, _rights(arguments),
    )  # fmt: skip


def _rights(arguments: argparse.Namespace) -> Rights | None:
    """How the committed roles stand to the plan; None where there are none."""
    from trellis.cli.roles import derived, read_roles
    from trellis.review.rights import Rights, rights_of
    from trellis.roles.roles import NoRolesError, file_of
    from trellis.roles.statements import TooLongError

    file = file_of(arguments.project, arguments.stack)
    chosen = argparse.Namespace(
        **vars(arguments) | {"environments": None, "state": None, "state_key": None}
    )
    try:
        committed = read_roles(file)
        if committed is None:
            return None
        now = derived(chosen, committed).ready()
        return rights_of(_before(arguments, file), committed, now)
    except (NoRolesError, TooLongError) as error:
        return Rights(arguments.stack, problem=str(error))


def _before(arguments: argparse.Namespace, file: Path) -> dict[str, Any] | None:
    """The roles as they were committed before the edit; None where they were not, or are other
    than this Trellis reads."""
    from trellis.cli.roles import read_roles
    from trellis.roles.roles import NoRolesError

    ref = arguments.against.removeprefix(REVISION)
    command = ["git", "-C", str(file.parent), "show", f"{ref}:./{file.name}"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        return None
    with tempfile.TemporaryDirectory(prefix="trellis-comment-") as folder:
        there = Path(folder) / file.name
        there.write_bytes(done.stdout)
        try:
            return read_roles(there)
        except NoRolesError:
            return None


def _stack(arguments: argparse.Namespace) -> tuple[Path, str, Path | None]:
    return arguments.project, arguments.stack, arguments.config_file


def _commit(project: Path) -> str:
    command = ["git", "-C", str(project), "rev-parse", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
