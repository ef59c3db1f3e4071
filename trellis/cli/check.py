"""`trellis check`: the policy pack's verdict on a stack, a recording, or any Pulumi project."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trellis.cli.options import FAILED, OK, WRONG_INPUT, add_stack

if TYPE_CHECKING:
    from policies.guardrails.facts import ResourceFacts
    from policies.guardrails.settings import Settings

FORMATS = ("text", "json", "sarif", "junit", "html")


class UnusableInputError(Exception):
    """A file that can't be judged; the text says which, what was found and what is allowed."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "check",
        help="judge a stack with the policy pack",
        description="Judges a stack as `pulumi preview --policy-pack policies` would. With "
        "--recording, judges a document instead: `trellis plan --json`, `pulumi preview --json` "
        "or `pulumi stack export` of any Pulumi project.",
    )
    add_stack(parser, optional=True)
    parser.add_argument("--recording", type=Path, metavar="FILE", help="document to judge; - reads")
    parser.add_argument("--format", choices=FORMATS, default="text", help="of the report")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the report goes")
    parser.add_argument(
        "--controls",
        type=Path,
        metavar="FILE",
        help="levels and parameters of controls, as JSON (docs/policies.md)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Judge and report; 1 when something mandatory failed or the run is not sound."""
    from policies.guardrails.reports import WRITERS
    from policies.guardrails.run import analyse

    if (arguments.recording is None) == (arguments.stack is None):
        print("trellis check: give a STACK, or --recording FILE, and not both", file=sys.stderr)
        return WRONG_INPUT
    try:
        settings = _settings(arguments.controls)
        facts = _facts(arguments)
    except UnusableInputError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    report = analyse(facts, today=dt.datetime.now(dt.UTC).date(), settings=settings)
    text = WRITERS[arguments.format](report)
    if arguments.output is not None:
        arguments.output.write_text(text)
    else:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    return OK if report.passed else FAILED


def _facts(arguments: argparse.Namespace) -> list[ResourceFacts]:
    if arguments.recording is None:
        from trellis.planner.evidence import evidence
        from trellis.planner.record import record

        return evidence(
            record(arguments.project, arguments.stack, config_file=arguments.config_file)
        )
    from policies.guardrails.adapters.documents import UnreadableDocumentError, facts_of

    document = _json(arguments.recording)
    try:
        return facts_of(document)
    except UnreadableDocumentError as error:
        raise UnusableInputError(f"{arguments.recording}: {error}") from None


def _settings(file: Path | None) -> Settings | None:
    if file is None:
        return None
    from policies.guardrails.catalog import CONTROLS
    from policies.guardrails.settings import read

    settings, problems = read(_json(file), CONTROLS)
    if problems:
        raise UnusableInputError("\n".join(f"{file}: {each.text}" for each in problems))
    return settings


def _json(file: Path) -> Any:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UnusableInputError(f"{file} can't be read: {reason}") from None
    try:
        return json.loads(text)
    except ValueError as error:
        raise UnusableInputError(f"{file} is not JSON: {error}") from None
