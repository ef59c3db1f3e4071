"""Workflows: linted by zizmor and actionlint, pinned by hash, with no more rights than they use."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from trellis.cli.main import main
from trellis.workflows.actions import ACTIONS
from trellis.workflows.render import NoWorkflowsError, Repository, github, gitlab

TEAM = Repository(("staging", "prod"))
OURS = Repository(
    ("dev", "prod"),
    install=(
        "python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock",
        "python -m pip install --disable-pip-version-check --no-deps .",
    ),
    policies="policies",
)
OUR_NAMES = ("ci", "preview", "comment")
"""This repository deploys nothing."""


def parsed(text: str) -> dict[Any, Any]:
    return yaml.safe_load(text)


def jobs() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, name, job)
        for path, text in github(TEAM).items()
        for name, job in parsed(text)["jobs"].items()
    ]


def written(folder: Path) -> Path:
    for path, text in github(TEAM).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder / ".github/workflows"


def test_zizmor_finds_nothing(tmp_path: Path):
    program = Path(sys.executable).with_name("zizmor")
    command = [str(program), "--offline", "--no-progress", "--persona", "regular"]
    done = subprocess.run(
        [*command, str(written(tmp_path))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # The one that comments reads a finished run as data: the only trigger that is said to be so.
    assert "No findings to report" in done.stdout
    assert sum(text.count("zizmor: ignore") for text in github(TEAM).values()) == 1


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not on PATH")
def test_actionlint_finds_nothing(tmp_path: Path):
    files = sorted(map(str, written(tmp_path).iterdir()))
    done = subprocess.run(["actionlint", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_action_is_one_commit_with_its_version_beside_it():
    assert all(re.fullmatch("[0-9a-f]{40}", digest) for digest, _ in ACTIONS.values())
    for text in github(TEAM).values():
        for used in re.findall(r"uses: (.+)", text):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used)


def test_only_deployments_get_a_token_and_only_the_commenter_may_write():
    for path, text in github(TEAM).items():
        assert parsed(text)["permissions"] == {}, path
    for path, name, job in jobs():
        rights = job["permissions"]
        assert ("id-token" in rights) == name.startswith("deploy-"), (path, name)
        writes = [right for right, level in rights.items() if level == "write"]
        allowed = {"id-token"} if name.startswith("deploy-") else {"pull-requests"}
        assert set(writes) <= (allowed if writes else set()), (path, name)
        if "pull-requests" in writes:
            assert path.endswith("comment.yml")


def test_what_may_write_runs_nothing_of_the_pull_request():
    text = github(TEAM)[".github/workflows/trellis-comment.yml"]
    steps = parsed(text)["jobs"]["comment"]["steps"]
    assert not [step for step in steps if "run" in step or "checkout" in step.get("uses", "")]
    for other in github(TEAM).values():
        assert "pull_request_target" not in other


def test_no_expression_stands_in_a_command():
    for path, name, job in jobs():
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), (path, name)
            script = step.get("with", {}).get("script", "")
            assert "${{" not in script


def test_a_deployment_waits_for_the_reviewed_plan_and_for_the_stack_before_it():
    found = {name: job for _, name, job in jobs()}
    assert found["deploy-staging"]["needs"] == "reviewed"
    assert found["deploy-prod"]["needs"] == "deploy-staging"
    for stack in ("staging", "prod"):
        job = found[f"deploy-{stack}"]
        assert job["environment"] == stack
        assert job["concurrency"] == {"group": f"deploy-{stack}", "cancel-in-progress": False}
        runs = [step.get("run", "") for step in job["steps"]]
        check = next(at for at, run in enumerate(runs) if "trellis backend check" in run)
        up = next(at for at, run in enumerate(runs) if "pulumi up" in run)
        assert check < up
        assert "--policy-pack" in runs[up]
        assert "--plan" not in runs[up]
        (signed_in,) = [s for s in job["steps"] if "configure-aws" in s.get("uses", "")]
        assert signed_in["with"]["role-skip-session-tagging"] is True
        assert signed_in["with"]["allowed-account-ids"]


def test_gitlab_deploys_in_order_one_at_a_time():
    pipeline = parsed(gitlab(TEAM)[".gitlab-ci.yml"])
    for stack in TEAM.stacks:
        job = pipeline[f"deploy {stack}"]
        assert job["resource_group"] == f"deploy-{stack}"
        assert job["environment"] == stack
        assert job["id_tokens"] == {"AWS_TOKEN": {"aud": "sts.amazonaws.com"}}
        assert job["interruptible"] is False
    assert pipeline["deploy prod"]["needs"] == ["deploy staging"]
    assert "id_tokens" not in pipeline["plan"]


@pytest.mark.parametrize("stack", ["a b", "$(x)", '"', "", "a\nb", "${{ github.token }}"])
def test_a_name_that_could_be_more_than_a_name_is_refused(stack: str):
    with pytest.raises(NoWorkflowsError):
        github(Repository((stack,)))
    with pytest.raises(NoWorkflowsError):
        github(Repository(("prod",), branch=stack))
    with pytest.raises(NoWorkflowsError):
        github(Repository(()))


def test_this_repository_runs_them_itself():
    for path, text in github(OURS, OUR_NAMES).items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, path


def test_the_command_overwrites_nothing_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    command = ["workflows", "staging", "prod", "--into", str(tmp_path)]
    assert main([*command, "--check"]) == 1
    assert main(command) == 0
    assert main([*command, "--check"]) == 0
    file = tmp_path / ".github/workflows/trellis-ci.yml"
    file.write_text("mine")
    assert main(command) == 2
    assert file.read_text() == "mine"
    assert "--force" in capsys.readouterr().err
    assert main([*command, "--force"]) == 0
    assert file.read_text() != "mine"
    assert main(["workflows", "a b", "--into", str(tmp_path)]) == 2
