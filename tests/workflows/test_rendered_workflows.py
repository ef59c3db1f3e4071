"""Workflows: linted by zizmor and actionlint, pinned by hash, with no more rights than they use."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from trellis.cli.main import main
from trellis.workflows.actions import ACTIONS
from trellis.workflows.render import GITHUB, NoWorkflowsError, Repository, github, gitlab

TEAM = Repository(("staging", "prod"), services={"web": "services/web"})
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
        for name, job in parsed(text).get("jobs", {}).items()
    ]


def written(folder: Path) -> Path:
    for path, text in {**github(TEAM), **gitlab(TEAM)}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def begun(folder: Path) -> Path:
    """What `trellis init` writes into a folder of a repository."""
    (folder / ".git").mkdir()
    words = ["--region", "eu-central-1", "--account", "123456789012"]
    into = ["--into", str(folder / "infra")]
    assert main(["init", "shop", *words, "--workflows", "github", *into]) == 0
    return folder


def run(program: str, *arguments: str) -> str:
    """What a program of the tests' own environment says; it must find nothing wrong."""
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ours(_folder: Path) -> Path:
    """This repository's own."""
    return ROOT


WRITERS = (written, begun)


@pytest.mark.parametrize("writer", WRITERS)
def test_zizmor_finds_nothing_and_nothing_is_excepted(
    writer: Callable[[Path], Path], tmp_path: Path
):
    folder = writer(tmp_path)
    output = run("zizmor", "--offline", "--no-progress", "--persona", "regular", str(folder))
    assert "No findings to report" in output
    files = [file for file in (folder / ".github").rglob("*") if file.is_file()]
    assert len(files) == len(GITHUB) + (writer is written)
    assert not [file for file in files if "zizmor:" in file.read_text()]


def test_zizmor_finds_nothing_in_this_repositorys_own(tmp_path: Path):
    own = tmp_path / ".github"
    shutil.copytree(ROOT / ".github", own)
    assert "No findings" in run("zizmor", "--offline", "--persona", "regular", str(own))
    files = sorted((own / "workflows").iterdir())
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *map(str, files))
    for file in files:
        for used in re.findall(r"uses: (\S+)@(\S+) # (\S+)", file.read_text()):
            assert ACTIONS[used[0]] == used[1:], file


def test_a_release_is_built_without_a_secret_and_signed_apart():
    file = ROOT / ".github/workflows/trellis-release.yml"
    found = parsed(file.read_text())["jobs"]
    rights = {name: set(job["permissions"]) for name, job in found.items()}
    assert rights == {
        "build": {"contents"}, "sign": {"attestations", "id-token"}, "tell": {"contents"},
    }  # fmt: skip
    assert found["build"]["permissions"] == {"contents": "read"}
    assert "checkout" not in str(found["sign"]) + str(found["tell"])
    assert (found["sign"]["needs"], found["tell"]["needs"]) == ("build", "sign")


ACTIONLINT = ROOT / ".engine" / "actionlint"


@pytest.mark.skipif(
    not ACTIONLINT.exists() and shutil.which("actionlint") is None,
    reason="actionlint is not there: make actionlint",
)
@pytest.mark.parametrize("writer", [*WRITERS, ours])
def test_actionlint_finds_nothing(writer: Callable[[Path], Path], tmp_path: Path):
    program = str(ACTIONLINT) if ACTIONLINT.exists() else "actionlint"
    files = sorted(map(str, (writer(tmp_path) / ".github/workflows").iterdir()))
    done = subprocess.run([program, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("github-workflows", ".github/workflows/*.yml"),
        ("dependabot", ".github/dependabot.yml"),
        ("gitlab-ci", ".gitlab-ci.yml"),
        ("gitlab-ci", ".gitlab/*.yml"),
    ],
)
def test_the_published_schemas_hold(schema: str, pattern: str, tmp_path: Path):
    files = sorted(map(str, written(tmp_path).glob(pattern)))
    assert files
    run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)


