"""The scripts that make and destroy the stacks of pull and merge requests, run by bash.

The commands in them write down how they were called, and fail where a test says so.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.test_rendered_workflows import parsed
from trellis.workflows.render import GITHUB, Repository, github, gitlab

pytestmark = pytest.mark.long

TEAM = Repository(("staging", "prod"), project="infra")
HOSTS = ("github", "gitlab")
ROLE = "arn:aws:iam::123456789012:role/shop-delivery-all-previews-deploy"
STATE = "s3://shop-state?region=eu-central-1&awssdk=v2"

NOTED = """#!/bin/bash
printf '%s %s\\n' "$(basename "$0")" "$*" >> "$SAID"
case " $* " in
  *" expired "*) cat "$OVER" ;;
  *" environment "*) printf '%s' "$COMMENT" > report/comment.md ;;
esac
while IFS= read -r wrong; do
  case "$(basename "$0") $*" in $wrong) exit 1 ;; esac
done < "$FAILS"
"""
BOTO3 = """
import os, sys
class Pages:
    def paginate(self, Bucket, Prefix):
        if os.environ["LISTING"] == "refused":
            sys.exit("AccessDenied")
        print(Bucket, Prefix, file=open(os.environ["SAID"], "a"))
        yield {"Contents": [{"Key": key} for key in os.environ["LISTING"].split()]}
        yield {}
class Client:
    def get_paginator(self, name):
        assert name == "list_objects_v2"
        return Pages()
def client(service):
    assert service == "s3"
    return Client()
