"""What an update will decide of that a preview leaves open, from a simulation of its outputs."""

from dataclasses import replace

from .control import Outcome
from .outcomes import Finding, Report

_DECIDED = (Outcome.PASS, Outcome.FAIL, Outcome.EXEMPT, Outcome.NOT_APPLICABLE)


def foreseen(preview: Report, update: Report) -> Report:
    """The preview's report, with what it leaves open as the simulated update decides it.

    Each such finding says so (``simulated``), and a note counts them: ids and ARNs are made up, so
    the real update has the last word. What stays unknown depends on the account alone.
    """
    later = {(one.control.id, one.urn): one for one in update.findings}
    findings = tuple(
        _settled(one, later.get((one.control.id, one.urn))) for one in preview.findings
    )
    count = sum(one.simulated for one in findings)
    if not count:
        return preview
    note = (
        f"{count} verdicts rest on simulated ids and ARNs: a preview does not know them yet, and "
        "the update decides them again"
    )
    return replace(preview, findings=findings, notes=(*preview.notes, note))


def _settled(finding: Finding, later: Finding | None) -> Finding:
    if finding.outcome is not Outcome.UNKNOWN or later is None or later.outcome not in _DECIDED:
        return finding
    return replace(later, simulated=True)
