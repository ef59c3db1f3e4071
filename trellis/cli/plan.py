"""`trellis plan STACK`: what a stack file would be on AWS, without an account or an engine."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from typing import TYPE_CHECKING

from trellis.cli.beside import add_all, every_stack, misused, report_clashes
from trellis.cli.options import (
    FAILED,
    OK,
    add_stack,
    colours_wanted,
    fitted,
    print_document,
    recorded,
    terminal_width,
)

if TYPE_CHECKING:
    from trellis.planner.recording import Recording


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser("plan", help="show what a stack would be on AWS")
    add_stack(parser, optional=True)
    add_all(parser)
    parser.add_argument("--json", action="store_true", help="as JSON (docs/plan-json.md)")
    parser.add_argument("--full", action="store_true", help="with every input of every resource")
    parser.add_argument(
        "--complete",
        action="store_true",
        help="as if every image were pushed and every secret had its value, so that nothing waits",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Record the program and print it."""
    from trellis.planner.recording import not_there_yet
    from trellis.planner.text import Page, coloured, plain, render

    wrong = misused(arguments, "plan")
    if wrong:
        return wrong
    if arguments.all:
        return _all(arguments)
    recording = recorded(arguments, complete=arguments.complete)
    if arguments.json:
        print_document(json.dumps(recording.as_json(), indent=2, ensure_ascii=False) + "\n")
        return 0
    page = Page(
        paint=coloured if colours_wanted() else plain,
        width=None if arguments.full else terminal_width(),
        full=arguments.full,
    )
    print("\n".join(render(recording, page)))
    if recording.supposed:
        print(fitted(f"\n{not_there_yet(recording.supposed, 'shown')}"))
    print(fitted(_price(arguments, recording)))
    return 0


def _all(arguments: argparse.Namespace) -> int:
    """One line a stack, then what two of them cannot both have."""
    from trellis.compare.claims import clashes
    from trellis.planner.tree import tree

    recordings = every_stack(arguments.project, complete=arguments.complete)
    if arguments.json:
        document = {
            "version": 1,
            "stacks": [recording.as_json() for recording in recordings],
            "clashes": [
                {"stacks": list(clash.stacks), "said": clash.message, "hint": clash.hint}
                for clash in clashes(recordings)
            ],
        }
        print_document(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        for recording in recordings:
            account = recording.account or "no account named"
            print(
                f"{recording.project} · {recording.stack} · {recording.region} · {account}: "
                f"{tree(recording).count} resources"
            )
    return FAILED if report_clashes(recordings) else OK


def _price(arguments: argparse.Namespace, recording: Recording) -> str:
    """What the plan would cost a month, and what one should know of that before deploying."""
    from trellis.price.budgets import verdicts
    from trellis.price.pricing import StackFolder, price_of
    from trellis.price.support import sunsets
    from trellis.price.text import footer

    where = StackFolder(arguments.project, arguments.stack, arguments.config_file)
    priced = price_of(where, recording)
    today = dt.datetime.now(dt.UTC).date()
    budgets = verdicts(recording, priced.estimate.usd, today)
    return "\n".join(["", *footer(priced, budgets, sunsets(recording, today))])
