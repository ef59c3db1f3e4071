"""Whether the tokens of a delivery's repository say what its roles compare.

A repository can have the subject of its tokens made of other parts, and then no role of Trellis's
is opened by any. AWS doesn't know; GitHub and GitLab tell it to who may read the repository, by
their own command lines, `gh` and `glab`.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from components.delivery.settings import GitHubSettings, GitLabSettings
from trellis.operate.findings import Check, Finding, Status
from trellis.operate.system import System
from trellis.stackfile.tree import is_mapping

SUBJECTS = "token subjects"

SECONDS = 20
"""Longest that a command line may take."""

IMMUTABLE = dt.date(2026, 7, 15)
"""From when on the subjects of new repositories carry numbers ("OpenID Connect reference: immutable
subject claims", GitHub Docs, 2026-11)."""

DEFAULT = ["repo", "context"]
"""What GitHub's own subject is made of ("OpenID Connect reference", GitHub Docs, 2026-11)."""

COMPONENTS: Mapping[str, list[str]] = {
    "branch": ["project_path", "ref_type", "ref"],
    "protectedBranch": ["project_path", "ref_protected"],
    "protectedEnvironment": ["project_path", "ref_protected", "environment_protected"],
}
"""What GitLab's subject is made of, by the setting ("Edit a project", GitLab Docs, 2026-11)."""


def _subjects(system: System) -> Iterator[Finding]:
    for key, delivery in system.settings.deliveries.items():
        if delivery.github is not None:
            place = system.place_of(("deliveries", key, "github"))
            yield from _github(delivery.github, place)
        elif delivery.gitlab is not None:
            yield _gitlab(delivery.gitlab, system.place_of(("deliveries", key, "gitlab")))


def _github(hub: GitHubSettings, place: str) -> Iterator[Finding]:
    path = f"repos/{hub.repository}"
    subject = _asked("gh", f"{path}/actions/oidc/customization/sub")
    known = _asked("gh", path)
    if subject is None or known is None:
        yield Finding(
            SUBJECTS,
            Status.UNKNOWN,
            f"{hub.repository}: not looked at: `gh` is not there, or may not",
            f"`gh api {path}/actions/oidc/customization/sub` must say `use_default: true`, or no "
            "token opens the roles",
            place,
        )
        return
    parts: list[Any] = subject.get("include_claim_keys") or []
    if not subject.get("use_default") and parts != DEFAULT:
        yield Finding(
            SUBJECTS,
            Status.WRONG,
            f"{hub.repository}: made of {', '.join(map(str, parts)) or 'what its owner says'}, "
            "and the roles compare GitHub's own subject: no token opens them",
            f"`gh api --method PUT {path}/actions/oidc/customization/sub -F use_default=true`",
            place,
        )
        return
    yield _numbers(hub, known, place)


def _numbers(hub: GitHubSettings, known: Mapping[str, Any], place: str) -> Finding:
    """Whether the stack file has the repository's own numbers, where its subject carries them."""
    owner, own = known.get("owner", {}).get("id"), known.get("id")
    ids = (hub.owner_id, hub.repository_id)
    numbers = f"`ownerId: {owner}, repositoryId: {own}`"
    if (ids[0] not in (None, owner)) or (ids[1] not in (None, own)):
        return Finding(
            SUBJECTS, Status.WRONG,
            f"{hub.repository}: has other numbers: its name is another repository's now",
            f"{numbers}, where it is still yours", place,
        )  # fmt: skip
    made = str(known.get("created_at", ""))[:10]
    if hub.owner_id is None and made >= IMMUTABLE.isoformat():
        return Finding(
            SUBJECTS, Status.WRONG,
            f"{hub.repository}: made on {made}, so its subject carries numbers: no token opens the "
            "roles", numbers, place,
        )  # fmt: skip
    return Finding(SUBJECTS, Status.OK, f"{hub.repository}: GitHub's own")


def _gitlab(lab: GitLabSettings, place: str) -> Finding:
    path = f"projects/{quote(lab.project, safe='')}"
    found = _asked("glab", path, *(() if lab.host == "gitlab.com" else ("--hostname", lab.host)))
    wanted = COMPONENTS[lab.subject]
    setting = "ci_id_token_sub_claim_components"
    # Who may not change a project is told nothing of it.
    parts = None if found is None else found.get(setting)
    if parts is None:
        return Finding(
            SUBJECTS,
            Status.UNKNOWN,
            f"{lab.project}: not looked at: `glab` is not there, or may not",
            f"`glab api {path}` must say `{setting}: {json.dumps(wanted)}`, or no token opens the "
            "roles",
            place,
        )
    if parts != wanted:
        return Finding(
            SUBJECTS,
            Status.WRONG,
            f"{lab.project}: made of {', '.join(map(str, parts))}, and the roles compare "
            f"{', '.join(wanted)} (`subject: {lab.subject}`): no token opens them",
            "set it as docs/delivery.md says, or say `gitlab.subject` as it is",
            place,
        )
    return Finding(SUBJECTS, Status.OK, f"{lab.project}: {', '.join(wanted)}")


def _asked(program: str, path: str, *words: str) -> Mapping[str, Any] | None:
    """What a host's command line answers; None where it is not there, fails or says no object."""
    there = shutil.which(program)
    if there is None:
        return None
    try:
        done = subprocess.run(
            [there, "api", path, *words],
            capture_output=True, text=True, check=False, timeout=SECONDS,
        )  # fmt: skip
        parsed: Any = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    return parsed if is_mapping(parsed) else None


CHECKS = (Check(SUBJECTS, _subjects),)
