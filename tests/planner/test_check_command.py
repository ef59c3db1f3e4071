"""`trellis check`: judges stacks and documents, writes every format, and ends as it says."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.conftest import ROOT
from trellis.cli.main import main
from trellis.cli.options import FAILED, WRONG_INPUT

ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"

OPEN_BUCKET = {
    "resources": [
        {
            "urn": f"urn:pulumi:dev::any::{ACCESS_BLOCK}::open",
            "type": ACCESS_BLOCK,
            "name": "open",
            "inputs": {"bucket": "any", "blockPublicAcls": False},
        },
        {
            "urn": "urn:pulumi:dev::any::aws:s3/bucket:Bucket::open",
            "type": "aws:s3/bucket:Bucket",
            "name": "open",
            "inputs": {"bucket": "any"},
        },
    ]
}


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["check", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def written(folder: Path, document: object) -> str:
    file = folder / "document.json"
    file.write_text(json.dumps(document))
    return str(file)


def test_an_unsafe_document_fails_with_the_control_and_the_remedy_of_its_own_program(
    capsys, tmp_path: Path
):
    code, out, _ = check(capsys, "--recording", written(tmp_path, OPEN_BUCKET))
    assert code == FAILED
    assert "FAIL    S3.8 open" in out
    assert "pulumi:     BucketPublicAccessBlock(" in out
    assert "stack file:" not in out
    assert out.splitlines()[-1].startswith("FAILED")


def test_a_document_is_read_from_standard_input(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(OPEN_BUCKET)))
    code, out, _ = check(capsys, "--recording", "-")
    assert (code, "S3.8" in out) == (FAILED, True)


@pytest.mark.long
def test_the_plans_own_json_is_judged_as_the_stack_is(capsys, tmp_path: Path):
    project = ["--project", str(ROOT)]
    main(["plan", "prod", "--json", *project])
    plan = tmp_path / "plan.json"
    plan.write_text(capsys.readouterr().out)
    _, of_plan, _ = check(capsys, "--recording", str(plan), "--format", "json")
    _, of_stack, _ = check(capsys, "prod", "--format", "json", *project)
    plan, stack = findings(of_plan), findings(of_stack)
    # A preview leaves these open; only the check of a stack goes on to simulate the update.
    settled = {about(resource) for resource in stack if resource["simulated"]}
    assert settled
    assert {resource["outcome"] for resource in plan if about(resource) in settled} == {"unknown"}
    assert settled <= {about(resource) for resource in plan}
    assert [resource for resource in plan if about(resource) not in settled] == [
        resource for resource in stack if about(resource) not in settled
    ]


def about(finding: dict[str, object]) -> tuple[object, object]:
    """What a finding is about: control and resource."""
    return finding["control"], finding["urn"]


def findings(report: str) -> list[dict[str, object]]:
    """The findings of a JSON report, but for their places, which no document knows."""
    return [{**finding, "place": None} for finding in json.loads(report)["findings"]]


@pytest.mark.long
def test_a_finding_about_a_stack_tells_file_line_and_setting(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    _, out, _ = check(capsys, "prod")
    lines = (ROOT / "Pulumi.yaml").read_text().splitlines()
    stripe = next(n for n, line in enumerate(lines, 1) if line.startswith("        stripe:"))
    assert f"Pulumi.yaml:{stripe}: secrets.stripe" in out
    assert "stack file: secrets.<key>" in out


@pytest.mark.parametrize(
    ("format_", "start"),
    [("json", "{"), ("sarif", "{"), ("junit", "<?xml"), ("html", "<!doctype html>")],
)
def test_every_format_is_written_to_the_file(capsys, tmp_path: Path, format_: str, start: str):
    report = tmp_path / "report"
    source = written(tmp_path, OPEN_BUCKET)
    code, out, _ = check(
        capsys, "--recording", source, "--format", format_, "--output", str(report)
    )
    assert (code, out) == (FAILED, "")
    assert report.read_text().lower().startswith(start)


def test_a_control_that_is_disabled_says_nothing(capsys, tmp_path: Path):
    controls = tmp_path / "controls.json"
    controls.write_text(json.dumps({"S3.8": "disabled"}))
    _, out, _ = check(
        capsys, "--recording", written(tmp_path, OPEN_BUCKET), "--controls", str(controls)
    )
    assert "S3.8" not in out


def test_a_control_that_does_not_exist_is_named(capsys, tmp_path: Path):
    controls = tmp_path / "controls.json"
    controls.write_text(json.dumps({"S3.800": "disabled"}))
    code, _, err = check(
        capsys, "--recording", written(tmp_path, OPEN_BUCKET), "--controls", str(controls)
    )
    assert (code, "S3.800" in err) == (WRONG_INPUT, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "not JSON"), ('{"some": "thing"}', "pulumi preview --json"), (None, "can't be read")],
)
def test_a_file_that_cannot_be_judged_is_named_with_what_is_allowed(
    capsys, tmp_path: Path, text: str | None, message: str
):
    file = tmp_path / "odd.json"
    if text is not None:
        file.write_text(text)
    code, out, err = check(capsys, "--recording", str(file))
    assert (code, out) == (WRONG_INPUT, "")
    assert str(file) in err
    assert message in err


def test_a_stack_and_a_document_together_are_refused(capsys, tmp_path: Path):
    code, _, err = check(capsys, "dev", "--recording", written(tmp_path, OPEN_BUCKET))
    assert (code, "not both" in err) == (WRONG_INPUT, True)


def test_an_empty_document_is_refused_and_no_pass(capsys, tmp_path: Path):
    code, out, err = check(capsys, "--recording", written(tmp_path, {"resources": []}))
    assert "nothing to judge" in err
    assert (code, out) == (WRONG_INPUT, "")
