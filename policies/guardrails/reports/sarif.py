"""A report as SARIF 2.1.0, which code hosts show beside the code."""

import hashlib
import json
from typing import Any, Final
from urllib.parse import quote

from ..control import Control, Level, Outcome, Severity
from ..outcomes import Finding, Place, Report

_TOOL: Final = "trellis-guardrails"
_ABOUT: Final = "https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html"
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
# What GitHub reads as critical, high, medium and low.
_SCORES: Final = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.5",
}
_REPORTED: Final = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.EXEMPT)


def sarif_log(report: Report, stack_file: str = "Pulumi.yaml") -> str:
    """The report as SARIF text.

    A result points at the finding's place in the stack file, else at ``stack_file``, and names the
    resource by URN.
    """
    controls = {finding.control.id: finding.control for finding in report.findings}
    order = {control_id: position for position, control_id in enumerate(controls)}
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": _TOOL,
                        "informationUri": _ABOUT,
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
                # Code hosts keep the latest log of each id: another stack's must not replace it.
                "automationDetails": {"id": f"{_TOOL}/{_first_file(report, stack_file)}/"},
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(finding, order[finding.control.id], stack_file)
                    for finding in report.findings
                    if finding.outcome in _REPORTED
                ],
            }
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _rule(control: Control) -> dict[str, Any]:
    return {
        "id": control.id,
        "shortDescription": {"text": control.title},
        "fullDescription": {"text": f"{control.title}. Stack file: {control.fix.stack}."},
        "defaultConfiguration": {
            "level": "error" if control.level is Level.MANDATORY else "warning"
        },
        "helpUri": control.link,
        "help": {"text": f"Stack file: {control.fix.stack}. Pulumi: {control.fix.code}."},
        "properties": {
            "tags": ["security", control.service],
            "security-severity": _SCORES[control.severity],
        },
    }


def _first_file(report: Report, otherwise: str) -> str:
    return next((one.place.file for one in report.findings if one.place is not None), otherwise)


def _result(finding: Finding, position: int, stack_file: str) -> dict[str, Any]:
    failed = finding.outcome is Outcome.FAIL
    level = "error" if finding.level is Level.MANDATORY else "warning"
    subject = finding.resource or "the stack"
    place = finding.place or Place(stack_file, 1, "")
    setting = f" ({place.setting} in the stack file)" if place.setting else ""
    identity = f"{finding.control.id} {finding.urn}".encode()
    digest = hashlib.sha256(identity).hexdigest()[:16]
    result: dict[str, Any] = {
        "ruleId": finding.control.id,
        "ruleIndex": position,
        "kind": "fail" if finding.outcome is not Outcome.UNKNOWN else "open",
        "level": level if failed else "note" if finding.outcome is Outcome.EXEMPT else "none",
        "message": {"text": f"{subject}: {finding.found or finding.control.title}{setting}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(place.file), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": place.line},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": finding.urn or "stack", "kind": "resource"}
                ],
            }
        ],
        # The same finding stays the same alert wherever its line moves to; the name is GitHub's.
        "partialFingerprints": {"primaryLocationLineHash": f"{digest}:1"},
    }
    if finding.outcome is Outcome.EXEMPT:
        result["suppressions"] = [{"kind": "external", "justification": finding.reason}]
    return result
