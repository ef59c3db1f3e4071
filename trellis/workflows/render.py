"""Renders the workflows of one repository from the templates beside this file.

A template is YAML with `@@name@@` for what differs, `@@uses owner/action@@` for an action and
`@@tool name@@` for what fetches a program.
"""

from __future__ import annotations

import posixpath
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from trellis.workflows.actions import uses
from trellis.workflows.tools import BUILDKIT, fetched
from trellis.workflows.upkeep import stamped

TEMPLATES = Path(__file__).with_name("templates")
PLACE = re.compile(r"@@(uses )?([\w./-]+)@@")
INCLUDED = re.compile(r"^( *)@@(include|tool) ([\w.-]+)@@\n", re.MULTILINE)
STACK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")

DAYS = 7
"""That a pull request's stack is there after the last push."""

INSTALL = "python -m pip install --disable-pip-version-check -r {}"

GITHUB = {
    "ci": ".github/workflows/trellis-ci.yml",
    "preview": ".github/workflows/trellis-preview.yml",
    "comment": ".github/workflows/trellis-comment.yml",
    "deploy": ".github/workflows/trellis-deploy.yml",
    "drift": ".github/workflows/trellis-drift.yml",
    "environments": ".github/workflows/trellis-environments.yml",
    "dependabot": ".github/dependabot.yml",
}
GITLAB = {"gitlab": ".gitlab-ci.yml"}
HOSTS = ("github", "gitlab")


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
    install: Sequence[str] = ()
    """Commands that put `trellis` on the path; none: pip and the project's requirements."""
    services: Mapping[str, str] = field(default_factory=dict[str, str])
    """Folders of the sources of services by key, for a workflow each."""
    like: str = ""
    """The stack that those of pull requests are like; empty: the first one."""
    policies: str = ""
    """Folder of the policy pack for the engine, from the repository's root; empty: the one that
    `trellis init` writes."""

    @property
    def commands(self) -> Sequence[str]:
        """What installs Trellis."""
        return self.install or (INSTALL.format(self._inside("requirements.txt")),)

    @property
    def pack(self) -> str:
        """Folder of the policy pack."""
        return self.policies or self._inside("guardrails")

    def _inside(self, name: str) -> str:
        return name if self.project == "." else f"{self.project}/{name}"

    @property
    def words(self) -> tuple[str, ...]:
        """The command that writes the workflows, after `trellis workflows`: what is as it would
        be without a flag is not said."""
        default = Repository(self.stacks)
        found = list(self.stacks)
        for flag in ("branch", "project", "python", "like", "policies"):
            value = getattr(self, flag)
            if value != getattr(default, flag):
                found += [f"--{flag}", value]
        found += [word for line in self.install for word in ("--install", line)]
        for key, folder in self.services.items():
            found += ["--service", f"{key}={folder}"]
        return tuple(found)


def github(repository: Repository, names: Sequence[str] = tuple(GITHUB)) -> dict[str, str]:
    """The workflows for GitHub, by path.

    Raises:
        NoWorkflowsError: there is no stack, or one whose name can stand in no workflow.
    """
    words = (*repository.words, *_only(names))
    found = {GITHUB[name]: _rendered(f"{name}.yml", repository) for name in names}
    for service, folder in repository.services.items():
        path = f".github/workflows/trellis-service-{service}.yml"
        found[path] = _rendered("service.yml", repository, service=service, **_sources(folder))
    return {path: stamped(text, words) for path, text in found.items()}


def gitlab(repository: Repository) -> dict[str, str]:
    """The pipeline for GitLab, by path.

    Raises:
        NoWorkflowsError: there is no stack, or one whose name can stand in no workflow.
    """
    words = (*repository.words, "--gitlab")
    found = {path: _rendered(f"{name}.yml", repository) for name, path in GITLAB.items()}
    before: list[str] = []
    for service, folder in repository.services.items():
        more = {"service": service, "recorded": _earlier("record {}", before), **_sources(folder)}
        found[_gitlab_service(service)] = _rendered("gitlab-service.yml", repository, **more)
        before.append(service)
    return {path: stamped(text, words) for path, text in found.items()}


def _sources(folder: str) -> dict[str, str]:
    """A service's folder, and what the paths of its files begin with: hosts know no `./`."""
    found = posixpath.normpath(folder)
    return {"folder": found, "inside": "" if found == "." else f"{found}/"}


def _earlier(job: str, services: Sequence[str]) -> str:
    """What a service's job comes after, if the same push changed those services too: one changes a
    stack's file after the other."""
    return "".join(f", {{job: {job.format(one)}, optional: true}}" for one in services)


def _gitlab_service(service: str) -> str:
    return f".gitlab/trellis-service-{service}.yml"


def _included(services: Sequence[str]) -> str:
    """What makes the services' files part of the pipeline; nothing, where there is none."""
    lines = [f"  - local: /{_gitlab_service(service)}\n" for service in services]
    return "".join(["include:\n", *lines, "\n"]) if lines else ""


