"""The pack without Trellis and without an engine: a preview or an export in, a report out."""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from . import settings
from .adapters.documents import UnreadableDocumentError, facts_of
from .baseline import against, baseline_text, read_baseline
from .catalog import CONTROLS
from .outcomes import Problem, Report
from .reports import WRITERS
from .run import analyse


def main(arguments: Sequence[str]) -> int:
    """Print the report. 0 when it passed, 1 when not, 2 when the input cannot be read."""
    parser = argparse.ArgumentParser(
        prog="guardrails",
        description="Judge a Pulumi project by what `pulumi preview --json` or `pulumi stack "
        "export` wrote. Nothing is deployed, and no credentials are used.",
    )
    parser.add_argument("document", help="the file, or - for standard input")
    parser.add_argument("--format", choices=sorted(WRITERS), default="text")
    parser.add_argument("--config", help="the pack's configuration: a JSON file with `guardrails`")
    parser.add_argument("--today", help="judge exemptions as of this day (YYYY-MM-DD)")
    parser.add_argument(
        "--levels",
        choices=("house", "severity"),
        default="house",
        help="house: each control's own level; severity: critical and high stop, the rest advises",
    )
    parser.add_argument(
        "--baseline", metavar="FILE", help="accept what this file lists, for a while"
    )
    parser.add_argument(
        "--write-baseline",
        metavar="FILE",
        help="write what fails now, to be accepted --until a day",
    )
    parser.add_argument("--until", metavar="DATE", help="last day of the baseline that is written")
    chosen = parser.parse_args(arguments)
    try:
        if (chosen.write_baseline is None) != (chosen.until is None):
            raise ValueError(
                "--write-baseline and --until go together: what is accepted, until when"
            )
        day = dt.date.fromisoformat(chosen.today) if chosen.today else _today()
        report = _report(chosen.document, chosen.config, day, chosen.levels == "severity")
        if chosen.write_baseline is not None:
            text = baseline_text(report, dt.date.fromisoformat(chosen.until))
            Path(chosen.write_baseline).write_text(text, encoding="utf-8")
            return 0
        if chosen.baseline is not None:
            report = against(report, read_baseline(Path(chosen.baseline)), day)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(WRITERS[chosen.format](report))
    return 0 if report.passed else 1


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _report(document: str, config: str | None, day: dt.date, by_severity: bool) -> Report:
    controls, exemptions, problems = _config(config)
    read, wrong = settings.read(controls, CONTROLS)
    read = replace(read, by_severity=by_severity)
    found = analyse(
        facts_of(_parsed(document)),
        today=day,
        settings=read,
        exemptions=exemptions,
    )
    return replace(found, problems=(*problems, *wrong, *found.problems))


def _parsed(document: str) -> object:
    text = sys.stdin.read() if document == "-" else Path(document).read_text(encoding="utf-8-sig")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableDocumentError(
            f"{document}: not JSON (line {error.lineno}); give the output of "
            "`pulumi preview --json` or of `pulumi stack export`"
        ) from None


def _config(
    path: str | None,
) -> tuple[object, tuple[Mapping[str, object], ...], list[Problem]]:
    if path is None:
        return None, (), []
    try:
        parsed: object = json.loads(Path(path).read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: not JSON (line {error.lineno}); see docs/policies.md") from None
    return settings.configured(parsed)