"""


@dataclass
class Ran:
    """What a script did."""

    code: int
    lines: list[str]
    output: str
    outputs: dict[str, str]

    def did(self, words: str) -> list[str]:
        """The commands that begin so."""
        return [line for line in self.lines if line.startswith(words)]


@dataclass
class Shell:
    """Where a script runs."""

    folder: Path
    keys: str = ""
    over: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    comment: str = "<!-- trellis-environment:pr-7 -->\n"
    more: dict[str, str] = field(default_factory=dict[str, str])

    def run(self, host: str, job: str, number: str) -> Ran:
        """Run a job's commands as its host does."""
        bin_, root = self.folder / "bin", self.folder / "root"
        for made in (bin_, root / "infra", self.folder / "temp", self.folder / "modules"):
            made.mkdir(parents=True)
        for name in ("pulumi", "trellis", "git"):
            (bin_ / name).write_text(NOTED)
            (bin_ / name).chmod(0o755)
        (self.folder / "modules/boto3.py").write_text(BOTO3)
        (root / "infra/Pulumi.yaml").write_text("name: shop\n")
        (self.folder / "over").write_text("".join(f"{stack}\n" for stack in self.over))
        (self.folder / "fails").write_text("".join(f"{wrong}\n" for wrong in self.fails))
        (self.folder / "said").touch()
        (self.folder / "outputs").touch()
        temporary = str(self.folder / "temp")
        environment = {
            "PATH": f"{bin_}:{Path(sys.executable).parent}:/usr/bin:/bin",
            "PYTHONPATH": str(self.folder / "modules"), "SAID": str(self.folder / "said"),
            "OVER": str(self.folder / "over"), "FAILS": str(self.folder / "fails"),
            "LISTING": self.keys, "COMMENT": self.comment, "STATE": STATE, "NUMBER": number,
            "STATE_KEY": "awskms:///KEY", "ROOT": str(root), "RUNNER_TEMP": temporary,
            "GITHUB_OUTPUT": str(self.folder / "outputs"), "CI_PROJECT_DIR": str(root),
            "CI_MERGE_REQUEST_IID": number, "TRELLIS_STATE": STATE, "AWS_TOKEN": "eyJ",
            "TRELLIS_STATE_KEY": "awskms:///KEY", "TRELLIS_DEPLOY_ROLE": ROLE,
            "CI_PIPELINE_ID": "5",
            "TRELLIS_ACCOUNT": "123456789012", "TRELLIS_REGION": "eu-central-1", "CI_JOB_ID": "9",
            "CI_PROJECT_URL": "https://gitlab.example/desh/shop", "TMPDIR": temporary,
            **self.more,
        }  # fmt: skip
        # GitLab ends a job where a part of a pipe fails, GitHub where its end does.
        shell = ["bash", "-eo", "pipefail"] if host == "gitlab" else ["bash", "-e"]
        done = subprocess.run(
            [*shell, "-c", commands(host, job)],
            cwd=root, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        outputs = dict(
            line.split("=", 1) for line in (self.folder / "outputs").read_text().splitlines()
        )
        address = root / "address.env"
        if address.is_file():
            outputs |= dict(line.split("=", 1) for line in address.read_text().splitlines())
        lines = (self.folder / "said").read_text().splitlines()
        return Ran(done.returncode, lines, done.stdout + done.stderr, outputs)


def commands(host: str, job: str) -> str:
    """All that a job runs after what installs."""
    if host == "github":
        found: dict[str, Any] = parsed(github(TEAM)[GITHUB["environments"]])["jobs"][job]
        steps = [step["run"] for step in found["steps"] if "run" in step]
        # Each step is a shell of its own, which begins at the root.
        return "\n".join(f"( {step}\n)" for step in steps if "pip install" not in step)
    name = {
        "make": "make environment",
        "destroy": "destroy environment",
        "expired": "expired environments",
    }
    return "\n".join(parsed(gitlab(TEAM)[".gitlab-ci.yml"])[name[job]]["script"])


def destroy_job(host: str, number: str) -> str:
    """GitLab has a job of its own for the nightly run."""
    return "destroy" if number or host == "github" else "expired"


THERE = (
    ".pulumi/stacks/shop/pr-3.json.zst .pulumi/stacks/shop/pr-7.json "
    ".pulumi/stacks/shop/pr-7.json.bak "
    ".pulumi/stacks/shop/pr-70.json.gz .pulumi/stacks/shop/pr-9.json .pulumi/stacks/shop/pr-x.json "
    ".pulumi/stacks/shop/pr-7.pulumi-tags"
)  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_what_is_closed_is_destroyed_and_nothing_beside_it(host: str, tmp_path: Path):
    done = Shell(tmp_path, THERE).run(host, "destroy", "7")
    assert done.code == 0, done.output
    (destroyed,) = done.did("pulumi destroy")
    assert destroyed.endswith("--remove --stack pr-7")
    assert done.did("shop-state .pulumi/stacks/shop/pr-")
    assert done.lines.index("pulumi config refresh --force --stack pr-7") < done.lines.index(
        destroyed
    )
    if host == "github":
        assert done.outputs["destroyed"].split() == ["7"]


@pytest.mark.parametrize("host", HOSTS)
def test_a_stack_that_was_never_made_is_no_failure(host: str, tmp_path: Path):
    done = Shell(tmp_path, ".pulumi/stacks/shop/pr-70.json").run(host, "destroy", "7")
    assert (done.code, done.did("pulumi destroy")) == (0, [])


@pytest.mark.parametrize("host", HOSTS)
def test_one_that_cannot_be_destroyed_fails_the_job_after_the_others(host: str, tmp_path: Path):
    shell = Shell(tmp_path, THERE, ("pr-3", "pr-9"), ("pulumi destroy*pr-3",))
    done = shell.run(host, destroy_job(host, ""), "")
    assert done.code == 1
    assert "pr-3 stands still" in done.output
    assert len(done.did("pulumi destroy")) == 2
    (asked,) = done.did("trellis expired")
    assert [f"{stack}.json" in asked for stack in ("pr-3", "pr-7", "pr-70", "pr-9")] == [True] * 4
    if host == "github":
        assert done.outputs["destroyed"].split() == ["9"]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("number", ["7", ""])
@pytest.mark.parametrize("fault", ["listing", "login", "export", "expired"])
def test_what_cannot_be_looked_at_fails_and_destroys_nothing(
    fault: str, number: str, host: str, tmp_path: Path
):
    fails = {
        "login": ("pulumi login*",), "export": ("pulumi stack export*",),
        "expired": ("trellis expired*",), "listing": (),
    }[fault]  # fmt: skip
    shell = Shell(tmp_path, "refused" if fault == "listing" else THERE, ("pr-3",), fails)
    done = shell.run(host, destroy_job(host, number), number)
    if number and fault in ("export", "expired"):
        # What a closed request had needs no last day.
        assert done.code == 0
        return
    assert done.code != 0
    assert done.did("pulumi destroy") == []


@pytest.mark.parametrize("host", HOSTS)
def test_a_first_push_begins_a_stack_and_a_later_one_goes_on(host: str, tmp_path: Path):
    first = Shell(tmp_path / "first", fails=("pulumi stack select*",)).run(host, "make", "7")
    assert first.code == 0, first.output
    (begun,) = first.did("pulumi stack init")
    assert begun.endswith("--secrets-provider awskms:///KEY")
    (up,) = first.did("pulumi up")
    assert "--stack pr-7" in up
    assert f"--policy-pack {tmp_path}/first/root/infra/guardrails" in up
    later = Shell(tmp_path / "later").run(host, "make", "7")
    assert (later.code, later.did("pulumi stack init")) == (0, [])
    assert later.did("pulumi config refresh --force")
    empty = Shell(tmp_path / "empty", fails=("pulumi config refresh*",)).run(host, "make", "7")
    assert empty.code == 0
    assert [line.split()[2] for line in empty.did("pulumi stack ")][:3] == ["select", "rm", "init"]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    "fault", ["pulumi login*", "trellis environment*", "trellis lookup*", "pulumi up*"]
)
def test_a_stack_that_cannot_be_made_fails_the_job_where_it_stands(
    fault: str, host: str, tmp_path: Path
):
    done = Shell(tmp_path, fails=(fault,)).run(host, "make", "7")
    assert done.code != 0
    assert done.lines[-1].startswith(fault.removesuffix("*"))
    assert done.outputs == {}