def test_every_action_is_one_commit_with_its_version_beside_it():
    assert all(re.fullmatch("[0-9a-f]{40}", digest) for digest, _ in ACTIONS.values())
    for text in workflows().values():
        for used in re.findall(r"uses: (.+)", text):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used)


def workflows() -> dict[str, str]:
    return {path: text for path, text in github(TEAM).items() if "/workflows/" in path}


SIGNED_IN = ("deploy-staging", "deploy-prod", "look", "sign", "make", "destroy")
WRITING = {
    ("trellis-comment", "comment"): "pull-requests",
    ("trellis-preview", "comment"): "pull-requests",
    ("trellis-drift", "tell"): "issues",
    ("trellis-environments", "tell"): "pull-requests",
    ("trellis-service-web", "record"): "contents",
}
"""What jobs write, by workflow and name."""


def test_each_job_has_the_rights_that_it_uses_and_no_other():
    for path, text in workflows().items():
        assert parsed(text)["permissions"] == {}, path
    for path, name, job in jobs():
        rights = job["permissions"]
        assert ("id-token" in rights) == (name in SIGNED_IN), (path, name)
        writes = {right for right, level in rights.items() if level == "write"} - {"id-token"}
        if name == "sign":
            # Signing has an identity and no role: its token opens none, as no trust names this job.
            assert writes == {"attestations"}
            continue
        permission = WRITING.get((Path(path).stem, name))
        assert writes == ({permission} if permission is not None else set()), (path, name)
        # Who may write a text, or reads one from outside, is signed in nowhere.
        assert not (writes and "id-token" in rights)


def test_what_may_write_runs_nothing_of_the_pull_request():
    for path, name, job in jobs():
        if (Path(path).stem, name) in WRITING:
            steps = job["steps"]
            assert not [s for s in steps if "run" in s or "checkout" in s.get("uses", "")], path
    for text in workflows().values():
        assert "pull_request_target" not in text
        assert "workflow_run" not in text


def test_no_expression_stands_in_a_command():
    for path, name, job in jobs():
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), (path, name)
            script = step.get("with", {}).get("script", "")
            assert "${{" not in script


def test_a_deployment_waits_for_the_reviewed_plan_and_for_the_stack_before_it():
    found = {name: job for path, name, job in jobs() if path.endswith("trellis-deploy.yml")}
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


def service_jobs() -> dict[str, dict[str, Any]]:
    return {name: job for path, name, job in jobs() if "trellis-service-web" in path}


def commands(job: dict[str, Any]) -> list[str]:
    return [step.get("run", "") for step in job["steps"]]


def test_an_image_is_tested_built_listed_and_scanned_without_a_secret():
    found = service_jobs()
    for name in ("test", "build"):
        assert found[name]["permissions"] == {"contents": "read"}
        assert "secrets." not in str(found[name])
        assert "vars." not in str(found[name])
    used = [step["uses"].split("@")[0] for step in found["build"]["steps"] if "uses" in step]
    assert used[-3:] == ["anchore/sbom-action", "anchore/scan-action", "actions/upload-artifact"]
    scan = next(s for s in found["build"]["steps"] if "scan-action" in s.get("uses", ""))
    assert scan["with"]["fail-build"] is True
    # No list, no image: a scanner that found nothing because it failed ends the job.
    assert any("-s" in line and "sbom.spdx.json" in line for line in commands(found["build"]))


