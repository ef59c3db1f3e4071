"""The comment on a pull request: what an edit does to one stack, worst first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from policies.guardrails.control import Outcome
from policies.guardrails.outcomes import Finding
from policies.guardrails.run import analyse
from trellis.compare.meaning import loses, words
from trellis.compare.report import DONE, first_line
from trellis.compare.verdict import Judged, Verdict
from trellis.planner.evidence import evidence
from trellis.planner.recording import Recording
from trellis.price.against import Difference
from trellis.reach.matrix import Matrix
from trellis.review.markdown import Table, document, marker, text
from trellis.review.rights import Rights

GOES = ("replace", "delete")
GOING = ("", "Resource", "What it means", "Because of")
OUTSIDE = "internet"


@dataclass(frozen=True)
class Reviewed:
    """Everything that a comment says."""

    verdict: Verdict
    before: Matrix
    after: Matrix
    price: Difference | None
    """None where one side can't be priced."""
    commit: str
    """Of the plan; empty where there is none."""
    fingerprint: str
    today: dt.date
    rights: Rights | None = None
    """None where no roles of the stack are committed."""


def comment(found: Reviewed) -> str:
    """The comment, as Markdown of at most 60,000 characters."""
    verdict = found.verdict
    findings = _Findings(found)
    opening = [f"### {_title(verdict)}", "", *_named(verdict), *_price_line(found.price)]
    opening += found.rights.lines() if found.rights is not None else ()
    unknown = findings.undecided
    if unknown:
        opening.append(f"- Undecided: {unknown} controls rest on what only the account knows")
    if found.after.recording.supposed:
        there = "; ".join(text(fact) for fact in found.after.recording.supposed)
        opening.append(f"- Not there yet, and taken for there: {there}")
    if found.after.recording.unknown_types:
        types = ", ".join(text(type_) for type_ in found.after.recording.unknown_types)
        opening.append(f"- Not simulated, so unknown: {types}")
    tables = [
        Table("Data that would be lost", GOING, tuple(_going(verdict, data=True)), always=True),
        Table("Replaced or deleted, without data", GOING, tuple(_going(verdict, data=False))),
        Table("New ways in from everywhere", ("To", "Port", "Through", "Rule"),
              tuple(_ways(found)), always=True),
        Table("Controls that fail now and did not", ("Control", "Resource", "Found"),
              tuple(findings.rows(new=True)), always=True),
        Table("More rights of the roles that deploy", ("Role", "May", "On", "Asked by"),
              found.rights.more if found.rights is not None else ()),
        Table("New grants", ("Who", "May", "On", "Line"), tuple(_grants(found))),
        Table("Price, USD a month", ("Component", "Before", "After", "More"),
              tuple(_prices(found.price))),
        Table("Changed in place", ("Resource", "Inputs", "Because of"), tuple(_changed(verdict))),
        Table("Created", ("Resource", "Because of"), tuple(_created(verdict))),
        Table("Controls that failed and do not now", ("Control", "Resource", "Found"),
              tuple(findings.rows(new=False))),
    ]  # fmt: skip
    commit = f"commit {text(found.commit[:12])}, " if found.commit else ""
    closing = f"<sub>{commit}plan {text(found.fingerprint)}; nothing was asked of AWS</sub>"
    return document(marker("trellis", verdict.project, verdict.stack), opening, tables, closing)


def _title(verdict: Verdict) -> str:
    name, _, rest = first_line(verdict).partition(": ")
    loss = "" if verdict.sound and not verdict.stops else "🛑 "
    return f"{loss}{text(name)}: {rest}"


def _named(verdict: Verdict) -> Iterator[str]:
    """Replaced and deleted things by name, apart."""
    for operation in GOES:
        steps = [judged for judged in _sorted(verdict) if judged.step.operation == operation]
        if steps:
            names = ", ".join(_name(judged) for judged in steps[:6])
            more = f" and {len(steps) - 6} more" if len(steps) > 6 else ""
            yield f"- {DONE[operation].capitalize()}: {names}{more}"


def _sorted(verdict: Verdict) -> list[Judged]:
    """What loses data, then what the update would stop at, then the rest."""

    def weight(judged: Judged) -> tuple[bool, bool, str]:
        step = judged.step
        stops = bool(step.protected or step.taken or step.refused)
        return not loses(step), not stops, step.urn

    return sorted(verdict.judged, key=weight)


