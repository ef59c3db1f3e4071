"""`trellis compare STACK`: what an edit does to what is deployed; no account, no engine."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from trellis.cli.options import (
    DATA_LOST,
    FAILED,
    OK,
    WRONG_INPUT,
    add_stack,
    fitted,
    print_document,
)

if TYPE_CHECKING:
    from trellis.compare.verdict import Verdict

DEFAULT = "git:HEAD"
"""What an edit is compared with where nothing is named: what is committed."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "compare",
        help="say what an edit does to what is deployed",
        description="Says what an edit creates, changes in place, replaces and deletes, what data "
        "goes with it, which addresses move, and which line of the stack file did it. Nothing is "
        "contacted. Ends with 3 where data would be lost and the stack file does not agree to it "
        "(mayBeLost), with 1 where the update would stop half-way or leave something out.",
    )
    add_stack(parser)
    parser.add_argument(
        "--against",
        metavar="WHAT",
        help="what is deployed: a former stack file, git:REF, or the file that `pulumi stack "
        f"export` wrote (default: {DEFAULT})",
    )
    parser.add_argument(
        "--preview",
        type=Path,
        metavar="FILE",
        help="judge the engine's own steps instead: what `pulumi preview --json` wrote",
    )
    parser.add_argument("--json", action="store_true", help="as JSON (docs/compare-json.md)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compare and report; 3 where data would be lost that nobody agreed to lose."""
    from trellis.compare.documents import UnreadableError
    from trellis.compare.report import as_json, text

    if arguments.preview is not None and arguments.against is not None:
        print("trellis compare: give --against or --preview, not both", file=sys.stderr)
        return WRONG_INPUT
    try:
        verdict = _previewed(arguments) if arguments.preview else _compared(arguments)
    except UnreadableError as error:
        print(f"trellis compare: {error}", file=sys.stderr)
        return WRONG_INPUT
    if arguments.json:
        print_document(json.dumps(as_json(verdict), indent=2, ensure_ascii=False) + "\n")
    else:
        print(fitted("\n".join(text(verdict))))
    if not verdict.sound:
        return DATA_LOST
    return FAILED if verdict.stops or verdict.undone else OK


def _compared(arguments: argparse.Namespace) -> Verdict:
    # What a program prints goes to standard error: standard output is the command's.
    with contextlib.redirect_stdout(sys.stderr):
        return _judged(arguments)


def _judged(arguments: argparse.Namespace) -> Verdict:
    from trellis.compare.sides import former, written
    from trellis.compare.steps import steps
    from trellis.compare.verdict import judge

    now = written(arguments.project, arguments.stack, arguments.config_file)
    against = arguments.against or DEFAULT
    with former(against, arguments.project, arguments.stack, arguments.config_file) as then:
        _same_account(then.side.recording.account, now.side.recording.account)
        found = steps(then.side, now.side)
        verdict = judge(
            found,
            ({resource.urn: resource for resource in then.side.recording}, then.resolution),
            ({resource.urn: resource for resource in now.side.recording}, now.resolution),
            stack=(now.side.recording.project, now.side.recording.stack),
            today=_today(),
        )
    return replace(verdict, supposed=now.side.recording.supposed)


def _same_account(deployed: str | None, named: str | None) -> None:
    from trellis.compare.documents import UnreadableError

    if deployed and named and deployed != named:
        raise UnreadableError(
            f"account: found {named}, where {deployed} has what is deployed; allowed: the same (a "
            "stack stays in its account; in another one it is another stack)"
        )


def _previewed(arguments: argparse.Namespace) -> Verdict:
    from trellis.compare.documents import previewed
    from trellis.compare.verdict import judge
    from trellis.stackfile.loading import read_stack
    from trellis.stackfile.resolution import resolve

    files = read_stack(arguments.project, arguments.stack, arguments.config_file)
    resolution = resolve(files.config, files)
    _, found, resources = previewed(arguments.preview)
    return judge(
        found,
        (resources, None),
        (resources, resolution),
        stack=(files.project.name, files.stack),
        today=_today(),
    )


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
