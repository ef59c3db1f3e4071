"""GitHub's deployments keep images that were recorded since their commit."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.gitlab_jobs import git
from tests.workflows.test_rendered_workflows import TEAM, parsed
from trellis.workflows.render import github

FILES = {
    "deploy": (".github/workflows/trellis-deploy.yml", "Images that were recorded"),
    "service": (".github/workflows/trellis-service-web.yml", "The stack stands"),
}
GH = """#!/bin/bash
printf '%s\\n' "$*" >> "$SAID"
case "$*" in
  *compare/*any*) printf '%s\\n' "$NEWER" ;;
  *compare/*) printf '%s' "$NEWEST" ;;
  *contents/*) echo "image: recorded" ;;
esac
"""


def job(kind: str) -> Any:
    return parsed(github(TEAM)[FILES[kind][0]])["jobs"]["deploy-prod"]


def script(kind: str, begins: str) -> str:
    (found,) = [step["run"] for step in job(kind)["steps"]
                if step.get("name", "").startswith(begins)]  # fmt: skip
    return found


def ran(folder: Path, text: str, **more: str) -> subprocess.CompletedProcess[str]:
    for name in ("bin", "temp"):
        (folder / name).mkdir(exist_ok=True)
    for name, body in (("gh", GH), ("trellis", "#!/bin/sh\n"), ("pulumi", "#!/bin/sh\n")):
        (folder / "bin" / name).write_text(body)
        (folder / "bin" / name).chmod(0o755)
    (folder / "Pulumi.prod.yaml").write_text("image: former\n")
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", text], cwd=folder, text=True, capture_output=True,
        env={"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "SAID": str(folder / "said"),
             "RUNNER_TEMP": str(folder / "temp"), "GITHUB_REPOSITORY": "desh/shop",
             "GITHUB_SHA": "abc", **more}, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FILES))
@pytest.mark.parametrize(("newest", "text"), [("def", "recorded"), ("", "former")])
def test_the_file_is_that_of_the_recorded_images_where_nothing_else_came(
    kind: str, newest: str, text: str, tmp_path: Path
):
    done = ran(tmp_path, script(kind, FILES[kind][1]), NEWEST=newest)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "Pulumi.prod.yaml").read_text() == f"image: {text}\n"
    written = (tmp_path / "said").read_text()
    assert "repos/desh/shop/compare/abc...main" in written
    assert ("repos/desh/shop/contents/Pulumi.prod.yaml?ref=def" in written) == bool(newest)


def test_only_what_github_signed_for_a_services_workflow_is_taken():
    for kind, (_, begins) in FILES.items():
        text = script(kind, begins)
        for asked in ('"github-actions[bot]"', ".commit.verification.verified", "all(.[];"):
            assert asked in text


def test_the_reviewed_plan_is_asked_before_images_are_taken_and_they_before_the_deployment():
    names = [step.get("name", "") for step in job("deploy")["steps"]]
    words = ("The plan is the reviewed one", "Images that were", "Deploy")
    order = [
        next(at for at, name in enumerate(names) if name.startswith(begins)) for begins in words
    ]
    assert order == sorted(order)


def test_the_former_file_of_a_service_is_the_one_that_it_began_with(tmp_path: Path):
    git(tmp_path, "init", "--quiet")
    text = script("service", "The stack stands")
    deploy = script("service", "Deploy exactly").split("pulumi up")[0]
    done = ran(tmp_path, f"{text}\n{deploy}", NEWEST="def", DIGEST="sha256:1",
               GITHUB_WORKSPACE=str(tmp_path), STATE="s3://x")  # fmt: skip
    assert done.returncode == 0, done.stderr
    former = (tmp_path / "temp/stack/former").read_text().strip()
    assert former == git(tmp_path, "hash-object", str(tmp_path / "temp/former.yaml"))
    assert (tmp_path / "temp/former.yaml").read_text() == "image: recorded\n"


@pytest.mark.parametrize(("newer", "code"), [("true", 1), ("false", 0)])
def test_an_older_image_does_not_go_over_a_recorded_one(newer: str, code: int, tmp_path: Path):
    done = ran(tmp_path, script("service", "No newer image"), NEWER=newer)
    assert done.returncode == code
    written = (tmp_path / "said").read_text()
    assert 'startswith("web in prod is sha256:")' in written
    assert 'startswith("services/web/")' in written
