"""What a person says of a stack's delivery: whose pipeline deploys it, from where."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.model import Entry, Settings

RoleKind = Literal["deploy", "drift", "service", "site"]

GitLabSubject = Literal["branch", "protectedBranch", "protectedEnvironment"]

Number = Annotated[int, Field(ge=1)]


class GitHubSettings(Settings):
    """A repository on GitHub whose workflows deploy."""

    repository: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[\w.-]{1,100}$")
    ]
    """As in `owner/name`."""
    owner_id: Number | None = None
    """The owner's number (`gh api users/OWNER --jq .id`). With `repositoryId`, tokens are taken
    whose subject carries both, as those of every repository do that was made, renamed or moved
    after 2026-07-15 ("OpenID Connect reference: immutable subject claims", GitHub Docs,
    2026-11)."""
    repository_id: Number | None = None
    """The repository's number (`gh api repos/OWNER/NAME --jq .id`), compared by itself too: it
    stays with a repository, its name may become somebody else's."""

    @model_validator(mode="after")
    def _both(self) -> GitHubSettings:
        if self.owner_id is not None and self.repository_id is None:
            raise ValueError("`ownerId` with `repositoryId`: a token has both numbers or neither")
        return self


class GitLabSettings(Settings):
    """A project on GitLab whose pipelines deploy."""

    project: Annotated[str, StringConstraints(pattern=r"^[\w.-]+(/[\w.-]+)+$", max_length=255)]
    """As in `group/project`."""
    host: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+$")] = "gitlab.com"
    """Of the instance."""
    subject: GitLabSubject = "branch"
    """What the subject of the project's tokens says, as its `ci_id_token_sub_claim_components` is:
    its branch (`project_path`, `ref_type`, `ref`: GitLab's default); `protectedBranch`, whether the
    branch is protected (`project_path`, `ref_protected`); or `protectedEnvironment`, whether the
    environment is too (`project_path`, `ref_protected`, `environment_protected`). The roles of
    merge requests' stacks take one of the latter, as their branches are any. GitLab knows these
    from 18.7 on ("Edit a project", GitLab Docs, 2026-11)."""


class DeliverySettings(Entry):
    """The delivery of one stack: its roles, and whose token opens them."""

    roles: Annotated[str, StringConstraints(pattern=r"\.roles\.json$")]
    """The file that `trellis roles STACK --write` wrote, from the folder of `Pulumi.yaml`."""
    github: GitHubSettings | None = None
    gitlab: GitLabSettings | None = None
    environment: Annotated[str, StringConstraints(pattern=r"^[\w.-]+$", max_length=255)]
    """The environment of the repository that deployments run in: its rules (reviewers, branches)
    are the gate. Letters, digits, `-`, `_` and `.`: a colon would be written otherwise in the
    subject. On GitLab the branch is compared instead: STS knows no claim of its environments."""
    branch: Annotated[str, StringConstraints(pattern=r"^[\w./-]+$", max_length=255)] = "main"
    """The branch whose scheduled run looks for drift, and on GitLab the one that deploys."""
    only: Annotated[tuple[RoleKind, ...], Field(min_length=1)] | None = None
    """Which of the file's roles are made; all, where nothing is said."""

    @model_validator(mode="after")
    def _one_pipeline(self) -> DeliverySettings:
        if (self.github is None) == (self.gitlab is None):
            raise ValueError("either `github` or `gitlab`: one pipeline opens the roles")
        if "branch" in self.model_fields_set and self.gitlab and self.gitlab.subject != "branch":
            raise ValueError(
                f"`branch` has no effect: by `gitlab.subject: {self.gitlab.subject}` any protected "
                "branch deploys"
            )
        return self
