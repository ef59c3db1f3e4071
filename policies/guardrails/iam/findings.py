"""What an analysis of policy documents says: pass, fail or unknown, with the reason and place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """How one check of one document or role ended."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Location:
    """One statement: the policy's label, the statement's index from 0 and its Sid if any.

    `index` is None where the whole policy is meant (an unseen managed policy, say).
    """

    policy: str
    index: int | None = None
    sid: str | None = None

    def __str__(self) -> str:
        if self.index is None:
            return self.policy
        sid = f" ({self.sid})" if self.sid else ""
        return f"{self.policy} statement {self.index}{sid}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result: which check, how it ended, why, where, and what to do about it.

    `reason` never quotes an unknown or secret value; it names actions, resources and principals.
    """

    check: str
    outcome: Outcome
    reason: str
    locations: tuple[Location, ...] = ()
    remedy: str = ""

    def __str__(self) -> str:
        places = ", ".join(str(place) for place in self.locations)
        return f"{self.outcome.value}: {self.reason}" + (f" [{places}]" if places else "")


def overall(findings: Iterable[Finding]) -> Outcome:
    """FAIL if one failed, else UNKNOWN if one is unknown, else PASS."""
    outcome = Outcome.PASS
    for finding in findings:
        if finding.outcome is Outcome.FAIL:
            return Outcome.FAIL
        if finding.outcome is Outcome.UNKNOWN:
            outcome = Outcome.UNKNOWN
    return outcome


def settled(check: str, findings: Iterable[Finding], nothing_found: str) -> tuple[Finding, ...]:
    """The findings, or one PASS that says `nothing_found` when there are none."""
    found = tuple(findings)
    return found or (Finding(check, Outcome.PASS, nothing_found),)
