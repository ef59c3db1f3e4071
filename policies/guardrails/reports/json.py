"""A report as JSON: every finding with its control's facts."""

import json
from typing import Any

from ..control import Control
from ..outcomes import Finding, Place, Report


def json_text(report: Report) -> str:
    """The report as a JSON document."""
    return json.dumps(as_json(report), indent=2) + "\n"


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    controls = {finding.control.id: finding.control for finding in report.findings}
    return {
        "passed": report.passed,
        "counts": {outcome.value: count for outcome, count in report.counts.items()},
        "problems": [
            {"kind": one.kind, "text": one.text, "fails": one.fails} for one in report.problems
        ],
        "notes": list(report.notes),
        "controls": [_control(one) for one in controls.values()],
        "findings": [_finding(one) for one in report.findings],
    }


def _control(control: Control) -> dict[str, Any]:
    return {
        "id": control.id,
        "title": control.title,
        "service": control.service,
        "severity": control.severity.value,
        "scope": control.scope.value,
        "prevents": control.prevents,
        "frameworks": {
            "fsbp": list(control.frameworks.fsbp),
            "cis": list(control.frameworks.cis),
            "nist": list(control.frameworks.nist),
            "pci": list(control.frameworks.pci),
        },
        "fix": {"stack": control.fix.stack, "code": control.fix.code},
        "link": control.link,
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"file": place.file, "line": place.line, "setting": place.setting}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "control": finding.control.id,
        "outcome": finding.outcome.value,
        "level": finding.level.value,
        "urn": finding.urn,
        "resource": finding.resource,
        "type": finding.resource_type,
        "found": finding.found,
        "reason": finding.reason,
        "place": _place(finding.place),
        "simulated": finding.simulated,
    }
