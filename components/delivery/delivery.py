"""The delivery component: the roles that deploy one other stack, and the boundary of that stack.

Builds an IAM role for each kind of work of a pipeline, each with managed policies of its own, and
the permission boundary that all roles of the deployed stack must have. Promises: each role is
opened by the tokens of one repository and of one environment or branch, compared letter by letter;
none lasts longer than an hour; what it may do is the committed file, to the letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion
from components.delivery.settings import DeliverySettings, GitLabSettings
from components.naming import Kind, Naming
from components.parts.json_text import json_text
from components.parts.token_trust import AUDIENCE, GITHUB, github_claims, token_trust
from components.tags import name_tag

SESSION_SECONDS = 3_600
"""The shortest that IAM takes as a role's longest session ("UpdateRole", IAM API Reference,
2026-11). A deployment that takes longer signs in again by the same token."""

READS = ("drift",)
"""Kinds of roles that change nothing: a scheduled run of the branch opens them."""


@dataclass(frozen=True)
class DeployedRoles:
    """What the file of a stack's roles says."""

    stack: str
    """As in `clubapp prod`."""
    boundary_name: str
    boundary: Mapping[str, Any]
    documents: Mapping[str, Sequence[Mapping[str, Any]]]
    """Policies by kind of role."""
    short_lived: bool = False
    """Whether they deploy the stacks of pull requests, and no other."""


class Delivery(pulumi.ComponentResource):
    """The delivery of one stack. See the module's text for what it builds and promises."""

    def __init__(
        self,
        name: str,
        settings: DeliverySettings,
        roles: DeployedRoles,
        *,
        naming: Naming,
        where: AccountRegion,
        sign_in: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the boundary, then each role.

        Args:
            name: key in the stack file.
            roles: what the file says.
            sign_in: the account's providers of tokens, which a role that trusts one comes after.
        """
        super().__init__("trellis:delivery:Delivery", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self._boundary = aws.iam.Policy(
            f"{name}-boundary",
            name=roles.boundary_name,
            description=f"What no role of {roles.stack} gets more than",
            policy=json_text(roles.boundary),
            tags=name_tag(roles.boundary_name),
            opts=child,
        )
        self._roles = {
            kind: self._role(name, kind, documents, settings, roles, naming, where, sign_in)
            for kind, documents in roles.documents.items()
            if settings.only is None or kind in settings.only
        }
        self.register_outputs({})

    def exports(self) -> dict[str, pulumi.Input[object]]:
        """What a person sets as variables of the repository's environment."""
        return {kind: role.arn for kind, role in self._roles.items()}

    def _role(
        self,
        name: str,
        kind: str,
        documents: Sequence[Mapping[str, Any]],
        settings: DeliverySettings,
        roles: DeployedRoles,
        naming: Naming,
        where: AccountRegion,
        sign_in: Sequence[pulumi.Resource],
    ) -> aws.iam.Role:
        physical_name = naming.of(Kind.ROLE, name, kind)
        role = aws.iam.Role(
            f"{name}-{kind}",
            name=physical_name,
            description=f"{kind} of {roles.stack}, by its pipeline",
            assume_role_policy=json_text(_trust(settings, roles, kind, where)),
            max_session_duration=SESSION_SECONDS,
            tags=name_tag(physical_name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(sign_in)),
        )
        for at, document in enumerate(documents, 1):
            policy = aws.iam.Policy(
                f"{name}-{kind}-{at}",
                name=naming.of(Kind.ROLE, name, kind, str(at)),
                description=f"Part {at} of what {kind} of {roles.stack} may do",
                policy=json_text(document),
                tags=name_tag(naming.of(Kind.ROLE, name, kind, str(at))),
                opts=pulumi.ResourceOptions(parent=role),
            )
            aws.iam.RolePolicyAttachment(
                f"{name}-{kind}-{at}",
                role=role.name,
                policy_arn=policy.arn,
                opts=pulumi.ResourceOptions(parent=role),
            )
        return role


def _trust(
    settings: DeliverySettings, roles: DeployedRoles, kind: str, where: AccountRegion
) -> dict[str, Any]:
    """An environment takes the place of the branch in GitHub's subject, so its own rules say which
    branches deploy ("OpenID Connect reference", GitHub Docs, 2026-11)."""
    if settings.github is not None:
        hub = settings.github
        branch = f"ref:refs/heads/{settings.branch}"
        subject = branch if kind in READS else f"environment:{settings.environment}"
        claims = github_claims(hub.repository, hub.owner_id, hub.repository_id, subject)
        return token_trust(where, GITHUB, claims)
    lab = settings.gitlab
    assert lab is not None
    subjects = _gitlab_subjects(lab, settings.branch, roles.short_lived)
    return token_trust(where, lab.host, {"aud": AUDIENCE, "sub": subjects})


def _gitlab_subjects(lab: GitLabSettings, branch: str, short_lived: bool) -> str | tuple[str, ...]:
    """STS knows of GitLab's tokens the subject alone, which a project has say what it needs
    ("OpenID Connect (OIDC) Authentication Using ID Tokens", GitLab Docs, 2026-11). Stacks of merge
    requests are deployed from branches that nobody protects, in environments that nobody does, and
    destroyed by the nightly run of a protected branch too."""
    project = f"project_path:{lab.project}"
    if lab.subject == "branch":
        return f"{project}:ref_type:branch:ref:{branch}"
    reviewed, requested = f"{project}:ref_protected:true", f"{project}:ref_protected:false"
    if lab.subject == "protectedBranch":
        return (requested, reviewed) if short_lived else reviewed
    open_ = ":environment_protected:false"
    if short_lived:
        return (f"{requested}{open_}", f"{reviewed}{open_}")
    return f"{reviewed}:environment_protected:true"
