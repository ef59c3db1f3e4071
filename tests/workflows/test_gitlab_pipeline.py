"""GitLab's pipeline: services that go back, and drift by a schedule."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflows.gitlab_jobs import STACK_FILE, git
from tests.workflows.test_rendered_workflows import TEAM, parsed
from tests.workflows.test_traps import gitlab_jobs
from trellis.workflows.render import TEMPLATES, gitlab


def test_gitlab_brings_the_services_back_where_a_deployment_fails():
    pipeline = parsed(gitlab(TEAM)[".gitlab-ci.yml"])
    for stack in TEAM.stacks:
        script = pipeline[f"deploy {stack}"]["script"]
        export = next(at for at, line in enumerate(script) if "pulumi stack export" in line)
        assert "before.json" in script[export]
        deploys = script[export + 1]
        assert "if ! { pulumi up" in deploys
        # The engine's own events say why it failed, as on GitHub.
        assert deploys.index('--event-log "$PWD/events.json"') < deploys.index(
            "--events events.json"
        )
        assert deploys.index("trellis rollback") < deploys.index('"${targets[@]/#/--target=}"')
        assert deploys.rstrip().endswith("exit 1\nfi")


def test_gitlab_holds_committed_roles_against_the_plan():
    check = "\n".join(parsed(gitlab(TEAM)[".gitlab-ci.yml"])["check"]["script"])
    assert "trellis check --all" in check
    assert 'trellis roles "${stack%.roles.json}" --project "." --diff' in check


def repository(folder: Path) -> None:
    """A branch with a stack's file, whose remote is itself."""
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "remote", "add", "origin", str(folder))
    (folder / "Pulumi.prod.yaml").write_text(STACK_FILE)
    commit(folder, "x")


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "Pulumi.prod.yaml")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", message)


RECORDED = f"web is sha256:{'1' * 64}"


@pytest.mark.parametrize(
    ("since", "taken"),
    [
        ([RECORDED], True),
        ([RECORDED, f"api is sha256:{'2' * 64}"], True),
        ([RECORDED, "Another setting"], False),
        (["Another setting"], False),
        ([], False),
    ],
)
def test_images_that_were_recorded_since_stay_and_nothing_else_is_taken(
    since: list[str], taken: bool, tmp_path: Path
):
    repository(tmp_path)
    first = git(tmp_path, "rev-parse", "HEAD")
    for number, message in enumerate(since):
        (tmp_path / "Pulumi.prod.yaml").write_text(f"image: {number}\n")
        commit(tmp_path, message)
    git(tmp_path, "checkout", "--quiet", "--detach", first)
    lines = parsed(gitlab(TEAM)[".gitlab-ci.yml"])["deploy prod"]["script"]
    (script,) = [line for line in lines if "FETCH_HEAD" in line]
    subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=tmp_path, check=True)
    found = (tmp_path / "Pulumi.prod.yaml").read_text()
    assert found == (f"image: {len(since) - 1}\n" if taken else STACK_FILE)


@pytest.mark.parametrize(
    ("fails", "did", "code"),
    [
        ("nothing", ["pulumi up", "trellis smoke"], 0),
        ("pulumi up", ["pulumi up", "trellis diagnose", "trellis rollback", "pulumi up"], 1),
        (
            "trellis smoke",
            ["pulumi up", "trellis smoke", "trellis diagnose", "trellis rollback"],
            1,
        ),
        ("trellis diagnose", ["pulumi up", "trellis smoke"], 0),
        ("pulumi stack export", [], 1),
        ("trellis backend check", [], 1),
        ("trellis fingerprint", [], 1),
    ],
)
def test_gitlabs_deployment_with_a_fault_at_each_step(
    fails: str, did: list[str], code: int, tmp_path: Path
):
    (tmp_path / "bin").mkdir()
    for name in ("pulumi", "trellis"):
        command = tmp_path / "bin" / name
        command.write_text(
            f'#!/bin/bash\necho "{name} $*" >> "$SAID"\n'
            'case "$*" in *--targets*) printf "urn:a\\nurn:b\\n" > targets ;; esac\n'
            f'case "{name} $*" in "{fails}"*) exit 1 ;; esac\n'
        )
        command.chmod(0o755)
    role = "arn:aws:iam::123456789012:role/deploy"
    environment = {
        "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "SAID": str(tmp_path / "said"),
        "AWS_TOKEN": "eyJ", "TRELLIS_DEPLOY_ROLE": role, "TRELLIS_ACCOUNT": "123456789012",
        "TRELLIS_REGION": "us-east-1", "TRELLIS_STATE": "s3://x", "CI_PIPELINE_ID": "5",
        "CI_PROJECT_DIR": str(tmp_path), "TMPDIR": str(tmp_path),
    }  # fmt: skip
    repository(tmp_path)
    script = "\n".join(parsed(gitlab(TEAM)[".gitlab-ci.yml"])["deploy prod"]["script"])
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    text = [" ".join(line.split()[:2]) for line in (tmp_path / "said").read_text().splitlines()]
    changing = ("pulumi up", "trellis smoke", "trellis diagnose", "trellis rollback")
    assert [line for line in text if line in changing][: len(did) or None] == did
    if "trellis rollback" in did:
        (back,) = [
            line for line in (tmp_path / "said").read_text().splitlines() if "--target=" in line
        ]
        assert "--target=urn:a --target=urn:b" in back


