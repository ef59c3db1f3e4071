"""A report as plain text: what fails, what to consider, what waits, what is exempt, the count."""

from collections.abc import Iterable, Sequence

from ..control import Level, Outcome
from ..outcomes import Finding, Report, alike_ones

_WORDS = {Level.MANDATORY: "FAIL", Level.ADVISORY: "ADVISE", Level.DISABLED: "FAIL"}
_LEVELS = {Level.MANDATORY: "mandatory", Level.ADVISORY: "advisory", Level.DISABLED: "disabled"}


def plain_text(report: Report) -> str:
    """The report as lines for a terminal, without colours."""
    lines: list[str] = []
    for problem in report.problems:
        lines.append(f"{'ERROR' if problem.fails else 'WARN '} {problem.text}")
    for alike in alike_ones(report.with_outcome(Outcome.FAIL)):
        lines.extend(_failure(alike, report.ours))
    lines.extend(_grouped("UNKNOWN until deployed", report.with_outcome(Outcome.UNKNOWN)))
    for finding in report.with_outcome(Outcome.EXEMPT):
        subject = finding.resource or "the stack"
        lines.append(f"EXEMPT  {finding.control.id} {subject}: {finding.reason}")
    lines.extend(report.notes)
    lines.append(summary(report))
    return "\n".join(lines) + "\n"


def _failure(alike: Sequence[Finding], ours: bool) -> list[str]:
    first = alike[0]
    control = first.control
    subjects = ", ".join(finding.resource or "the stack" for finding in alike)
    places = dict.fromkeys(str(finding.place) for finding in alike if finding.place is not None)
    return [
        f"{_WORDS[first.level]:<8}{control.id} {subjects}: {first.found}",
        *(f"        {place}" for place in places),
        f"        {control.title} ({control.severity.value}, {_LEVELS[first.level]})",
        *([f"        stack file: {control.fix.stack}"] if ours else []),
        f"        pulumi:     {control.fix.code}",
        f"        {control.link}",
    ]


def _grouped(title: str, findings: Iterable[Finding]) -> list[str]:
    """By control; controls about the same resources share a line."""
    by_control: dict[str, list[str]] = {}
    for finding in findings:
        by_control.setdefault(finding.control.id, []).append(finding.resource or "the stack")
    by_resources: dict[tuple[str, ...], list[str]] = {}
    for control, names in by_control.items():
        by_resources.setdefault(tuple(sorted(names)), []).append(control)
    lines = [f"{title}:"] if by_resources else []
    lines.extend(f"  {', '.join(ids)}: {', '.join(names)}" for names, ids in by_resources.items())
    return lines


def summary(report: Report) -> str:
    """One line: the verdict and the counts, advisory failures apart."""
    advisory = sum(failed.level is Level.ADVISORY for failed in report.with_outcome(Outcome.FAIL))
    counts: list[str] = []
    for outcome, count in report.counts.items():
        if outcome is Outcome.FAIL:
            counts += [f"{count - advisory} fail", f"{advisory} to consider"]
        else:
            counts.append(f"{count} {outcome.value}")
    controls = len({finding.control.id for finding in report.findings})
    return f"{'PASSED' if report.passed else 'FAILED'}: {controls} controls; {', '.join(counts)}"