def _name(judged: Judged) -> str:
    return text(f"{judged.step.type.rsplit(':', 1)[-1]} {judged.step.name}")


def _because(judged: Judged) -> str:
    return ", ".join(text(edit) for edit in judged.edits[:2])


def _going(verdict: Verdict, *, data: bool) -> Iterator[tuple[str, ...]]:
    """What goes: with the data in it, or without any."""
    for operation in GOES:
        for judged in _sorted(verdict):
            if judged.step.operation == operation and bool(loses(judged.step)) == data:
                done = f"**{DONE[operation]}**" if data else DONE[operation]
                meaning = "; ".join(text(word) for word in words(judged.step))
                yield done, _name(judged), meaning, _because(judged)


def _changed(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    for judged in verdict.judged:
        if judged.step.operation == "update":
            tops = dict.fromkeys(path.split(".")[0] for path in judged.step.changed)
            yield _name(judged), text(", ".join(tops)), _because(judged)


def _created(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    for judged in verdict.judged:
        if judged.step.operation == "create":
            yield _name(judged), _because(judged)


def _ways(found: Reviewed) -> Iterator[tuple[str, ...]]:
    before = {(c.target, c.port, c.protocol, c.way) for c in _outside(found.before)}
    for connection in _outside(found.after):
        if (connection.target, connection.port, connection.protocol, connection.way) not in before:
            port = text(f"{connection.port}/{connection.protocol}")
            yield (
                text(connection.target),
                port,
                text(connection.way or "directly"),
                text(connection.rule),
            )


def _outside(matrix: Matrix):
    return [connection for connection in matrix.connections if connection.source == OUTSIDE]


def _grants(found: Reviewed) -> Iterator[tuple[str, ...]]:
    before = {
        (access.who, action, target)
        for access in found.before.accesses
        for action in access.actions
        for target in access.resources
    }
    rows: dict[tuple[str, str, str], dict[str, None]] = {}
    for access in found.after.accesses:
        for action in access.actions:
            if any((access.who, action, target) not in before for target in access.resources):
                rows.setdefault((access.who, access.target, access.uses), {})[action] = None
    for (who, target, uses), actions in rows.items():
        yield text(who), text(", ".join(actions)), text(target), text(uses)


def _price_line(price: Difference | None) -> Iterator[str]:
    if price is None:
        yield "- Price: one side can't be priced"
        return
    more = price.more.expected
    sign = "+" if more > 0 else ""
    unpriced = len(price.only_after)
    note = f"; {unpriced} things more are not priced" if unpriced else ""
    yield f"- Price: {sign}{_usd(more)} USD a month, {_usd(price.after.expected)} in all{note}"


def _prices(price: Difference | None) -> Iterator[tuple[str, ...]]:
    for row in price.rows if price is not None else ():
        before, after = (
            "—" if amount is None else _usd(amount.expected) for amount in (row.before, row.after)
        )
        yield text(row.component), before, after, _usd(row.more.expected)


def _usd(amount: Decimal) -> str:
    return f"{amount:,.2f}"


class _Findings:
    """The pack's verdicts on both sides."""

    def __init__(self, found: Reviewed) -> None:
        self._before = _judged(found.before.recording, found.today)
        self._after = _judged(found.after.recording, found.today)

    @property
    def undecided(self) -> int:
        """Controls of the edited stack that a plan can't decide."""
        return len(
            {finding.control.id for finding in self._after if finding.outcome is Outcome.UNKNOWN}
        )

    def rows(self, *, new: bool) -> Iterator[tuple[str, ...]]:
        """Failures that only one side has, those first that stop a deployment."""
        then, now = _failures(self._before), _failures(self._after)
        wanted, other = (now, then) if new else (then, now)
        only = [finding for key, finding in wanted.items() if key not in other]
        for finding in sorted(only, key=lambda finding: (not finding.blocks, finding.control.id)):
            stops = "**stops the deployment** " if finding.blocks and new else ""
            where = finding.resource or "the stack"
            yield (
                text(finding.control.id),
                text(where),
                stops + text(finding.found or finding.reason),
            )


def _judged(recording: Recording, today: dt.date) -> Sequence[Finding]:
    return analyse(evidence(recording), today=today).findings


def _failures(findings: Sequence[Finding]) -> dict[tuple[str, str], Finding]:
    return {
        (finding.control.id, finding.urn): finding
        for finding in findings
        if finding.outcome is Outcome.FAIL
    }
