"""The pack without Trellis and without an engine: a preview or an export in, a report out."""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from . import settings
from .adapters.documents import UnreadableDocumentError, facts_of
from .baseline import against, baseline_text, json_of, read_baseline, text_of
from .catalog import CONTROLS
from .outcomes import Report
from .reports import WRITERS
from .run import analyse


def command() -> int:
    """The command of the pack's own wheel: in a project that is not Trellis's, severity decides."""
    return main(sys.argv[1:], levels="auto")


def main(arguments: Sequence[str], levels: str = "house") -> int:
    """Print the report. 0 when it passed, 1 when not, 2 when the input cannot be read.

    ``levels`` is what decides the levels where neither an option nor the configuration says it.
    """
    parser = argparse.ArgumentParser(
        prog="guardrails",
        description="Judge a Pulumi project by what `pulumi preview --json` or `pulumi stack "
        "export` wrote. Nothing is deployed, and no credentials are used.",
    )
    parser.add_argument(
        "documents", nargs="+", metavar="document", help="the file, or - for standard input"
    )
    parser.add_argument("--format", choices=sorted(WRITERS), default="text")
    parser.add_argument("--config", help="the pack's configuration: a JSON file with `guardrails`")
    parser.add_argument("--today", help="judge exemptions as of this day (YYYY-MM-DD)")
    parser.add_argument(
        "--levels",
        choices=tuple(settings.LEVELS),
        help="house: each control's own level; severity: critical and high stop, the rest advises; "
        f"auto: house for a stack made from a stack file, else severity (default: {levels})",
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
        if len(chosen.documents) > 1 and (chosen.format != "text" or chosen.write_baseline):
            raise ValueError("give one document, but for a report as text")
        worst = max(
            _judge(chosen, document, levels, named=len(chosen.documents) > 1)
            for document in chosen.documents
        )
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`head`, a pager) has gone; nothing is wrong.
        sys.stderr.close()
        return 0
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.filename is None:
            # What is kept for the output can't go anywhere at the end either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.stderr.write(f"standard output can't be written: {error.strerror}\n")
            return 2
        sys.stderr.write(f"{error}\n")
        return 2
    return worst


def _judge(chosen: argparse.Namespace, document: str, levels: str, *, named: bool) -> int:
    """Judge one document; ``named``: its name stands above its report."""
    if (chosen.write_baseline is None) != (chosen.until is None):
        raise ValueError("--write-baseline and --until go together: what is accepted, until when")
    day = dt.date.fromisoformat(chosen.today) if chosen.today else _today()
    report = _report(document, chosen.config, day, chosen.levels, levels)
    if chosen.write_baseline is not None:
        text = baseline_text(report, dt.date.fromisoformat(chosen.until))
        Path(chosen.write_baseline).write_text(text, encoding="utf-8")
        return 0
    if chosen.baseline is not None:
        report = against(report, read_baseline(Path(chosen.baseline)), day)
    heading = f"== {document}\n" if named else ""
    sys.stdout.write(heading + WRITERS[chosen.format](report))
    return 0 if report.passed else 1


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _report(
    document: str, config: str | None, day: dt.date, levels: str | None, otherwise: str
) -> Report:
    chosen = _config(config)
    controls, exemptions, problems = settings.configured(chosen)
    read, wrong = settings.read(controls, CONTROLS)
    by_severity, of_levels = settings.levels_of(chosen, otherwise)
    if levels is not None:
        by_severity = settings.LEVELS[levels]
    found = analyse(
        facts_of(_parsed(document)),
        today=day,
        settings=replace(read, by_severity=by_severity),
        exemptions=exemptions,
    )
    return replace(found, problems=(*problems, *wrong, *of_levels, *found.problems))


def _parsed(document: str) -> object:
    text = sys.stdin.read() if document == "-" else text_of(Path(document))
    try:
        return json_of(text)
    except ValueError as error:
        raise UnreadableDocumentError(
            f"{document}: {error}; give the output of "
            "`pulumi preview --json` or of `pulumi stack export`"
        ) from None


def _config(path: str | None) -> object:
    if path is None:
        return None
    text = text_of(Path(path))
    try:
        return json_of(text)
    except ValueError as error:
        raise ValueError(f"{path}: {error}; see docs/policies.md") from None
