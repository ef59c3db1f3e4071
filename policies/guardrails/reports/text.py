"""A report as plain text: what fails first, then what waits, what is exempt, and the count."""

from collections.abc import Iterable

from ..control import Level, Outcome
from ..outcomes import Finding, Report

_LEVELS = {Level.MANDATORY: "mandatory", Level.ADVISORY: "advisory", Level.DISABLED: "disabled"}


def plain_text(report: Report) -> str:
    """The report as lines for a terminal, without colours."""
    lines: list[str] = []
    for problem in report.problems:
        lines.append(f"{'ERROR' if problem.fails else 'WARN '} {problem.text}")
    failed = sorted(
        report.with_outcome(Outcome.FAIL), key=lambda one: one.level is not Level.MANDATORY
    )
    for finding in failed:
        lines.extend(_failure(finding))
    lines.extend(_grouped("UNKNOWN until deployed", report.with_outcome(Outcome.UNKNOWN)))
    for finding in report.with_outcome(Outcome.EXEMPT):
        lines.append(f"EXEMPT  {finding.control.id} {finding.resource}: {finding.reason}")
    lines.extend(report.notes)
    lines.append(summary(report))
    return "\n".join(lines) + "\n"


def _failure(finding: Finding) -> list[str]:
    control = finding.control
    subject = finding.resource or "the stack"
    return [
        f"FAIL    {control.id} {subject}: {finding.found}",
        f"        {control.title} ({control.severity.value}, {_LEVELS[finding.level]})",
        f"        stack file: {control.fix.stack}",
        f"        pulumi:     {control.fix.code}",
        f"        {control.link}",
    ]


def _grouped(title: str, findings: Iterable[Finding]) -> list[str]:
    by_control: dict[str, list[str]] = {}
    for finding in findings:
        by_control.setdefault(finding.control.id, []).append(finding.resource or "the stack")
    lines = [f"{title}:"] if by_control else []
    lines.extend(f"  {control}: {', '.join(names)}" for control, names in by_control.items())
    return lines


def summary(report: Report) -> str:
    """One line: the verdict and the counts."""
    counts = ", ".join(f"{count} {outcome.value}" for outcome, count in report.counts.items())
    controls = len({finding.control.id for finding in report.findings})
    return f"{'PASSED' if report.passed else 'FAILED'}: {controls} controls; {counts}"
