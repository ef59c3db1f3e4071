"""The result of an analysis: one outcome for each control and resource, and what it adds up to."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from .control import Control, Level, Outcome


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stack file says what a finding is about: file, line from 1, and the setting."""

    file: str
    line: int
    setting: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.setting}" if self.setting else where


@dataclass(frozen=True, slots=True)
class Finding:
    """How one control ended for one resource (``urn`` empty: for the stack as a whole).

    ``place`` is known to a runner that has read the stack file; the engine hands on none.
    ``simulated``: it rests on ids and ARNs that a simulation made up.
    """

    control: Control
    outcome: Outcome
    level: Level
    urn: str = ""
    resource: str = ""
    resource_type: str = ""
    found: str = ""
    reason: str = ""
    place: Place | None = None
    simulated: bool = False

    @property
    def blocks(self) -> bool:
        """Whether it stops a deployment."""
        return self.outcome is Outcome.FAIL and self.level is Level.MANDATORY

    def message(self) -> str:
        """One line for a person: which control, what was found, what to do. Never a value."""
        subject = f"{self.resource} " if self.resource else ""
        return (
            f"[{self.control.id}] {subject}{self.found or self.control.title}. "
            f"Stack file: {self.control.fix.stack}. Pulumi: {self.control.fix.code}. "
            f"See {self.control.link}"
        )


def alike_ones(failed: Iterable[Finding]) -> list[list[Finding]]:
    """Findings that differ only in their resource, together; the mandatory ones first."""
    groups: dict[tuple[str, str, Level], list[Finding]] = {}
    for finding in failed:
        groups.setdefault((finding.control.id, finding.found, finding.level), []).append(finding)
    return sorted(groups.values(), key=lambda alike: alike[0].level is not Level.MANDATORY)


# A terminal's line, less what the engine puts before it.
COLUMNS: Final = 100


def advice_lines(alike: Sequence[Finding], ours: bool) -> str:
    """Findings that are alike as lines for the engine, each at most 100 columns wide.

    ``ours``: the stack is made from a stack file, so that its settings are told as well.
    """
    first = alike[0]
    names = ", ".join(finding.resource for finding in alike if finding.resource)
    control = first.control
    paragraphs = [
        f"[{control.id}] {names + ': ' if names else ''}{first.found or control.title}.",
        *([f"Stack file: {control.fix.stack}"] if ours else []),
        f"Pulumi: {control.fix.code}",
        control.link,
    ]
    return "\n".join(
        textwrap.fill(
            paragraph,
            COLUMNS,
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for paragraph in paragraphs
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the run itself: a control that raised, an exemption that is not valid."""

    kind: str
    text: str
    fails: bool = True


@dataclass(frozen=True)
class Report:
    """All findings of one analysis, in the order of the catalogue, and the run's own problems."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = field(default=())
    ours: bool = True
    """Whether the stack is made from a stack file, so that its settings are worth telling."""

    @property
    def passed(self) -> bool:
        """Whether nothing mandatory failed and the run itself is sound."""
        return not any(finding.blocks for finding in self.findings) and not any(
            problem.fails for problem in self.problems
        )

    @cached_property
    def counts(self) -> dict[Outcome, int]:
        """How many findings ended in each outcome."""
        counted = Counter(finding.outcome for finding in self.findings)
        return {outcome: counted.get(outcome, 0) for outcome in Outcome}

    def with_outcome(self, *outcomes: Outcome) -> tuple[Finding, ...]:
        """The findings that ended in one of these."""
        return tuple(one for one in self.findings if one.outcome in outcomes)

    def verdicts(self) -> dict[tuple[str, str], Outcome]:
        """The outcome by control id and URN: what two runners must agree on."""
        return {(one.control.id, one.urn): one.outcome for one in self.findings}


def merged(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems, each once, in order."""
    return tuple(dict.fromkeys(problems))