def _only(names: Sequence[str]) -> list[str]:
    """The flags that say which workflows these are; none for all of them."""
    if tuple(names) == tuple(GITHUB):
        return []
    return [word for name in names for word in ("--only", name)]


def rendered(host: str, repository: Repository) -> dict[str, str]:
    """All files for one of the hosts, by path.

    Raises:
        NoWorkflowsError: there is no stack, or one whose name can stand in no workflow.
    """
    return gitlab(repository) if host == "gitlab" else github(repository)


def _rendered(template: str, repository: Repository, **more: str) -> str:
    _hold(repository)
    values = {
        **_common(repository),
        **more,
        "stacks": ", ".join(repository.stacks),
        "directory": "" if repository.project == "." else repository.project,
        "like": repository.like or repository.stacks[0],
        "days": str(DAYS),
        "looked": "\n".join(_looked(stack) for stack in repository.stacks),
        "last": f"deploy-{_job(repository.stacks[-1])}",
        "landed": ", ".join(f"{more.get('service')} to {stack}" for stack in repository.stacks),
        "services": _included(tuple(repository.services)),
        "deployments": _chain(template, repository, more),
    }
    return _filled(_whole(template), values)


def _common(repository: Repository) -> dict[str, str]:
    """What the workflow and its stacks' jobs say alike."""
    return {
        "branch": repository.branch,
        "project": repository.project,
        "python": repository.python,
        "install": "\n".join(f"          {line}" for line in repository.commands),
        "policies": repository.pack,
        "pulumi": version("pulumi"),
        "buildkit": BUILDKIT,
    }


def _whole(template: str) -> str:
    """A template with the others and the tools that it names, each as far in as the place where it
    is named."""

    def part(found: re.Match[str]) -> str:
        text = fetched(found[3]) if found[2] == "tool" else _whole(found[3])
        return textwrap.indent(text, found[1])

    return INCLUDED.sub(part, (TEMPLATES / template).read_text(encoding="utf-8"))


def _filled(text: str, values: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        return uses(found[2]) if found[1] else values[found[2]]

    return PLACE.sub(value, text)


def _looked(stack: str) -> str:
    """One stack of the drift workflow, whose variables are the repository's: an environment's
    would stand in the token's subject."""
    suffix = re.sub(r"[^A-Z0-9]", "_", stack.upper())
    lines = [f"- stack: {stack}"]
    for key, variable in (
        ("role", "DRIFT_ROLE"), ("account", "ACCOUNT"), ("region", "REGION"), ("state", "STATE"),
    ):  # fmt: skip
        lines.append(f"  {key}: ${{{{ vars.TRELLIS_{variable}_{suffix} }}}}")
    return textwrap.indent("\n".join(lines), " " * 10)


FIRST = {
    "gitlab.yml": "", "deploy.yml": "reviewed", "service.yml": "build, sign",
    "gitlab-service.yml": "",
}  # fmt: skip
"""What the first stack's deployment waits for, by template."""


def _chain(template: str, repository: Repository, more: Mapping[str, str]) -> str:
    """A deployment of each stack, each after the one before it."""
    if template not in FIRST:
        return ""
    text = _whole(template.replace(".yml", "-stack.yml"))
    jobs: list[str] = []
    before = FIRST[template]
    for stack in repository.stacks:
        job = _job(stack)
        keys = list(repository.services)
        earlier = keys[: keys.index(more["service"])] if "service" in more else ()
        own = {
            "stack": stack, "job": job, "before": before,
            "earlier": _earlier(f"{{}} to {stack}", earlier),
        }  # fmt: skip
        jobs.append(_filled(text, {**_common(repository), **more, **own}))
        after = {
            "gitlab.yml": f", deploy {stack}",
            "gitlab-service.yml": f", {more.get('service')} to {stack}",
            "service.yml": f"build, deploy-{job}",
        }
        before = after.get(template, f"deploy-{job}")
    return "\n".join(jobs)


def _job(stack: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", stack)


def _hold(repository: Repository) -> None:
    if not repository.stacks:
        raise NoWorkflowsError("no stack: name those that are deployed, in their order")
    for stack in (*repository.stacks, *([repository.like] if repository.like else ())):
        if not STACK.fullmatch(stack):
            raise NoWorkflowsError(
                f"stack {stack!r}: letters, digits, `-`, `_` and `.` can stand in a workflow"
            )
    for command in repository.commands:
        if not command.strip() or not command.isprintable() or "${{" in command:
            raise NoWorkflowsError(f"install command {command!r}: one line, without expressions")
    for key in repository.services:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", key):
            raise NoWorkflowsError(f"service {key!r}: its key in the stack file, and its folder")
    for key, folder in repository.services.items():
        if folder.startswith("/") or posixpath.normpath(folder).startswith(".."):
            raise NoWorkflowsError(f"service {key}, {folder!r}: a folder of the repository")
    for name in (
        repository.branch,
        repository.project,
        repository.python,
        repository.pack,
        *repository.services.values(),
    ):
        if not re.fullmatch(r"[\w./-]+", name):
            raise NoWorkflowsError(f"{name!r}: letters, digits, `-`, `_`, `.` and `/`")
