"""Deliveries of a stack file: the roles that deploy other stacks, from their committed files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pulumi

from components.delivery.delivery import Delivery, DeployedRoles
from components.parts.token_trust import AUDIENCE, GITHUB
from trellis.stackfile.complaints import Complaint
from trellis.stackfile.loading import Loaded
from trellis.stackfile.settings import SystemSettings
from trellis.tiers.stack_context import StackContext

VERSION = 1
"""Of the file."""


def issuers_of(settings: SystemSettings) -> dict[str, set[str]]:
    """Whom tokens may be meant for, by issuer (host and path)."""
    return {
        GITHUB if delivery.gitlab is None else delivery.gitlab.host: {AUDIENCE}
        for delivery in settings.deliveries.values()
    }


def deployed_roles(loaded: Loaded) -> dict[str, DeployedRoles]:
    """What the files say, by the stack file's keys.

    Raises:
        StackFileError: files that are not there, are none of `trellis roles`, or are of another
            account; all of them at once.
    """
    found: dict[str, DeployedRoles] = {}
    wrong: list[Complaint] = []
    for key, delivery in loaded.settings.deliveries.items():
        path = ("deliveries", key, "roles")
        try:
            document = _read(loaded.folder / delivery.roles)
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no file of roles"
            wrong.append(
                (
                    path,
                    f"{delivery.roles}: {reason}",
                    "what `trellis roles STACK --write` writes",
                    "",
                )
            )
            continue
        settings = loaded.settings
        if document["account"] != settings.account:
            allowed = f"one of the account of this stack, {settings.account}"
            wrong.append((path, f"a file of account {document['account']}", allowed, ""))
        if (document["system"], document["environment"]) == (settings.name, settings.environment):
            allowed = "a file of another stack: roles stand in a stack of their own, applied first"
            wrong.append((path, f"the file of {document['stack']} itself", allowed, ""))
        lab = delivery.gitlab
        short_lived = "like" in document
        if short_lived and lab is not None and lab.subject == "branch":
            allowed = "`protectedBranch` or `protectedEnvironment`: a merge request's branch is any"
            subject = ("deliveries", key, "gitlab", "subject")
            wrong.append((subject, f"branch, for roles of {document['stack']}-*", allowed, ""))
        found[key] = DeployedRoles(
            f"{document['system']} {document['environment']}",
            document["boundary"]["name"],
            document["boundary"]["document"],
            document["roles"],
            short_lived,
        )
    wrong += _subjects(loaded.settings)
    if wrong:
        raise loaded.error(wrong)
    return found


def _subjects(settings: SystemSettings) -> Iterator[Complaint]:
    """A project on GitLab has one kind of subject for all of its tokens."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for key, delivery in settings.deliveries.items():
        lab = delivery.gitlab
        if lab is None:
            continue
        other, subject = first.setdefault((lab.host, lab.project), (key, lab.subject))
        if subject != lab.subject:
            yield (
                ("deliveries", key, "gitlab", "subject"),
                f"{lab.subject}, and {subject} at deliveries.{other}",
                f"the same for all of {lab.project}: it is the project's own setting",
                "",
            )


def make_deliveries(
    stack: StackContext, roles: Mapping[str, DeployedRoles], sign_in: Sequence[pulumi.Resource]
) -> None:
    """Make the roles, and export their ARNs by the stack file's keys.

    Args:
        sign_in: the account's providers of tokens.
    """
    made = {
        key: Delivery(
            key,
            settings,
            roles[key],
            naming=stack.naming,
            where=stack.where,
            sign_in=sign_in,
            opts=stack.child,
        )
        for key, settings in stack.settings.deliveries.items()
    }
    if made:
        pulumi.export("deliveries", {key: delivery.exports() for key, delivery in made.items()})


def _read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if found["version"] != VERSION:
        raise ValueError(found["version"])
    missing = {"account", "boundary", "environment", "roles", "stack", "system"} - found.keys()
    if missing:
        raise KeyError(*missing)
    return found