def test_gitlab_shows_the_first_host_or_the_report(tmp_path: Path):
    text = "<!-- trellis-environment:pr-7 -->\n\n- <https://app.pr-7.dev.example.com/>\n- <https://b/>\n"
    shown = Shell(tmp_path / "a", comment=text).run("gitlab", "make", "7")
    assert shown.outputs["TRELLIS_URL"] == "https://app.pr-7.dev.example.com/"
    bare = Shell(tmp_path / "b").run("gitlab", "make", "7")
    assert bare.outputs["TRELLIS_URL"].endswith("/-/jobs/9/artifacts/browse/report")


@pytest.mark.parametrize(
    "role", ["arn:aws:iam::999999999999:role/x", "", "arn:aws:iam::123456789012:role/"]
)
@pytest.mark.parametrize("job", ["make", "destroy", "expired"])
def test_gitlab_takes_no_role_of_another_account(job: str, role: str, tmp_path: Path):
    number = "" if job == "expired" else "7"
    done = Shell(tmp_path, THERE, more={"TRELLIS_DEPLOY_ROLE": role}).run("gitlab", job, number)
    assert done.code == 1
    assert "not of TRELLIS_ACCOUNT" in done.output
    assert done.lines == []


def test_gitlab_stops_an_environment_by_the_job_that_it_names():
    pipeline = parsed(gitlab(TEAM)[".gitlab-ci.yml"])
    make, destroy = pipeline["make environment"], pipeline["destroy environment"]
    assert make["environment"]["on_stop"] == "destroy environment"
    assert make["environment"]["auto_stop_in"] == "7 days"
    assert make["environment"]["name"] == destroy["environment"]["name"]
    assert destroy["environment"]["action"] == "stop"
    # GitLab starts the one only in pipelines that have the other, and waits for neither.
    (asked,), (stopped,) = make["rules"], destroy["rules"]
    assert stopped == {"if": asked["if"], "when": "manual", "allow_failure": True}
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in asked["if"], "no fork's"
    assert '$TRELLIS_ENVIRONMENTS == "on"' in asked["if"]
    assert make["resource_group"] == destroy["resource_group"]
    # What destroys runs nothing of the merge request, whose branch may be gone.
    assert destroy["variables"] == {"GIT_STRATEGY": "none"}
    assert '--branch "main"' in "\n".join(destroy["before_script"])
    assert "$CI_JOB_TOKEN@" not in str(destroy), "a token in an address stands in the process list"
    (nightly,) = pipeline["expired environments"]["rules"]
    assert '$CI_PIPELINE_SOURCE == "schedule"' in nightly["if"]
    assert '$CI_COMMIT_BRANCH == "main"' in nightly["if"]
    for job in (make, destroy, pipeline["expired environments"]):
        assert job["id_tokens"] == {"AWS_TOKEN": {"aud": "sts.amazonaws.com"}}
        assert job["interruptible"] is False
