"""Doctor tells whether the tokens of a delivery's repository are those that its roles compare."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from components.delivery.settings import DeliverySettings
from trellis.operate import doctor_repository
from trellis.operate.findings import Finding, Status
from trellis.operate.system import System

SUBJECT = "repos/desh/web/actions/oidc/customization/sub"
REPOSITORY = {"id": 22, "owner": {"id": 11}, "created_at": "2024-01-02T00:00:00Z"}
GITHUB = {"repository": "desh/web"}


def answers(folder: Path, program: str, responses: dict[str, Any]) -> None:
    """A command line that answers to `api PATH`, and fails for other paths."""
    cases = "".join(f"  {path}) echo '{json.dumps(text)}' ;;\n" for path, text in responses.items())
    file = folder / program
    file.write_text(
        f'#!/bin/sh\n[ "$1" = api ] || exit 9\ncase "$2" in\n{cases}  *) exit 1 ;;\nesac\n'
    )
    file.chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    return tmp_path


def looked(system: System, **pipeline: Any) -> Finding:
    fields = {"roles": "trellis.prod.roles.json", "environment": "production", **pipeline}
    delivery = DeliverySettings.model_validate(fields)
    settings = system.settings.model_copy(update={"deliveries": {"web": delivery}})
    (check,) = doctor_repository.CHECKS
    (finding,) = check.run(dataclasses.replace(system, settings=settings))
    return finding


@pytest.mark.parametrize(
    ("subject", "repository", "github", "status", "message"),
    [
        ({"use_default": True}, REPOSITORY, GITHUB, Status.OK, "GitHub's own"),
        ({"use_default": False, "include_claim_keys": ["repo", "context"]}, REPOSITORY, GITHUB,
         Status.OK, "GitHub's own"),
        ({"use_default": False, "include_claim_keys": ["repository_owner", "job_workflow_ref"]},
         REPOSITORY, GITHUB, Status.WRONG, "made of repository_owner, job_workflow_ref"),
        ({"use_default": False}, REPOSITORY, GITHUB, Status.WRONG, "what its owner says"),
        ({"use_default": True}, {**REPOSITORY, "created_at": "2026-08-01T00:00:00Z"}, GITHUB,
         Status.WRONG, "its subject carries numbers"),
        ({"use_default": True}, {**REPOSITORY, "created_at": "2026-08-01T00:00:00Z"},
         {**GITHUB, "ownerId": 11, "repositoryId": 22}, Status.OK, ""),
        ({"use_default": True}, REPOSITORY, {**GITHUB, "ownerId": 11, "repositoryId": 23},
         Status.WRONG, "another repository's now"),
        ({"use_default": True}, REPOSITORY, {**GITHUB, "repositoryId": 22}, Status.OK, ""),
    ],
)  # fmt: skip
def test_githubs_subject_and_numbers(
    path: Path,
    system: System,
    subject: Any,
    repository: Any,
    github: Any,
    status: Status,
    message: str,
):
    answers(path, "gh", {SUBJECT: subject, "repos/desh/web": repository})
    finding = looked(system, github=github)
    assert finding.status is status
    assert message in finding.message
    if "numbers" in finding.message:
        assert "`ownerId: 11, repositoryId: 22`" in finding.remedy


@pytest.mark.parametrize(
    ("subject", "parts", "status"),
    [
        ("branch", ["project_path", "ref_type", "ref"], Status.OK),
        ("branch", ["project_path", "ref_protected"], Status.WRONG),
        ("protectedBranch", ["project_path", "ref_protected"], Status.OK),
        ("protectedBranch", ["project_path", "ref_type", "ref"], Status.WRONG),
        ("protectedEnvironment", ["project_path", "ref_protected", "environment_protected"],
         Status.OK),
        ("protectedEnvironment", None, Status.UNKNOWN),
    ],
)  # fmt: skip
def test_gitlabs_subject(path: Path, system: System, subject: str, parts: Any, status: Status):
    response = {"ci_id_token_sub_claim_components": parts} if parts is not None else {"id": 1}
    answers(path, "glab", {"projects/desh%2Fweb": response})
    finding = looked(system, gitlab={"project": "desh/web", "subject": subject})
    assert finding.status is status


@pytest.mark.parametrize("message", [None, "[]", "no JSON"])
@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_where_it_cannot_be_read_the_command_is_told(
    host: str, message: str | None, path: Path, system: System
):
    for program in ("gh", "glab") if message is not None else ():
        (path / program).write_text(f"#!/bin/sh\necho '{message}'\n")
        (path / program).chmod(0o755)
    pipeline = {"github": GITHUB} if host == "github" else {"gitlab": {"project": "desh/web"}}
    finding = looked(system, **pipeline)
    assert finding.status is Status.UNKNOWN
    assert "must say" in finding.remedy


def test_a_stack_without_deliveries_is_not_asked_about(path: Path, system: System):
    (path / "gh").write_text("#!/bin/sh\nexit 99\n")
    (check,) = doctor_repository.CHECKS
    assert list(check.run(system)) == []
