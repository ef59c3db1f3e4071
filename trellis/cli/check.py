"""`trellis check`: the policy pack's verdict on a stack, a recording, or any Pulumi project."""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trellis.cli.beside import add_all, beside, every_stack, misused, report_clashes
from trellis.cli.options import (
    FAILED,
    OK,
    WRONG_INPUT,
    add_stack,
    fitted,
    print_document,
    recorded,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policies.guardrails.facts import ResourceFacts
    from policies.guardrails.outcomes import Finding, Report
    from policies.guardrails.settings import Settings
    from trellis.planner.recording import Recording
    from trellis.stackfile.reading import StackInput

FORMATS = ("text", "json", "sarif", "junit", "html")


class UnusableInputError(Exception):
    """A file that can't be judged; the text says which, what was found and what is allowed."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage]
    """Declare the command."""
    parser = subparsers.add_parser(
        "check",
        help="judge a stack with the policy pack",
        description="Judges a stack as `pulumi preview --policy-pack policies` would, and what a "
        "preview leaves open as the update will, on simulated ids. With "
        "--recording, judges a document instead: `trellis plan --json`, `pulumi preview --json` "
        "or `pulumi stack export` of any Pulumi project.",
    )
    add_stack(parser, optional=True)
    add_all(parser)
    parser.add_argument("--recording", type=Path, metavar="FILE", help="document to judge; - reads")
    parser.add_argument("--format", choices=FORMATS, default="text", help="of the report")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the report goes")
    parser.add_argument(
        "--controls",
        type=Path,
        metavar="FILE",
        help="levels and parameters of controls, and exemptions: the JSON file that the engine "
        "takes as --policy-pack-config (docs/policies.md)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Judge and report; 1 when something mandatory failed or the run is not sound."""
    from policies.guardrails.reports import WRITERS
    from trellis.planner.evidence import evidence
    from trellis.planner.verdicts import judged

    by_stack = arguments.stack is not None or arguments.all
    if by_stack == bool(arguments.recording):
        print(
            "trellis check: give a STACK, --all, or --recording FILE, and not both",
            file=sys.stderr,
        )
        return WRONG_INPUT
    wrong = misused(arguments, "check") if by_stack else OK
    if wrong:
        return wrong
    if arguments.all:
        return _all(arguments)
    try:
        settings, exemptions = _configuration(arguments.controls)
        recording = None if arguments.stack is None else recorded(arguments, complete=True)
        facts = _facts(arguments.recording) if recording is None else evidence(recording)
    except UnusableInputError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    if recording is not None and recording.unknown_types:
        types = ", ".join(recording.unknown_types)
        print(f"What AWS would return is not known here for {types}", file=sys.stderr)
    report = judged(
        facts,
        None
        if recording is None
        else lambda: evidence(recorded(arguments, "deployed", complete=True)),
        settings=settings,
        exemptions=exemptions,
    )
    if recording is not None:
        for warning in recording.warnings:
            print(f"warning: {warning}", file=sys.stderr)
        _print_supposed(recording)
        report = _placed(report, recording, arguments)
    text = WRITERS[arguments.format](report)
    text = text if text.endswith("\n") else f"{text}\n"
    if arguments.output is not None:
        write(arguments.output, text, parents=False)
    elif arguments.format == "text":
        print(fitted(text), end="")
    else:
        print_document(text)
    project: Path = arguments.project
    clashing = recording is not None and beside(project, recording, arguments.config_file)
    return OK if report.passed and not clashing else FAILED


def _all(arguments: argparse.Namespace) -> int:
    """Each stack's report, then what two of them cannot both have."""
    from policies.guardrails.reports import WRITERS
    from policies.guardrails.run import analyse
    from trellis.planner.evidence import evidence

    if arguments.format != "text" or arguments.output is not None:
        print("trellis check: --all prints text; --format and --output are for one STACK",
              file=sys.stderr)  # fmt: skip
        return WRONG_INPUT
    try:
        settings, exemptions = _configuration(arguments.controls)
    except UnusableInputError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    recordings = every_stack(arguments.project, complete=True)
    passed = True
    for recording in recordings:
        report = analyse(
            evidence(recording),
            today=dt.datetime.now(dt.UTC).date(),
            settings=settings,
            exemptions=exemptions,
        )
        one = argparse.Namespace(**{**vars(arguments), "stack": recording.stack})
        print(f"{recording.project} · {recording.stack}")
        _print_supposed(recording)
        print(fitted(WRITERS["text"](_placed(report, recording, one))))
        passed = passed and report.passed
    clashing = report_clashes(recordings)
    return OK if passed and not clashing else FAILED


def _print_supposed(recording: Recording) -> None:
    if recording.supposed:
        from trellis.planner.recording import not_there_yet

        print(not_there_yet(recording.supposed, "judged"), file=sys.stderr)


def _placed(report: Report, recording: Recording, arguments: argparse.Namespace) -> Report:
    """The report with places in the stack file, whose name starts from where the command runs."""
    from trellis.planner.places import placed
    from trellis.stackfile.loading import read_stack
    from trellis.stackfile.resolution import resolve

    files = read_stack(arguments.project, arguments.stack, arguments.config_file)
    found = placed(report, recording, resolve(files.config, files).layers)
    return dataclasses.replace(
        found, findings=tuple(_from_here(finding, files) for finding in found.findings)
    )


def _from_here(finding: Finding, files: StackInput) -> Finding:
    place = finding.place
    if place is None:
        return finding
    for file in (files.file, files.project.file):
        whole = file.resolve()
        if whole.name == Path(place.file).name and whole.is_relative_to(Path.cwd()):
            name = whole.relative_to(Path.cwd()).as_posix()
            return dataclasses.replace(finding, place=dataclasses.replace(place, file=name))
    return finding


def _facts(file: Path) -> list[ResourceFacts]:
    from policies.guardrails.adapters.documents import UnreadableDocumentError, facts_of

    try:
        return facts_of(_json(file))
    except UnreadableDocumentError as error:
        raise UnusableInputError(f"{file}: {error}") from None


def _configuration(file: Path | None) -> tuple[Settings | None, Sequence[Mapping[str, object]]]:
    """The levels and parameters of a file, and its exemptions: the pack's own configuration."""
    if file is None:
        return None, ()
    from policies.guardrails.catalog import CONTROLS
    from policies.guardrails.settings import configured, levels_of, read

    document = _json(file)
    chosen, exemptions, problems = configured(document)
    settings, wrong = read(chosen, CONTROLS)
    by_severity, of_levels = levels_of(document)
    found = (*problems, *wrong, *of_levels)
    if found:
        raise UnusableInputError("\n".join(f"{file}: {problem.text}" for problem in found))
    return dataclasses.replace(settings, by_severity=by_severity), exemptions


def _json(file: Path) -> Any:
    try:
        # Some shells begin what they write to a file with a mark of its encoding.
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UnusableInputError(f"{file} can't be read: {reason}") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnusableInputError(f"{file} is not JSON: {error}") from None
