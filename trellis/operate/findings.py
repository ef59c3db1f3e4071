"""What a check of a running system found, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from trellis.aws_errors import is_refusal
from trellis.operate.access import AWS_ERRORS, sentence

VERSION = 1
"""Of the JSON document."""


class Status(StrEnum):
    """What a check ended with, the worst first."""

    WRONG = "wrong"
    """It will fail, or has failed."""
    WARNING = "warning"
    """It works, and not as somebody may expect."""
    UNKNOWN = "unknown"
    """It could not be looked at."""
    OK = "ok"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    check: str
    status: Status
    message: str
    remedy: str = ""
    place: str = ""
    """File, line and setting of the stack file."""


Answered = Iterable[Finding]
Asked = TypeVar("Asked")


@dataclass(frozen=True)
class Check(Generic[Asked]):
    """One subject that is looked at."""

    name: str
    run: Callable[[Asked], Answered]


def found(checks: Sequence[Check[Asked]], asked: Asked) -> list[Finding]:
    """What the checks find; one that AWS refuses says so, and the others go on."""
    findings: list[Finding] = []
    for check in checks:
        try:
            for finding in check.run(asked):
                findings.append(finding)
        except AWS_ERRORS as error:
            findings.append(unknown(check.name, error))
    return findings


def unknown(check: str, error: BaseException) -> Finding:
    """A check that AWS did not answer."""
    remedy = "ask somebody who may, or allow it" if is_refusal(error) else "run the command again"
    return Finding(check, Status.UNKNOWN, f"not looked at: {sentence(error)}", remedy)


def failed(findings: Iterable[Finding], *, strict: bool = False) -> bool:
    """Whether something is wrong.

    Args:
        strict: what could not be looked at is wrong too.
    """
    bad = {Status.WRONG, Status.UNKNOWN} if strict else {Status.WRONG}
    return any(finding.status in bad for finding in findings)


MARKS: Mapping[Status, str] = {
    Status.OK: "ok     ",
    Status.WARNING: "warning",
    Status.UNKNOWN: "unknown",
    Status.WRONG: "WRONG  ",
}


def as_text(title: str, findings: Sequence[Finding]) -> str:
    """The verdict first, then every finding in the order of the checks."""
    counts = {status: sum(finding.status is status for finding in findings) for status in Status}
    verdict = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    lines = [f"{title}: {verdict or 'nothing to look at'}"]
    for finding in findings:
        lines.append(f"{MARKS[finding.status]} {finding.check}: {finding.message}")
        if finding.place:
            lines.append(f"        {finding.place}")
        if finding.remedy:
            lines.append(f"        do: {finding.remedy}")
    return "\n".join(lines)


NAMES = {"message": "said"}
"""Fields that the JSON calls otherwise; programs read it."""


def as_json(command: str, stack: str, findings: Sequence[Finding]) -> str:
    """The findings for a program."""
    document = {
        "version": VERSION,
        "command": command,
        "stack": stack,
        "findings": [
            {NAMES.get(name, name): value for name, value in asdict(finding).items()}
            for finding in findings
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
