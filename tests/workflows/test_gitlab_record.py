"""A digest that GitLab's pipeline has deployed is written into the stack files of its branch."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.gitlab_jobs import (
    DIGEST,
    STACK_FILE,
    git,
    ran,
    script,
    service_jobs,
)
from tests.workflows.test_rendered_workflows import TEAM


def origin(tmp_path: Path) -> Path:
    """A branch with two stack files, and a clone of it whose commit was deployed to both."""
    bare, root = tmp_path / "origin.git", tmp_path / "root"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    git(tmp_path, "clone", "--quiet", str(bare), str(root))
    for stack in TEAM.stacks:
        (root / f"Pulumi.{stack}.yaml").write_text(STACK_FILE)
    commit(root)
    for stack in TEAM.stacks:
        records = root / "stacks" / stack
        records.mkdir(parents=True)
        (records / "digest").write_text(f"{DIGEST}\n")
        (records / "former").write_text(git(root, "rev-parse", f"HEAD:Pulumi.{stack}.yaml"))
        (records / f"Pulumi.{stack}.yaml").write_text(f"image: {DIGEST}\n")
    # What the job pushes to by its address is this branch.
    (tmp_path / ".gitconfig").write_text(
        f'[url "{bare}"]\n\tinsteadOf = https://gitlab.example/desh/shop.git\n'
    )
    git(bare, "config", "receive.advertisePushOptions", "true")
    return bare


def commit(root: Path) -> None:
    git(root, "add", "*.yaml")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "x")
    git(root, "push", "--quiet", "origin", "HEAD:main")


def test_a_deployed_digest_is_written_to_the_branch(tmp_path: Path):
    bare = origin(tmp_path)
    done = ran(tmp_path, "record web")
    assert done.code == 0, done.output
    assert git(bare, "show", "-s", "--format=%an <%ae> %s", "main") == (
        f"Ada <ada@example.com> web is {DIGEST}"
    )
    for stack in TEAM.stacks:
        assert DIGEST in git(bare, "show", f"main:Pulumi.{stack}.yaml")
    assert sorted(git(bare, "ls-tree", "--name-only", "main").split()) == [
        "Pulumi.prod.yaml", "Pulumi.staging.yaml",
    ]  # fmt: skip
    # Said once; again there is nothing to say, as the file is another one already.
    again = ran(tmp_path, "record web")
    assert again.code == 1
    assert "changed meanwhile" in again.output


@pytest.mark.long
def test_what_somebody_changed_meanwhile_is_not_written_over(tmp_path: Path):
    bare = origin(tmp_path)
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(bare), str(other))
    (other / "README.yaml").write_text("hello\n")
    commit(other)
    # Another file is another matter.
    assert ran(tmp_path, "record web").code == 0
    git(other, "pull", "--quiet", "origin", "main")
    (other / "Pulumi.prod.yaml").write_text("image: theirs\n")
    commit(other)
    (tmp_path / "root/stacks/staging/former").write_text(
        git(bare, "rev-parse", "main:Pulumi.staging.yaml")
    )
    done = ran(tmp_path, "record web")
    assert done.code == 1
    assert "Pulumi.prod.yaml was changed meanwhile" in done.output
    assert git(bare, "show", "main:Pulumi.prod.yaml") == "image: theirs"


@pytest.mark.long
def test_a_branch_that_takes_no_pushes_fails_the_record_and_says_so(tmp_path: Path):
    bare = origin(tmp_path)
    hook = bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'You are not allowed to push' >&2\nexit 1\n")
    hook.chmod(0o755)
    done = ran(tmp_path, "record web")
    assert done.code != 0
    assert "not allowed" in done.output
    assert DIGEST not in git(bare, "show", "main:Pulumi.prod.yaml")


def test_a_stack_file_without_the_digest_is_not_recorded(tmp_path: Path):
    bare = origin(tmp_path)
    (tmp_path / "root/stacks/prod/Pulumi.prod.yaml").write_text("image: another\n")
    assert ran(tmp_path, "record web").code != 0
    assert git(bare, "show", "main:Pulumi.prod.yaml") == STACK_FILE.strip()


def test_the_jobs_token_stands_in_no_argument_and_starts_no_pipeline():
    record = service_jobs()["record web"]
    assert record["before_script"] == [], "nothing of the repository runs"
    run = script("record web")
    assert "--push-option ci.skip" in run
    assert "$CI_JOB_TOKEN@" not in run
    assert "id_tokens" not in record
    assert "environment" not in record
