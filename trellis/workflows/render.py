"""Renders the workflows of one repository from the templates beside this file.

A template is YAML with `@@name@@` for what differs and `@@uses owner/action@@` for an action.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trellis.workflows.actions import uses

TEMPLATES = Path(__file__).with_name("templates")
PLACE = re.compile(r"@@(uses )?([\w./-]+)@@")
STACK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")

INSTALL = ("python -m pip install --disable-pip-version-check -r requirements.txt",)

GITHUB = {
    "ci": ".github/workflows/trellis-ci.yml",
    "preview": ".github/workflows/trellis-preview.yml",
    "comment": ".github/workflows/trellis-comment.yml",
    "deploy": ".github/workflows/trellis-deploy.yml",
}
GITLAB = {"gitlab": ".gitlab-ci.yml"}


class NoWorkflowsError(ValueError):
    """Workflows can't be rendered so; the text says why."""


@dataclass(frozen=True)
class Repository:
    """What a repository's workflows depend on."""

    stacks: Sequence[str]
    """In the order in which they are deployed: the first is proved before the second."""
    branch: str = "main"
    project: str = "."
    """Folder of `Pulumi.yaml`."""
    python: str = "3.12"
    install: Sequence[str] = INSTALL
    """Commands that put `trellis` on the path."""
    policies: str = "guardrails"
    """Folder of the policy pack for the engine, from the repository's root."""


def github(repository: Repository, names: Sequence[str] = tuple(GITHUB)) -> dict[str, str]:
    """The workflows for GitHub, by path.

    Raises:
        NoWorkflowsError: there is no stack, or one whose name can stand in no workflow.
    """
    return {GITHUB[name]: _rendered(f"{name}.yml", repository) for name in names}


def gitlab(repository: Repository) -> dict[str, str]:
    """The pipeline for GitLab, by path.

    Raises:
        NoWorkflowsError: there is no stack, or one whose name can stand in no workflow.
    """
    return {path: _rendered(f"{name}.yml", repository) for name, path in GITLAB.items()}


def _rendered(template: str, repository: Repository) -> str:
    _hold(repository)
    values = {
        "stacks": ", ".join(repository.stacks),
        "branch": repository.branch,
        "project": repository.project,
        "python": repository.python,
        "install": "\n".join(f"          {line}" for line in repository.install),
        "policies": repository.policies,
        "deployments": _chain(template, repository),
    }
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    return _filled(text, values)


def _filled(text: str, values: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        return uses(found[2]) if found[1] else values[found[2]]

    return PLACE.sub(value, text)


def _chain(template: str, repository: Repository) -> str:
    """A deployment of each stack, each after the one before it."""
    part = TEMPLATES / template.replace(".yml", "-stack.yml")
    if not part.is_file():
        return ""
    text = part.read_text(encoding="utf-8")
    jobs: list[str] = []
    before = "check" if template == "gitlab.yml" else "reviewed"
    for stack in repository.stacks:
        values = {
            "stack": stack,
            "job": re.sub(r"[^A-Za-z0-9_-]", "-", stack),
            "before": before,
            "branch": repository.branch,
            "project": repository.project,
            "python": repository.python,
            "install": "\n".join(f"          {line}" for line in repository.install),
            "policies": repository.policies,
        }
        jobs.append(_filled(text, values))
        before = f"deploy {stack}" if template == "gitlab.yml" else f"deploy-{values['job']}"
    return "\n".join(jobs)


def _hold(repository: Repository) -> None:
    if not repository.stacks:
        raise NoWorkflowsError("no stack: name those that are deployed, in their order")
    for stack in repository.stacks:
        if not STACK.fullmatch(stack):
            raise NoWorkflowsError(
                f"stack {stack!r}: letters, digits, `-`, `_` and `.` can stand in a workflow"
            )
    for name in (repository.branch, repository.project, repository.python, repository.policies):
        if not re.fullmatch(r"[\w./-]+", name):
            raise NoWorkflowsError(f"{name!r}: letters, digits, `-`, `_`, `.` and `/`")