def test_what_is_signed_is_a_digest_and_exactly_that_is_deployed_everywhere():
    found = service_jobs()
    digest = "${{ needs.build.outputs.digest }}"
    signed = [step["with"] for step in found["sign"]["steps"] if "attest" in step["uses"]]
    assert [one["subject-digest"] for one in signed] == [digest, digest]
    assert "sbom-path" in signed[1]
    assert found["deploy-staging"]["needs"] == ["build", "sign"]
    assert found["deploy-prod"]["needs"] == ["build", "deploy-staging"]
    assert found["record"]["needs"] == ["build", "deploy-prod"]
    for stack in ("staging", "prod"):
        job = found[f"deploy-{stack}"]
        assert job["env"]["DIGEST"] == digest
        assert job["environment"] == stack
        assert job["concurrency"]["group"] == f"deploy-{stack}"
        runs = commands(job)
        order = [
            next(at for at, run in enumerate(runs) if word in run)
            for word in ("gh attestation verify", "trellis drift", "trellis set", "trellis smoke")
        ]
        assert order == sorted(order)
        verify = runs[order[0]]
        assert 'oci://$image@$DIGEST"' in verify
        assert "--signer-workflow" in verify
        assert "refs/heads/main" in verify
        back = runs[-2]
        assert 'cp "$RUNNER_TEMP/former.yaml"' in back
        assert "pulumi up" in back


@pytest.mark.parametrize(
    ("folder", "watched"),
    [("services/web", "services/web/"), ("./web/", "web/"), (".", ""), ("a/../web", "web/")],
)
def test_a_service_is_built_where_its_own_files_change(folder: str, watched: str):
    """Neither host compares `./web`, so such a pattern would never start anything."""
    team = Repository(("prod",), services={"web": folder})
    # PyYAML reads the key `on` as true.
    hub = parsed(github(team)[".github/workflows/trellis-service-web.yml"])[True]
    assert hub["push"]["paths"] == [f"{watched}**"]
    lab = parsed(gitlab(team)[".gitlab/trellis-service-web.yml"])
    assert lab["build web"]["rules"][0]["changes"] == [f"{watched}**/*"]


def test_gitlab_deploys_in_order_one_at_a_time():
    pipeline = parsed(gitlab(TEAM)[".gitlab-ci.yml"])
    for stack in TEAM.stacks:
        job = pipeline[f"deploy {stack}"]
        assert job["resource_group"] == f"deploy-{stack}"
        assert job["environment"] == stack
        assert job["id_tokens"] == {"AWS_TOKEN": {"aud": "sts.amazonaws.com"}}
        assert job["interruptible"] is False
    assert pipeline["deploy staging"]["needs"] == ["check", "plan"]
    assert pipeline["deploy prod"]["needs"] == ["check", "plan", "deploy staging"]
    assert "id_tokens" not in pipeline["plan"]
    assert any("--reviewed" in line for line in pipeline["deploy prod"]["script"])


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
    # And keeps them so: the files say themselves how they were written.
    assert main(["workflows", "--check", "--into", str(ROOT)]) == 0


def test_the_command_overwrites_nothing_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    command = ["workflows", "staging", "prod", "--into", str(tmp_path)]
    assert main([*command, "--check"]) == 1
    assert main(command) == 0
    assert main([*command, "--check"]) == 0
    file = tmp_path / ".github/workflows/trellis-ci.yml"
    for theirs in ("mine", file.read_text() + "# mine\n"):
        file.write_text(theirs)
        assert main(command) == 2
        assert file.read_text() == theirs
        assert "--force" in capsys.readouterr().err
    assert main([*command, "--force"]) == 0
    assert "mine" not in file.read_text()
    assert main(["workflows", "a b", "--into", str(tmp_path)]) == 2


def test_files_are_kept_up_to_date_without_saying_again_how_they_were_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    into = ["--into", str(tmp_path)]
    assert main(["workflows", *into]) == 2
    assert "name the stacks" in capsys.readouterr().err
    flags = ["--branch", "trunk", "--project", "infra", "--install", "make 'all of it'"]
    assert main(["workflows", "staging", "prod", *flags, *into]) == 0
    assert main(["workflows", "--check", *into]) == 0
    monkeypatch.setitem(ACTIONS, "actions/checkout", ("f" * 40, "v8.0.0"))
    assert main(["workflows", "--check", *into]) == 1
    assert main(["workflows", *into]) == 0
    text = (tmp_path / ".github/workflows/trellis-deploy.yml").read_text()
    assert f"actions/checkout@{'f' * 40} # v8.0.0" in text
    assert "branches: [trunk]" in text
    assert "make 'all of it'" in text
    assert "deploy-staging:" in text
    # Files of two commands: neither is taken for the other's.
    other = tmp_path / "other"
    assert main(["workflows", "qa", "--only", "ci", "--into", str(other)]) == 0
    (tmp_path / ".github/workflows/trellis-ci.yml").write_text(
        (other / ".github/workflows/trellis-ci.yml").read_text()
    )
    assert main(["workflows", *into]) == 2
    assert "different commands" in capsys.readouterr().err


