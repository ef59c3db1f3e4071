"""The ordinary way, without make: `pulumi install`, then the program and the pack as they run."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from testing.checkout import ROOT, copy_of_checkout
from tests.engine.toolchain import toolchain

PROJECTS = sorted(
    {".", *(f"systems/{file.parent.name}" for file in ROOT.glob("systems/*/Pulumi.yaml"))}
)


@pytest.mark.parametrize("project", PROJECTS)
def test_every_project_has_one_environment_and_its_requirements(project: str) -> None:
    found = toolchain(ROOT / project / "Pulumi.yaml")
    assert found.virtualenv == ROOT / ".venv"
    assert found.program == ROOT
    assert found.requirements.is_file()


def test_the_pack_runs_in_the_checkouts_environment_wherever_it_is_called_from() -> None:
    found = toolchain(ROOT / "policies" / "PulumiPolicy.yaml")
    assert found.virtualenv == ROOT / ".venv"
    assert found.program == ROOT / "policies"
    assert found.requirements.is_file()


@pytest.mark.wheel
def test_after_pulumi_install_the_program_and_the_pack_find_all_they_need(tmp_path: Path) -> None:
    checkout = copy_of_checkout(tmp_path / "checkout")
    project = toolchain(checkout / "systems" / "engify" / "Pulumi.yaml")
    project.install()
    script = (
        "from pathlib import Path; from trellis.planner.record import record; "
        "print(len(record(Path('systems/engify'), 'prod').resources))"
    )
    done = subprocess.run(
        [project.python, "-c", script],
        cwd=project.program,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20
    pack = toolchain(checkout / "policies" / "PulumiPolicy.yaml")
    started = subprocess.run(
        [pack.python, "-c", "import pulumi.policy, guardrails.engine"],
        cwd=pack.program,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0, started.stderr
    listed = subprocess.run(
        [pack.python, "-m", "pip", "list", "--format", "freeze"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert {"pulumi-aws", "pulumi-policy"} == {
        line.partition("==")[0].replace("_", "-")
        for line in listed.splitlines()
        if line.startswith("pulumi") and "==" in line
    } - {"pulumi"}, "each would be a plugin to fetch"
