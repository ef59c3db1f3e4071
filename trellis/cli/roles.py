"""`trellis roles STACK`: the roles of its delivery, derived from the plan."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import re
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trellis.cli.options import (
    FAILED,
    OK,
    WRONG_INPUT,
    add_stack,
    fitted,
    print_document,
    write,
)

if TYPE_CHECKING:
    from components.naming import Naming
    from trellis.planner.recording import Recording
    from trellis.roles.roles import Roles, State


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "roles",
        help="derive the roles that deploy a stack",
        description="Derives from the plan what the roles of a stack's delivery may do: `deploy` "
        "(the engine), `drift` (a refresh that changes nothing), `service` (push images, register "
        "tasks, update services), `site` (fill sites and invalidate them), and the permission "
        "boundary of the roles that the stack makes. A preview has no role: a plan asks AWS "
        "nothing. Where the stack file names no boundary the roles are shown and that is said; "
        "they are written once it does. Ends with 1 where --diff finds the committed file to be "
        "other than the plan, or --check something that a policy does not allow.",
    )
    add_stack(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="as JSON (docs/delivery.md)")
    what.add_argument(
        "--explain",
        metavar="ACTION",
        nargs="?",
        const="",
        help="which resources ask for which action of the deployment; of one action or service",
    )
    what.add_argument(
        "--diff", action="store_true", help="what the committed file lacks or has too much"
    )
    what.add_argument(
        "--write", action="store_true", help="write trellis.STACK.roles.json, to be committed"
    )
    what.add_argument(
        "--check",
        metavar="FILE",
        type=Path,
        help="name what a policy document (or a list of them, or a file of --write) does not allow "
        "of a deployment; ends with 1 where that is something",
    )
    parser.add_argument(
        "--environments",
        metavar="PREFIX",
        help="one role that makes and destroys all stacks PREFIX-1, PREFIX-2, ... which "
        "`trellis environment` makes like STACK",
    )
    parser.add_argument(
        "--state",
        metavar="BUCKET",
        help="bucket of the engine's state (default: the committed file's, else none)",
    )
    parser.add_argument("--state-key", metavar="ARN", help="key that the state is encrypted with")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Derive, and print, write or compare."""
    from trellis.roles.difference import difference, explained, text
    from trellis.roles.roles import NoRolesError, file_of
    from trellis.roles.statements import TooLongError

    if arguments.check is not None:
        return _check(arguments)

    file = file_of(arguments.project, arguments.environments or arguments.stack)
    try:
        committed = read_roles(file)
        like = (committed or {}).get("like")
        if like is not None and arguments.environments is None:
            # The committed file says itself what it was derived of.
            arguments.environments, arguments.stack = arguments.stack, like
        with _one_of(arguments) as chosen:
            found = derived(chosen, committed)
            document = (found.ready() if arguments.write or arguments.diff else found).as_json()
    except (NoRolesError, TooLongError) as error:
        print(f"trellis roles: {error}", file=sys.stderr)
        return WRONG_INPUT
    if arguments.diff:
        lines = difference(committed, document, file)
        print(fitted("\n".join(lines)))
        return FAILED if committed != document else OK
    if arguments.write:
        write(file, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
        print(f"wrote {file}")
    elif arguments.json:
        print_document(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    elif arguments.explain is not None:
        lines = explained(found, arguments.explain)
        if not lines:
            print(f"trellis roles: nothing asks for {arguments.explain}", file=sys.stderr)
            return WRONG_INPUT
        print(fitted("\n".join(lines)))
    else:
        print(fitted("\n".join(text(found))))
    lacks = found.lacks()
    if lacks is not None:
        print(f"trellis roles: {lacks}. Until then --write refuses.", file=sys.stderr)
    return OK


def _check(arguments: argparse.Namespace) -> int:
    """Hold a policy that somebody wrote against what a deployment asks for."""
    from trellis.roles.asks import Asking
    from trellis.roles.lacking import NoPolicyError, lacking, lines_of, policies_in
    from trellis.roles.roles import NoRolesError, file_of, where

    try:
        documents = policies_in(arguments.check)
        committed = read_roles(file_of(arguments.project, arguments.stack))
        deployed, naming, partition = _planned(arguments)
        place = where(deployed, naming, partition)
        asks = Asking(deployed, place, _state(arguments, committed)).all()
    except (NoPolicyError, NoRolesError) as error:
        print(f"trellis roles: {error}", file=sys.stderr)
        return WRONG_INPUT
    lacks = lacking(asks, documents)
    print(fitted("\n".join(lines_of(lacks, len(asks)))))
    return FAILED if lacks else OK


@contextlib.contextmanager
def _one_of(arguments: argparse.Namespace) -> Generator[argparse.Namespace]:
    """The command line; for stacks that are there for a while, with one of them as its stack."""
    from trellis.cli.environment import environments_of, write_context
    from trellis.roles.family import NUMBER
    from trellis.roles.roles import NoRolesError
    from trellis.stackfile.loading import read_stack
    from trellis.stackfile.problems import StackFileError
    from trellis.stackfile.project import shown
    from trellis.stackfile.resolution import resolve
    from trellis.start.short_lived import text_of
    from trellis.tiers.images import repositories_made

    prefix = arguments.environments
    if prefix is None:
        yield arguments
        return
    if not re.fullmatch(r"[a-z][a-z0-9]{0,11}", prefix):
        raise NoRolesError(f"--environments {prefix}: a lower-case letter, then letters and digits")
    files = read_stack(arguments.project, arguments.stack, arguments.config_file)
    resolution = resolve(files.config, files)
    if resolution.settings is None or resolution.problems:
        raise StackFileError(resolution.problems)
    for other, environment in environments_of(arguments.project, f"{prefix}-{NUMBER}").items():
        is_one = re.fullmatch(rf"{prefix}-\d+", environment)
        if not is_one and f"{environment}-".startswith(f"{prefix}-"):
            raise NoRolesError(
                f"the stack {other} (environment {environment}) has a name as such stacks have: "
                "their role would reach it; give one of them another name"
            )
    name, end = f"{prefix}-{NUMBER}", dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    own, made = files.file.read_text(encoding="utf-8"), repositories_made(resolution.built)
    text = text_of(own, shown(files.file), resolution.data, name, end, made)
    with tempfile.TemporaryDirectory(prefix="trellis-roles-") as held:
        draft = Path(held) / f"Pulumi.{name}.yaml"
        draft.write_text(text, encoding="utf-8")
        write_context(files, draft, name)
        chosen = vars(arguments) | {"stack": name, "config_file": draft, "like": arguments.stack}
        yield argparse.Namespace(**chosen)


def derived(arguments: argparse.Namespace, committed: dict[str, Any] | None) -> Roles:
    """The roles of a stack, or of those that are there for a while.

    Args:
        committed: the file that says where the state is, where the command line does not.

    Raises:
        NoRolesError: the stack file names no account.
        TooLongError: a role fits in no policies that AWS takes.
    """
    from trellis.cli.options import recorded
    from trellis.roles.family import opened
    from trellis.roles.roles import derive

    deployed, naming, partition = _planned(arguments)
    prefix, state = arguments.environments, _state(arguments, committed)
    found = derive(
        lambda mode: deployed if mode == "deployed" else recorded(arguments, complete=True),
        naming,
        partition,
        # The state of such stacks is a part of the bucket alone.
        None if prefix is not None else state,
        prefix,
    )
    return found if prefix is None else opened(found, prefix, arguments.like, state)


def _planned(arguments: argparse.Namespace) -> tuple[Recording, Naming, str]:
    """The stack as deployed, what its names begin with, and the partition it is in."""
    from components.parts.regions import partition_of
    from trellis.cli.options import recorded
    from trellis.stackfile.adopting import naming_of
    from trellis.stackfile.loading import read_stack
    from trellis.stackfile.problems import StackFileError
    from trellis.stackfile.resolution import resolve

    files = read_stack(arguments.project, arguments.stack, arguments.config_file)
    resolution = resolve(files.config, files)
    # The recording says first what is wrong with a stack file.
    # What waits for an image or a value today is deployed by the same role tomorrow.
    deployed = recorded(arguments, "deployed", complete=True)
    settings = resolution.settings
    if settings is None:
        raise StackFileError(resolution.problems)
    return deployed, naming_of(settings), partition_of(settings.region)


def _state(arguments: argparse.Namespace, committed: dict[str, Any] | None) -> State | None:
    from trellis.roles.roles import NoRolesError, State

    if arguments.state is not None:
        return State(arguments.state, arguments.state_key)
    if arguments.state_key is not None:
        raise NoRolesError("--state-key without --state: name the bucket too")
    known = (committed or {}).get("state")
    return State(known["bucket"], known["keyArn"]) if known else None


def read_roles(file: Path) -> dict[str, Any] | None:
    """The committed file; None where there is none.

    Raises:
        NoRolesError: it is something else.
    """
    from trellis.roles.roles import NoRolesError

    if not file.is_file():
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return {**found, "roles": dict(found["roles"])}
    except (ValueError, RecursionError, KeyError, TypeError, OSError) as error:
        raise NoRolesError(
            f"{file} is not what `trellis roles --write` writes ({error}); delete it and write it "
            "again"
        ) from None