def test_a_repositorys_own_dependabot_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    own = tmp_path / ".github/dependabot.yml"
    own.parent.mkdir()
    own.write_text("version: 2\n")
    assert main(["workflows", "prod", "--into", str(tmp_path)]) == 0
    assert own.read_text() == "version: 2\n"
    assert "stays as it is" in capsys.readouterr().out
    assert main(["workflows", "--check", "--into", str(tmp_path)]) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["prod", "--only", "nothing"], "one of ci, preview"),
        (["prod", "--gitlab", "--only", "ci"], "GitLab has one file"),
        (["prod", "--service", "web"], "letters, digits"),
        (["prod", "--service", "W b=x"], "its key in the stack file"),
        (["prod", "--service", "web=/srv/web"], "a folder of the repository"),
        (["prod", "--gitlab", "--service", "web=a/../../b"], "a folder of the repository"),
        (["prod", "--install", "a\nb"], "one line"),
        (["prod", "--project", "a b"], "letters, digits"),
    ],
)
def test_what_is_wrong_is_said(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["workflows", *words, "--into", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_init_writes_the_workflows_at_the_repositorys_root(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    begun(tmp_path)
    assert "docs/delivery.md" in capsys.readouterr().out
    deploy = (tmp_path / ".github/workflows/trellis-deploy.yml").read_text()
    assert '--cwd "infra"' in deploy
    assert "$GITHUB_WORKSPACE/infra/guardrails" in deploy
    assert (tmp_path / "infra/guardrails/PulumiPolicy.yaml").is_file()
    assert "-r infra/requirements.txt" in deploy
    assert list(parsed(deploy)["jobs"]) == ["reviewed", "deploy-dev", "deploy-prod"]
    assert main(["workflows", "--check", "--into", str(tmp_path)]) == 0


def test_gitlabs_files_are_kept_up_to_date_with_those_of_services(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    into = ["--into", str(tmp_path)]
    services = ["--service", "web=services/web", "--service", "api=api"]
    assert main(["workflows", "dev", "prod", "--gitlab", *services, *into]) == 0
    files = [".gitlab-ci.yml", ".gitlab/trellis-service-web.yml", ".gitlab/trellis-service-api.yml"]
    assert all((tmp_path / name).is_file() for name in files)
    included = parsed((tmp_path / files[0]).read_text())["include"]
    assert included == [{"local": f"/{name}"} for name in files[1:]]
    assert main(["workflows", "--check", *into]) == 0
    # The service's file says itself how all of them were written.
    (tmp_path / files[0]).unlink()
    assert main(["workflows", "--check", *into]) == 1
    assert main(["workflows", *into]) == 0
    (tmp_path / files[1]).write_text("mine\n")
    assert main(["workflows", *into]) == 2
    assert "--force" in capsys.readouterr().err
    assert "include" not in parsed(gitlab(Repository(("prod",)))[".gitlab-ci.yml"])


def test_init_writes_a_pipeline_for_gitlab(tmp_path: Path):
    words = ["--region", "eu-central-1", "--into", str(tmp_path)]
    assert main(["init", "shop", *words, "--workflows", "gitlab"]) == 0
    assert "deploy prod" in parsed((tmp_path / ".gitlab-ci.yml").read_text())
    assert not (tmp_path / ".github").exists()


def test_init_knows_two_hosts(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    words = ["--region", "eu-central-1", "--into", str(tmp_path)]
    assert main(["init", "shop", *words, "--workflows", "sourcehut"]) == 2
    assert "github, gitlab" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
