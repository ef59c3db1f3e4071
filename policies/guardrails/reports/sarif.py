"""A report as SARIF 2.1.0, which code hosts show beside the code."""

import json
from typing import Any, Final

from ..control import Control, Level, Outcome, Severity
from ..outcomes import Finding, Report

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
# What GitHub reads as critical, high, medium and low.
_SCORES: Final = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.5",
}
_TOLD: Final = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.EXEMPT)


def sarif_log(report: Report, stack_file: str = "Pulumi.yaml") -> str:
    """The report as SARIF text. Results point at ``stack_file``, and name the resource by URN."""
    controls = {finding.control.id: finding.control for finding in report.findings}
    order = {control_id: position for position, control_id in enumerate(controls)}
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "trellis-guardrails",
                        "rules": [_rule(control) for control in controls.values()],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": not any(one.fails for one in report.problems),
                        "toolExecutionNotifications": [
                            {
                                "level": "error" if one.fails else "warning",
                                "message": {"text": one.text},
                            }
                            for one in report.problems
                        ],
                    }
                ],
                "results": [
                    _result(finding, order[finding.control.id], stack_file)
                    for finding in report.findings
                    if finding.outcome in _TOLD
                ],
            }
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _rule(control: Control) -> dict[str, Any]:
    return {
        "id": control.id,
        "shortDescription": {"text": control.title},
        "helpUri": control.link,
        "help": {"text": f"Stack file: {control.fix.stack}. Pulumi: {control.fix.code}."},
        "properties": {
            "tags": ["security", control.service],
            "security-severity": _SCORES[control.severity],
        },
    }


def _result(finding: Finding, position: int, stack_file: str) -> dict[str, Any]:
    failed = finding.outcome is Outcome.FAIL
    level = "error" if finding.level is Level.MANDATORY else "warning"
    subject = finding.resource or "the stack"
    result: dict[str, Any] = {
        "ruleId": finding.control.id,
        "ruleIndex": position,
        "kind": "fail" if finding.outcome is not Outcome.UNKNOWN else "open",
        "level": level if failed else "note" if finding.outcome is Outcome.EXEMPT else "none",
        "message": {"text": f"{subject}: {finding.found or finding.control.title}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": stack_file},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": finding.urn or "stack", "kind": "resource"}
                ],
            }
        ],
        "partialFingerprints": {"control/urn": f"{finding.control.id}/{finding.urn}"},
    }
    if finding.outcome is Outcome.EXEMPT:
        result["suppressions"] = [{"kind": "external", "justification": finding.reason}]
    return result