def test_gitlab_looks_for_drift_by_a_schedule_and_deploys_by_none():
    pipeline = parsed(gitlab(TEAM)[".gitlab-ci.yml"])
    drift = pipeline["drift"]
    scheduled = '$CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == "main"'
    assert drift["rules"] == [{"if": f'{scheduled} && $TRELLIS_SCHEDULE != "notes"'}]
    assert drift["id_tokens"] == {"AWS_TOKEN": {"aud": "sts.amazonaws.com"}}
    assert drift["environment"]["action"] == "verify", "it deploys nothing"
    assert drift["parallel"]["matrix"] == [{"STACK": ["staging", "prod"]}]
    script = "\n".join(drift["script"])
    assert "--refresh --show-sames --json" in script
    assert "TRELLIS_DRIFT_ROLE" in script
    assert drift["artifacts"]["when"] == "always"
    scheduled_ones = ("drift", "expired environments", "notes")
    for name, job in gitlab_jobs().items():
        for rule in job["rules"] if name not in scheduled_ones else ():
            asked = ('!= "schedule"', '== "merge_request_event"', '== "push"')
            assert any(f"$CI_PIPELINE_SOURCE {words}" in rule["if"] for words in asked), name


def shell(tmp_path: Path, code: str, there: bool) -> list[str]:
    """What GitLab is asked for an issue, by a curl that writes its arguments down."""
    (tmp_path / "bin").mkdir()
    curl = tmp_path / "bin" / "curl"
    answer = '[{"iid": 9}]' if there else "[]"
    curl.write_text(
        f"#!/bin/sh\ncat > {tmp_path}/header\necho \"$@\" >> {tmp_path}/asked\necho '{answer}'\n"
    )
    curl.chmod(0o755)
    (tmp_path / "report/prod").mkdir(parents=True)
    (tmp_path / "report/prod/issue.md").write_text("### drift\n")
    environment = {
        "PATH": f"{curl.parent}:{Path(sys.executable).parent}:/usr/bin:/bin", "STACK": "prod",
        "CI_API_V4_URL": "https://gitlab.example/api/v4", "CI_PROJECT_ID": "5", "code": code,
        "TRELLIS_ISSUES_TOKEN": "glpat-secret",
    }  # fmt: skip
    script = (TEMPLATES / "gitlab-issue.sh").read_text()
    subprocess.run(["bash", "-euc", script], cwd=tmp_path, env=environment, check=True)
    asked = (tmp_path / "asked").read_text()
    assert "glpat-secret" not in asked
    assert "glpat-secret" in (tmp_path / "header").read_text()
    return asked.splitlines()


@pytest.mark.parametrize(
    ("code", "there", "did"),
    [
        ("1", False, "issues --data-urlencode title=Drift: prod"),
        ("1", True, "--request PUT https://gitlab.example/api/v4/projects/5/issues/9"),
        ("0", True, "state_event=close"),
        ("4", True, "state_event=close"),
        ("0", False, ""),
        ("2", True, ""),
    ],
)
def test_gitlabs_issue_of_a_stack_is_one_and_closed_when_clean(
    code: str, there: bool, did: str, tmp_path: Path
):
    asked = shell(tmp_path, code, there)
    assert "labels=trellis-drift-prod" in asked[0]
    assert len(asked) == (2 if did else 1)
    assert did in asked[-1]
