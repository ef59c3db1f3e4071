"""The policy pack for people who use nothing else of Trellis: a wheel, a hook, an action."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from testing.checkout import ROOT

pytestmark = pytest.mark.long

PACK = ROOT / "policies"
TABLE = {
    "urn": "urn:pulumi:dev::shop::aws:dynamodb/table:Table::orders",
    "type": "aws:dynamodb/table:Table",
    "inputs": {"name": "orders", "billingMode": "PAY_PER_REQUEST"},
}
PUBLIC = {
    "urn": "urn:pulumi:dev::shop::aws:rds/clusterInstance:ClusterInstance::main",
    "type": "aws:rds/clusterInstance:ClusterInstance",
    "inputs": {"publiclyAccessible": True},
}
# The command of the wheel, where neither Pulumi nor Trellis can be imported.
ALONE = """
import sys
for name in ("pulumi", "pulumi_policy", "trellis", "components", "policies"):
    sys.modules[name] = None
sys.path.insert(0, sys.argv.pop(1))
from guardrails.command import command
sys.exit(command())
"""


def export(folder: Path, *resources: dict[str, object]) -> Path:
    file = folder / "export.json"
    file.write_text(json.dumps({"deployment": {"resources": resources}}), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the pack's own wheel would install."""
    folder = tmp_path_factory.mktemp("pack")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=PACK,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("trellis_guardrails-*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def judged(site: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", ALONE, str(site), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_wheel_judges_without_pulumi_and_without_trellis(unpacked: Path, tmp_path: Path):
    unsafe = judged(unpacked, export(tmp_path, TABLE, PUBLIC))
    assert (unsafe.returncode, unsafe.stderr) == (1, "")
    assert "FAIL    RDS.2 main: publiclyAccessible is true" in unsafe.stdout


def test_in_a_foreign_project_what_is_medium_advises_until_somebody_chooses(
    unpacked: Path, tmp_path: Path
):
    file = export(tmp_path, TABLE)
    config = tmp_path / "guardrails.json"
    config.write_text('{"guardrails": {"levels": "house"}}', encoding="utf-8")
    assert judged(unpacked, file).returncode == 0
    assert judged(unpacked, file, "--levels", "house").returncode == 1
    assert judged(unpacked, file, "--config", config).returncode == 1
    assert judged(unpacked, file, "--config", config, "--levels", "severity").returncode == 0


def test_the_wheel_needs_what_the_checkout_pins_and_has_its_version():
    own = tomllib.loads((PACK / "pyproject.toml").read_text("utf-8"))
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = [*own["project"]["dependencies"], *own["project"]["optional-dependencies"]["engine"]]
    assert set(needed) <= set(whole["project"]["dependencies"])
    assert own["project"]["version"] == whole["project"]["version"]
    assert own["build-system"] == whole["build-system"]


def test_the_hook_runs_a_command_that_an_installation_of_the_repository_has():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert hook["entry"] in scripts
    taken = ["preview.json", "infra/export.json", "export-prod.json"]
    assert [bool(re.search(hook["files"], name)) for name in taken] == [True] * 3
    assert not re.search(hook["files"], "package.json")


def test_the_hook_judges_each_file_that_it_is_given(unpacked: Path, tmp_path: Path):
    (tmp_path / "other").mkdir()
    safe, unsafe = export(tmp_path, TABLE), export(tmp_path / "other", PUBLIC)
    both = judged(unpacked, safe, unsafe)
    assert both.returncode == 1
    assert both.stdout.index(str(safe)) < both.stdout.index(str(unsafe))
    assert judged(unpacked, safe, safe).returncode == 0
    assert judged(unpacked, safe, unsafe, "--format", "json").returncode == 2


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, 0),
        ({"LEVELS": "house"}, 1),
        ({"FORMAT": "sarif", "REPORT": "report.sarif"}, 0),
        ({"BASELINE": "missing.json"}, 2),
    ],
)
def test_the_action_runs_the_command_with_what_it_is_given(
    given: dict[str, str], code: int, unpacked: Path, tmp_path: Path
):
    action = yaml.safe_load((PACK / "action.yml").read_text("utf-8"))
    (step,) = action["runs"]["steps"]
    defaults = {name.upper(): one.get("default", "") for name, one in action["inputs"].items()}
    assert set(step["env"]) == set(defaults)
    # pipx installs the folder that the action is in, and runs the command that the wheel has.
    pipx = tmp_path / "pipx"
    pipx.write_text(
        f'#!/bin/bash\n[[ "$1 $2 $3 $4" == "run --spec {PACK} guardrails" ]] || exit 9\n'
        f'exec "{sys.executable}" -I -c "$ALONE" "{unpacked}" "${{@:5}}"\n',
        encoding="utf-8",
    )
    pipx.chmod(0o755)
    environment = {
        **os.environ,
        **defaults,
        "DOCUMENT": str(export(tmp_path, TABLE)),
        **given,
        "ALONE": ALONE,
        "GITHUB_ACTION_PATH": str(PACK),
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
    }
    ran = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stderr
    if "REPORT" in given:
        assert json.loads((tmp_path / given["REPORT"]).read_text("utf-8"))["version"] == "2.1.0"
        assert ran.stdout == ""
