"""The reference, the catalogue and the command line."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from policies.guardrails.catalog import CONTROLS
from policies.guardrails.command import main
from policies.guardrails.frameworks import FRAMEWORKS
from policies.guardrails.table import markdown

ROOT = Path(__file__).parents[2]
URN = "urn:pulumi:dev::shop::aws:rds/clusterInstance:ClusterInstance::main"
PUBLIC = {
    "urn": URN,
    "type": "aws:rds/clusterInstance:ClusterInstance",
    "inputs": {"publiclyAccessible": True},
}


@pytest.fixture
def preview(tmp_path: Path) -> Path:
    file = tmp_path / "preview.json"
    step = {"op": "create", "urn": URN, "newState": PUBLIC}
    file.write_text(json.dumps({"steps": [step]}), encoding="utf-8")
    return file


def test_the_reference_is_what_the_code_says():
    written = (ROOT / "docs" / "controls.md").read_text(encoding="utf-8")
    assert written == markdown(CONTROLS), "run python -m policies.guardrails.table docs/controls.md"


def test_every_control_says_what_to_do_in_a_stack_file_and_in_code():
    for one in CONTROLS:
        assert one.fix.stack, one.id
        assert one.fix.code, one.id
        assert one.link.startswith("https://docs.aws.amazon.com/"), one.id
        assert re.match(r"[A-Z][A-Za-z0-9]+\.[A-Za-z0-9-]+$", one.id), one.id
        assert not one.title.endswith("."), one.id
        assert one.check or one.stack_check, one.id


def test_a_preview_of_any_project_can_be_judged_from_a_file(
    preview: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([str(preview), "--today", "2026-11-21"]) == 1
    assert "FAIL    RDS.2 main: publiclyAccessible is true" in capsys.readouterr().out


def test_the_command_writes_every_format(preview: Path, capsys: pytest.CaptureFixture[str]):
    for name in ("json", "sarif", "junit", "html"):
        main([str(preview), "--format", name])
        assert "RDS.2" in capsys.readouterr().out


def test_the_command_takes_the_packs_own_configuration(
    preview: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    config = tmp_path / "pack.json"
    everything = {one.id: "advisory" for one in CONTROLS}
    config.write_text(json.dumps({"guardrails": {"controls": everything}}), encoding="utf-8")
    assert main([str(preview), "--config", str(config)]) == 0
    assert "PASSED" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("not json", "not JSON (line 1)"),
        ('{"hello": 1}', "pulumi preview --json"),
    ],
)
def test_a_document_it_cannot_read_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
):
    file = tmp_path / "other.json"
    file.write_text(content, encoding="utf-8")
    assert main([str(file)]) == 2
    assert message in capsys.readouterr().err


def test_a_missing_file_is_refused_in_words(capsys: pytest.CaptureFixture[str]):
    assert main(["/nowhere/plan.json"]) == 2
    assert "/nowhere/plan.json" in capsys.readouterr().err


def test_the_pack_runs_with_its_own_folder_as_the_root(preview: Path):
    run = subprocess.run(
        [sys.executable, "-m", "guardrails", str(preview), "--format", "json"],
        cwd=ROOT / "policies",
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stderr
    assert json.loads(run.stdout)["counts"]["fail"] >= 1


def test_the_pack_names_nothing_outside_itself():
    for file in (ROOT / "policies" / "guardrails").rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        assert not re.search(
            r"^\s*(?:from|import) (?:trellis|components|policies)\b", source, re.M
        ), file


def test_the_frameworks_name_only_controls_of_the_pack():
    assert set(FRAMEWORKS) <= {one.id for one in CONTROLS}
    for name, one in FRAMEWORKS.items():
        assert all(re.match(r"[A-Z]{2}-\d+(\(\d+\))?$", entry) for entry in one.nist), name
        assert all(re.match(r"\d+(\.\d+){1,3}$", entry) for entry in (*one.pci, *one.cis)), name
        assert len(set(one.nist)) == len(one.nist), name
