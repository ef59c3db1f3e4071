"""The traps of delivery: each has its row in the documentation, and tests that hold it."""

from __future__ import annotations

import ast
import re
from importlib.metadata import version
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from trellis.workflows.render import Repository, github, gitlab

PAGE = ROOT / "docs/delivery.md"
TEAM = Repository(("staging", "prod"), services={"web": "services/web"})
ROW = re.compile(r"^\| (?P<trap>[^|]+) \| (?P<answer>[^|]+) \| (?P<held>[^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")

TRAPS = (
    "a subject by name", "the subject `pull_request`", "checks `aud` alone", "still says `ref:`",
    "a colon in", "a checkout of the pull request", "tags move", "a fork's hash", "a scanner that",
    "a comment cut", "two stacks, one comment", "a refresh in every", "who reads the state",
    "update plans", "the branch's plan", "a cancelled job", "a repair by hand",
    "resources registered inside", "a pull request that widens", "`PackedPolicyTooLarge`",
    "the right role in", "`--force-new-deployment`", "handlers' permissions", "an old engine",
    "an issue every night", "the bill of materials of",
)  # fmt: skip
"""In the order in which they were found (2026-11)."""


def rows() -> list[re.Match[str]]:
    section = PAGE.read_text(encoding="utf-8").partition("## Traps")[2]
    found = list(ROW.finditer(section))
    return [row for row in found if row["trap"] != "trap" and not row["trap"].startswith("---")]


def test_each_trap_has_its_row_in_order():
    traps = [row["trap"] for row in rows()]
    assert len(traps) == len(TRAPS) == 26
    for words, trap in zip(TRAPS, traps, strict=True):
        assert words in trap


@pytest.mark.parametrize("at", range(len(TRAPS)))
def test_each_trap_is_held_by_tests_that_are_there(at: int):
    named = TEST.findall(rows()[at]["held"])
    assert named, TRAPS[at]
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert name in functions, f"{file} has no {name}"


def steps() -> list[tuple[str, str, dict[str, Any]]]:
    """Every step of GitHub's workflows, with its file and job."""
    return [
        (path, name, step)
        for path, text in github(TEAM).items()
        for name, job in yaml.safe_load(text).get("jobs", {}).items()
        for step in job["steps"]
    ]


def gitlab_jobs() -> dict[str, dict[str, Any]]:
    """Every job of GitLab's pipeline, those of services too."""
    return {
        name: job
        for text in gitlab(TEAM).values()
        for name, job in yaml.safe_load(text).items()
        if isinstance(job, dict) and "script" in job
    }


def test_every_sign_in_names_its_account_and_brings_no_tags():
    found = [step for _, _, step in steps() if "configure-aws" in step.get("uses", "")]
    assert len(found) > 5
    for step in found:
        assert step["with"]["allowed-account-ids"].startswith("${{ ")
        assert step["with"]["role-skip-session-tagging"] is True
        assert "aws-access-key-id" not in step["with"]
    for name, job in gitlab_jobs().items():
        if "AWS_TOKEN" in job.get("id_tokens", {}):
            script = "\n".join(job["script"])
            signs_in = script.index('arn:aws*:iam::"$TRELLIS_ACCOUNT":role/')
            assert signs_in < script.index("pulumi "), name


def test_plans_of_pull_requests_refresh_nothing_and_sign_in_nowhere():
    for path, name, step in steps():
        refreshes = "--refresh" in step.get("run", "")
        if path.endswith(("trellis-preview.yml", "trellis-ci.yml", "trellis-comment.yml")):
            assert not refreshes, (path, name)
            assert "configure-aws" not in step.get("uses", "")
            assert "pulumi" not in step.get("run", "").replace("Pulumi", "")
    pipeline = gitlab_jobs()
    for job in (pipeline["check"], pipeline["plan"]):
        assert "id_tokens" not in job
        assert "pulumi" not in str(job["script"])


def test_nothing_goes_back_by_starting_the_same_again():
    for text in (*github(TEAM).values(), *gitlab(TEAM).values()):
        assert "force-new-deployment" not in text
        assert "--plan" not in text.replace("--plan-", "")


def test_the_engine_that_is_installed_is_the_sdks():
    installed = [
        str(step["with"]["pulumi-version"])
        for _, _, step in steps()
        if "pulumi/actions" in step.get("uses", "")
    ]
    assert set(installed) == {version("pulumi")}
    image = yaml.safe_load(gitlab(TEAM)[".gitlab-ci.yml"])["default"]["image"]
    assert image.endswith(f":{version('pulumi')}")


def test_no_run_that_changes_something_is_cancelled():
    for path, text in github(TEAM).items():
        found = yaml.safe_load(text)
        for job in found.get("jobs", {}).values():
            if any("pulumi up" in step.get("run", "") for step in job["steps"]):
                held = job.get("concurrency") or found["concurrency"]
                assert held["cancel-in-progress"] is False, path
    for name, job in gitlab_jobs().items():
        if re.search(r"pulumi (up|destroy)", "\n".join(job["script"])):
            assert job["interruptible"] is False, name
            assert job["resource_group"], name


def test_a_forks_hash_is_looked_for_online_every_day():
    text = github(TEAM)[".github/workflows/trellis-ci.yml"]
    job = yaml.safe_load(text)["jobs"]["impostors"]
    assert job["if"] == "github.event_name == 'schedule'"
    assert job["permissions"] == {"contents": "read"}
    (looks,) = [step for step in job["steps"] if "zizmor" in step.get("run", "")]
    assert "--offline" not in looks["run"]
    assert "GH_TOKEN" in looks["env"], "without a token the audits that ask GitHub are left out"
    assert re.search(r"zizmor==\d", text)
