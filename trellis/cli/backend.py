"""`trellis backend ACTION STACK`: the bucket and key of the engine's state."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import sys
from typing import TYPE_CHECKING

from trellis.cli.options import FAILED, OK, WRONG_INPUT, add_stack

if TYPE_CHECKING:
    from trellis.backend.calls import Clients
    from trellis.backend.parts import Backend

ACTIONS = {
    "create": "make what is not there, or not so; what is there stays",
    "check": "say what is not as it must be, what is locked and what is frozen",
    "unlock": "take away the locks of runs that have ended",
    "freeze": "ask that nobody deploys the stack",
    "thaw": "let it be deployed again",
}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "backend",
        help="make, check, unlock or freeze where the state is kept",
        description="The bucket and the key that keep the engine's state, for all stacks of a "
        "system in one account and region: versioned, encrypted by the key, TLS alone, closed to "
        "the public, former versions kept. Asks AWS, as whoever is signed in. "
        + " ".join(f"{name}: {what}." for name, what in ACTIONS.items())
        + " Ends with 1 where check finds something, or the stack is frozen or locked.",
    )
    parser.add_argument("action", metavar="ACTION", choices=tuple(ACTIONS), help=", ".join(ACTIONS))
    add_stack(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="with create: only say what it would do"
    )
    parser.add_argument("--reason", metavar="TEXT", help="with freeze: why")
    parser.add_argument(
        "--ended", metavar="HOST",
        help="with unlock: the machine whose runs have ended, as the lock names it",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Sign in, and do it."""
    import boto3

    from trellis.backend.calls import BackendError, connect
    from trellis.backend.parts import named
    from trellis.halfway import notes_of
    from trellis.stackfile.loading import read_stack
    from trellis.stackfile.problems import StackFileError
    from trellis.stackfile.resolution import resolve

    wrong = _misplaced(arguments)
    if wrong:
        print(f"trellis backend: {wrong}", file=sys.stderr)
        return WRONG_INPUT
    files = read_stack(arguments.project, arguments.stack, arguments.config_file)
    resolution = resolve(files.config, files)
    settings = resolution.settings
    if settings is None:
        raise StackFileError(resolution.problems)
    try:
        clients = connect(
            settings.region, settings.account, settings.provider.profile, boto3.Session
        )
        backend = named(settings.name, clients.account, settings.region)
        actions = {
            "create": _create,
            "check": _check,
            "unlock": _unlock,
            "freeze": _freeze,
            "thaw": _thaw,
        }
        return actions[arguments.action](arguments, clients, backend, files.project.name)
    except BackendError as error:
        print("\n".join((f"trellis backend: {error}", *notes_of(error))), file=sys.stderr)
        return WRONG_INPUT


def _misplaced(arguments: argparse.Namespace) -> str | None:
    """An option that the action doesn't heed, or one that it lacks."""
    for given, option, action in (
        (arguments.dry_run, "--dry-run", "create"),
        (arguments.reason, "--reason", "freeze"),
        (arguments.ended, "--ended", "unlock"),
    ):
        if given and arguments.action != action:
            return f"{option} goes with {action}, not with {arguments.action}"
    if arguments.action == "freeze" and not arguments.reason:
        return "freeze takes --reason: who finds a stack frozen wants to know why"
    return None


def _create(arguments: argparse.Namespace, clients: Clients, backend: Backend, _: str) -> int:
    from trellis.backend.parts import key_of
    from trellis.halfway import halfway

    stays = "what is set stays: give the command again, it goes on where it stopped"
    with contextlib.nullcontext() if arguments.dry_run else halfway(stays, begun=True):
        _set_parts(clients, backend, dry=arguments.dry_run)
        key = "KEY" if arguments.dry_run else key_of(clients, backend)
    print(f"pulumi login 's3://{backend.bucket}?region={clients.region}&awssdk=v2'")
    print(
        f"pulumi stack init {arguments.stack} "
        f"--secrets-provider='awskms:///{key}?region={clients.region}&awssdk=v2'"
    )
    return OK


def _set_parts(clients: Clients, backend: Backend, *, dry: bool) -> None:
    from trellis.backend.whole import PARTS

    lacking = False
    for part in PARTS:
        # What a part is a setting of may not be there yet.
        so = False if dry and lacking else part.is_so(clients, backend)
        if not so and not dry:
            part.make(clients, backend)
        outcome = "is so" if so else "would be set" if dry else "set"
        print(f"{part.name}: {outcome}; {part.why}")
        lacking = lacking or (not so and part.name in ("key", "bucket"))


def _check(arguments: argparse.Namespace, clients: Clients, backend: Backend, project: str) -> int:
    from trellis.backend.state import frozen, layout, locks
    from trellis.backend.whole import PARTS

    wrong: list[str] = []
    for part in PARTS:
        if not part.is_so(clients, backend):
            wrong.append(f"{part.name}: not so ({part.why}); `trellis backend create` sets it")
            if part.name in ("key", "bucket"):
                break
    else:
        found = layout(clients, backend)
        wrong += [found] if found else []
        wrong += [
            f"locked by {lock.who} on {lock.host}, process {lock.process}, since "
            f"{lock.since:%Y-%m-%d %H:%M}"
            for lock in locks(clients, backend, project, arguments.stack)
        ]
        stands = frozen(clients, backend, project, arguments.stack)
        wrong += [f"frozen by {stands.who} at {stands.since}: {stands.reason}"] if stands else []
    print("\n".join(wrong) or f"{backend.login}: all is as it must be")
    return FAILED if wrong else OK


def _unlock(arguments: argparse.Namespace, clients: Clients, backend: Backend, project: str) -> int:
    from trellis.backend.state import is_alive, locks, unlock

    held = locks(clients, backend, project, arguments.stack)
    if not held:
        print("nobody holds a lock")
        return OK
    now = dt.datetime.now(dt.UTC)
    for client in unlock(clients, backend, held, arguments.ended, now=now, alive=is_alive):
        print(f"took away the lock of {client.who} on {client.host}, process {client.process}")
    print(f"next: pulumi refresh --stack {arguments.stack}, which says what the run left half-made")
    return OK


def _freeze(arguments: argparse.Namespace, clients: Clients, backend: Backend, project: str) -> int:
    from trellis.backend.state import freeze

    now = dt.datetime.now(dt.UTC)
    freeze(clients, backend, project, arguments.stack, arguments.reason, now)
    print(f"{project} {arguments.stack} is frozen: `trellis backend check` fails until thawed")
    return OK


def _thaw(arguments: argparse.Namespace, clients: Clients, backend: Backend, project: str) -> int:
    from trellis.backend.state import thaw

    was = thaw(clients, backend, project, arguments.stack)
    print(f"{project} {arguments.stack} was frozen by {was.who} at {was.since}: {was.reason}")
    return OK
