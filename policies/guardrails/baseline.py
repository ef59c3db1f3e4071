"""A baseline: what fails today is accepted for a while, and only what is new fails.

A JSON file ``{"until": "2027-05-31", "accepted": [{"control": "S3.9", "urn": "urn:..."}]}``, which
``--write-baseline`` writes. It names no values, only controls and resources.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from .control import Outcome
from .exemptions import LONGEST_DAYS
from .outcomes import Finding, Problem, Report


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is accepted, by control and URN, and the last day on which it is."""

    until: dt.date
    accepted: frozenset[tuple[str, str]]


def text_of(path: Path) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Raises:
        ValueError: it is in another encoding; the text names the file and the place.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 (byte {error.start}); write it in that") from None


def json_of(text: str) -> object:
    """The value of a JSON text.

    Raises:
        ValueError: it is none; the text says where, or what nobody reads.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON (line {error.lineno})") from None
    except (ValueError, RecursionError):
        raise ValueError(
            "no JSON that can be read: nested too deeply, or too long a number"
        ) from None


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file.

    Raises:
        ValueError: it is no baseline; the text says what is wrong.
    """
    text = text_of(path)
    try:
        document = json_of(text)
    except ValueError as error:
        raise ValueError(f"{path}: {error}; see docs/policies.md") from None
    whole = _block(document)
    until, listed = whole.get("until"), whole.get("accepted")
    if not isinstance(until, str) or not isinstance(listed, Sequence) or isinstance(listed, str):
        raise ValueError(f"{path}: no baseline: it needs `until` (a date) and `accepted` (a list)")
    entries = [_entry(path, one) for one in cast("Sequence[object]", listed)]
    try:
        return Baseline(dt.date.fromisoformat(until), frozenset(entries))
    except ValueError:
        raise ValueError(f"{path}: until is no date; write YYYY-MM-DD") from None


def _block(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _entry(path: Path, value: object) -> tuple[str, str]:
    entry = _block(value)
    control, urn = entry.get("control"), entry.get("urn")
    if not isinstance(control, str) or not isinstance(urn, str):
        raise ValueError(f"{path}: each of `accepted` needs `control` and `urn` as text")
    return control, urn


def baseline_text(report: Report, until: dt.date) -> str:
    """A baseline that accepts what fails in a report."""
    accepted = sorted({(one.control.id, one.urn) for one in report.with_outcome(Outcome.FAIL)})
    entries = [{"control": control, "urn": urn} for control, urn in accepted]
    return json.dumps({"until": until.isoformat(), "accepted": entries}, indent=2) + "\n"


def against(report: Report, baseline: Baseline, today: dt.date) -> Report:
    """The report in which what the baseline accepts is exempt; one that has ended fails the run."""
    if baseline.until < today or (baseline.until - today).days > LONGEST_DAYS:
        latest = today + dt.timedelta(days=LONGEST_DAYS)
        text = (
            f"the baseline ends on {baseline.until.isoformat()}; allowed is a day from "
            f"{today.isoformat()} to {latest.isoformat()}: fix what it accepts, or write it anew"
        )
        return replace(report, problems=(*report.problems, Problem("baseline", text)))
    findings = tuple(_accepted(one, baseline) for one in report.findings)
    met = {(one.control.id, one.urn) for one in report.with_outcome(Outcome.FAIL)}
    gone = len(baseline.accepted - met)
    notes = [f"the baseline accepts {gone} findings that are not there any more"] if gone else []
    return replace(report, findings=findings, notes=(*report.notes, *notes))


def _accepted(finding: Finding, baseline: Baseline) -> Finding:
    if finding.outcome is not Outcome.FAIL:
        return finding
    if (finding.control.id, finding.urn) not in baseline.accepted:
        return finding
    reason = f"accepted in the baseline until {baseline.until.isoformat()}"
    return replace(finding, outcome=Outcome.EXEMPT, reason=reason)
