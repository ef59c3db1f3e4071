"""The written reports: complete, well formed, and readable by what they are written for."""

import datetime as dt
import json
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import jsonschema
import pytest
from scenes import facts

from policies.guardrails.catalog import CONTROLS
from policies.guardrails.control import Level, Outcome
from policies.guardrails.outcomes import Report
from policies.guardrails.reports import html, junit, sarif, text
from policies.guardrails.run import analyse

TODAY = dt.date(2026, 11, 21)
SCENE = {
    "db_instance main": {"engine": "postgres", "multiAz": False, "storageEncrypted": "?"},
    "secret app<script>": {},
    "bucket logs": {},
}
EXEMPTION = {
    "control": "RDS.5",
    "resource": "main",
    "reason": "one zone is enough & cheap",
    "owner": "platform",
    "until": "2026-12-01",
}


@pytest.fixture(scope="module")
def report() -> Report:
    made = analyse(facts(SCENE, deployed=False), today=TODAY, exemptions=[EXEMPTION])
    assert {one.outcome for one in made.findings} == set(Outcome)
    return made


def test_the_text_tells_failures_with_their_remedies(report: Report):
    written = text.plain_text(report)
    assert "FAIL    S3.8 logs: no public access block" in written
    assert "stack file: buckets.<key>" in written
    assert "UNKNOWN until deployed:\n" in written
    assert "EXEMPT  RDS.5 main: one zone is enough & cheap" in written
    assert written.rstrip().splitlines()[-1].startswith("FAILED: ")


def test_what_is_only_advised_is_told_apart_and_alike_findings_stand_together():
    advice = analyse(
        facts({"secret one": {}, "secret two": {}}, deployed=False),
        today=TODAY,
        controls=[each for each in CONTROLS if each.id == "SecretsManager.1"],
    )
    written = text.plain_text(advice)
    assert {each.level for each in advice.findings} == {Level.ADVISORY}
    assert "ADVISE  SecretsManager.1 one, two: no rotation is set up" in written
    assert "FAIL " not in written
    assert " 0 fail, 2 to consider, " in text.summary(advice)
    assert text.summary(advice).startswith("PASSED: ")


def test_a_clean_report_says_passed():
    clean = analyse(facts({"elastic_ip a": {}}, deployed=False), today=TODAY)
    assert text.summary(clean).startswith("PASSED: ")


def test_the_sarif_log_has_a_rule_for_every_result(report: Report):
    log = json.loads(sarif.sarif_log(report, "Pulumi.dev.yaml"))
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert log["version"] == "2.1.0"
    assert len(run["results"]) == len(
        report.with_outcome(Outcome.FAIL, Outcome.UNKNOWN, Outcome.EXEMPT)
    )
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == (
            "Pulumi.dev.yaml"
        )
    exempt = [result for result in run["results"] if result.get("suppressions")]
    assert [result["ruleId"] for result in exempt] == ["RDS.5"]


# The parts of the SARIF 2.1.0 schema that a reader relies on.
SARIF_RESULT = {
    "type": "object",
    "required": ["ruleId", "message", "locations"],
    "properties": {
        "kind": {"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": {"type": "object", "required": ["text"]},
    },
}


def test_the_sarif_results_are_what_the_standard_allows(report: Report):
    for result in json.loads(sarif.sarif_log(report))["runs"][0]["results"]:
        jsonschema.validate(result, SARIF_RESULT)
        # SARIF 3.27.10: a kind other than fail has the level none.
        assert result["level"] == "none" or result["kind"] == "fail"


def test_the_junit_file_counts_failures_and_skips(report: Report):
    root = ET.fromstring(junit.junit_xml(report))
    suites = {suite.attrib["name"].split(" ")[0]: suite for suite in root}
    blocked = [finding for finding in report.findings if finding.blocks]
    assert len(root.findall(".//failure")) == len(blocked)
    assert suites["S3.8"].attrib["failures"] == "1"
    assert suites["RDS.5"].attrib["skipped"] == "1"
    assert "ends on 2026-12-01" in (root.find(".//skipped").attrib["message"])  # type: ignore[union-attr]


class Page(HTMLParser):
    """Collects what a page loads, and whether its elements are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.loads += [value for name, value in attrs if name == "src"]
        self.loads += [tag] if tag in ("script", "link", "img", "iframe") else []
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_loads_nothing_and_escapes_names(report: Report):
    written = html.page(report)
    page = Page()
    page.feed(written)
    assert page.loads == []
    assert page.open == []
    assert "app&lt;script&gt;" in written
    assert "url(" not in written


def test_the_page_shows_every_failure_with_its_remedy(report: Report):
    written = html.page(report)
    assert written.count("<article class='mandatory'>") == len(
        [finding for finding in report.findings if finding.blocks]
    )
    assert "prefers-color-scheme: dark" in written
