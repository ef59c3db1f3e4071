"""A report as JUnit XML: one suite a control, one case a resource."""

import xml.etree.ElementTree as ET

from ..control import Control, Level, Outcome
from ..outcomes import Finding, Report


def junit_xml(report: Report) -> str:
    """The report as JUnit XML text.

    A mandatory failure is a failure; what is unknown, exempt, advisory or not applicable is
    skipped with the reason; a problem of the run is an error.
    """
    root = ET.Element("testsuites", name="trellis-guardrails")
    if report.problems:
        _problems(root, report)
    by_control: dict[str, tuple[Control, list[Finding]]] = {}
    for finding in report.findings:
        by_control.setdefault(finding.control.id, (finding.control, []))[1].append(finding)
    for control, findings in by_control.values():
        suite = ET.SubElement(
            root,
            "testsuite",
            name=f"{control.id} {control.title}",
            tests=str(len(findings)),
            failures=str(sum(finding.blocks for finding in findings)),
            errors="0",
            skipped=str(sum(_skipped(finding) for finding in findings)),
        )
        for finding in findings:
            _case(suite, finding)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _problems(root: ET.Element, report: Report) -> None:
    suite = ET.SubElement(
        root,
        "testsuite",
        name="the run itself",
        tests=str(len(report.problems)),
        failures="0",
        errors=str(sum(problem.fails for problem in report.problems)),
        skipped=str(sum(not problem.fails for problem in report.problems)),
    )
    for problem in report.problems:
        case = ET.SubElement(suite, "testcase", name=problem.text, classname=problem.kind)
        ET.SubElement(case, "error" if problem.fails else "skipped", message=problem.text)


def _skipped(finding: Finding) -> bool:
    return finding.outcome is not Outcome.PASS and not finding.blocks


def _case(suite: ET.Element, finding: Finding) -> None:
    place = finding.place
    where = {} if place is None else {"file": place.file, "line": str(place.line)}
    case = ET.SubElement(
        suite, "testcase", name=finding.urn or "stack", classname=finding.control.id, attrib=where
    )
    if finding.blocks:
        ET.SubElement(case, "failure", message=finding.found).text = (
            finding.message() if place is None else f"{place}\n{finding.message()}"
        )
    elif finding.outcome is Outcome.FAIL:
        level = "advisory" if finding.level is Level.ADVISORY else finding.level.value
        ET.SubElement(case, "skipped", message=f"{level}: {finding.found}")
    elif finding.outcome is not Outcome.PASS:
        why = finding.reason or finding.found
        ET.SubElement(case, "skipped", message=f"{finding.outcome.value}: {why}")
