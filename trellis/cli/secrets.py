"""`trellis secrets status|set|rotate STACK [SECRET]`: which have a value, and giving them one."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import sys
from typing import TYPE_CHECKING

from trellis.cli.operating import print_findings, signed_in
from trellis.cli.options import OK, WRONG_INPUT, add_project

if TYPE_CHECKING:
    from trellis.operate.access import Access
    from trellis.operate.system import System


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "secrets",
        help="which secrets have a value, and giving them one",
        description="`status` tells of every secret whether it has a value and when it was "
        "rotated. `set` gives one the value that is typed at a prompt or comes by standard input, "
        "never by an argument. `rotate` has AWS make a new one.",
    )
    parser.add_argument("action", choices=("status", "set", "rotate"))
    parser.add_argument("stack", metavar="STACK", help="as in Pulumi.STACK.yaml")
    parser.add_argument("secret", metavar="SECRET", nargs="?", help="its key in the stack file")
    add_project(parser)
    parser.add_argument("--json", action="store_true", help="`status` as JSON")
    parser.add_argument(
        "--strict",
        action="store_true",
        help="`status` fails too where something could not be looked at",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show, set or rotate."""
    action = arguments.action
    if (arguments.secret is None) != (action == "status"):
        wanted = "no SECRET" if action == "status" else "a SECRET"
        print(f"trellis secrets {action}: give {wanted}", file=sys.stderr)
        return WRONG_INPUT
    for option in ("json", "strict"):
        if getattr(arguments, option) and action != "status":
            print(f"trellis secrets {action}: --{option} is for `status`", file=sys.stderr)
            return WRONG_INPUT

    def work(system: System, access: Access) -> int:
        from trellis.operate import secret_values
        from trellis.operate.findings import Check, found
        from trellis.operate.planned import Planned

        if action == "status":
            now = dt.datetime.now(dt.UTC)
            check = Check[Planned](
                secret_values.CHECK, lambda asked: secret_values.secret_findings(asked, now)
            )
            return print_findings(arguments, found([check], Planned(system, access)))
        secret = secret_values.chosen(system, arguments.secret)
        try:
            if action == "set":
                secret_values.refuse_made_by_aws(secret)
                value = _value(secret.name)
                if not value:
                    print("trellis secrets set: the value is empty", file=sys.stderr)
                    return WRONG_INPUT
                secret_values.put(secret, value, access)
                print(f"{secret.name} has a new value; tasks read it when they start")
            else:
                secret_values.rotate(secret, access)
                print(f"{secret.name} is being rotated")
        except secret_values.NotForPeopleError as error:
            print(f"trellis secrets {action}: {error}", file=sys.stderr)
            return WRONG_INPUT
        return OK

    return signed_in(arguments, work)


def _value(name: str) -> str:
    """What is typed without echo, or all of standard input less the line's end."""
    if sys.stdin.isatty():
        return getpass.getpass(f"value of {name}: ")
    return sys.stdin.read().removesuffix("\n").removesuffix("\r")
