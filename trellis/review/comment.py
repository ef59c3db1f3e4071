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

GOES = ("replace", "delete")
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


def comment(found: Reviewed) -> str:
    """The comment, as Markdown of at most 60,000 characters."""
    verdict = found.verdict
    findings = _Findings(found)
    opening = [f"### {_title(verdict)}", "", *_named(verdict), *_price_line(found.price)]
    unknown = findings.undecided
    if unknown:
        opening.append(f"- Undecided: {unknown} controls rest on what only the account knows")
    if found.after.recording.unknown_types:
        types = ", ".join(text(each) for each in found.after.recording.unknown_types)
        opening.append(f"- Not simulated, so unknown: {types}")
    tables = [
        Table("Replaced or deleted, data first", ("", "Resource", "What it means", "Because of"),
              tuple(_going(verdict)), always=True),
        Table("New ways in from everywhere", ("To", "Port", "Through", "Rule"),
              tuple(_ways(found)), always=True),
        Table("Controls that fail now and did not", ("Control", "Resource", "Found"),
              tuple(findings.rows(new=True)), always=True),
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
    loss = "" if verdict.sound else "🛑 "
    return f"{loss}{text(name)}: {rest}"


def _named(verdict: Verdict) -> Iterator[str]:
    """Replaced and deleted things by name, apart."""
    for operation in GOES:
        steps = [each for each in _sorted(verdict) if each.step.operation == operation]
        if steps:
            names = ", ".join(_name(each) for each in steps[:6])
            more = f" and {len(steps) - 6} more" if len(steps) > 6 else ""
            yield f"- {DONE[operation].capitalize()}: {names}{more}"


def _sorted(verdict: Verdict) -> list[Judged]:
    return sorted(verdict.judged, key=lambda each: (not loses(each.step), each.step.urn))


def _name(each: Judged) -> str:
    return text(f"{each.step.type.rsplit(':', 1)[-1]} {each.step.name}")


def _because(each: Judged) -> str:
    return ", ".join(text(edit) for edit in each.edits[:2])


def _going(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    for operation in GOES:
        for each in _sorted(verdict):
            if each.step.operation == operation:
                data = f"**{DONE[operation]}**" if loses(each.step) else DONE[operation]
                meaning = "; ".join(text(word) for word in words(each.step))
                yield data, _name(each), meaning, _because(each)


def _changed(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    for each in verdict.judged:
        if each.step.operation == "update":
            tops = dict.fromkeys(path.split(".")[0] for path in each.step.changed)
            yield _name(each), text(", ".join(tops)), _because(each)


def _created(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    for each in verdict.judged:
        if each.step.operation == "create":
            yield _name(each), _because(each)


def _ways(found: Reviewed) -> Iterator[tuple[str, ...]]:
    before = {(c.target, c.port, c.protocol, c.way) for c in _outside(found.before)}
    for each in _outside(found.after):
        if (each.target, each.port, each.protocol, each.way) not in before:
            port = text(f"{each.port}/{each.protocol}")
            yield text(each.target), port, text(each.way or "directly"), text(each.rule)


def _outside(matrix: Matrix):
    return [each for each in matrix.connections if each.source == OUTSIDE]


def _grants(found: Reviewed) -> Iterator[tuple[str, ...]]:
    before = {
        (each.who, action, target)
        for each in found.before.accesses
        for action in each.actions
        for target in each.resources
    }
    for each in found.after.accesses:
        new = [
            action
            for action in each.actions
            if any((each.who, action, target) not in before for target in each.resources)
        ]
        if new:
            yield text(each.who), text(", ".join(new)), text(each.target), text(each.uses)


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
            "—" if each is None else _usd(each.expected) for each in (row.before, row.after)
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
        return len({each.control.id for each in self._after if each.outcome is Outcome.UNKNOWN})

    def rows(self, *, new: bool) -> Iterator[tuple[str, ...]]:
        """Failures that only one side has, those first that stop a deployment."""
        then, now = _failures(self._before), _failures(self._after)
        wanted, other = (now, then) if new else (then, now)
        only = [each for key, each in wanted.items() if key not in other]
        for each in sorted(only, key=lambda each: (not each.blocks, each.control.id)):
            stops = "**stops the deployment** " if each.blocks and new else ""
            where = each.resource or "the stack"
            yield text(each.control.id), text(where), stops + text(each.found or each.reason)


def _judged(recording: Recording, today: dt.date) -> Sequence[Finding]:
    return analyse(evidence(recording), today=today).findings


def _failures(findings: Sequence[Finding]) -> dict[tuple[str, str], Finding]:
    return {(each.control.id, each.urn): each for each in findings if each.outcome is Outcome.FAIL}
