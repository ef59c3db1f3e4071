"""Which image of a registry runs, pinned by digest in the end."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.parts.image_uri import PUBLIC, is_tagged, private_repository, whole
from components.parts.model import Key, Settings
from components.parts.reference import Reference

ImageDigest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]

ImageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")]
"""As in "Image tag format" (OCI Distribution Specification 1.1)."""

ImageUri = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z0-9][\w.-]*(:\d+)?/)?[a-z0-9][\w./-]*"
        r"(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$"
    ),
    AfterValidator(whole),
]
"""An image elsewhere: `registry/name@sha256:...`, `registry/name:tag`, or one of Docker Hub by its
usual name (`nginx:1.27`)."""


class BuildSettings(Settings):
    """An image that `pulumi up` builds and pushes."""

    context: str
    """Folder with what is built, from the project's folder."""
    dockerfile: str = "Dockerfile"
    """From `context`."""
    target: str | None = None
    """Stage of a multi-stage Dockerfile."""
    arguments: dict[str, str] = Field(default_factory=dict[str, str])
    """Arguments of the build (`ARG`) by name."""


class ImageSettings(Settings):
    """Which image runs: one of an own repository, one elsewhere, or one built here."""

    repository: Annotated[Key, Reference("repositories")] | None = None
    """Key of one of `repositories` or `existing.repositories`; one that stands in neither is made
    with the defaults."""
    tag: ImageTag | None = None
    """Resolved to its digest before anything is registered."""
    digest: ImageDigest | None = None
    """Instead of `tag`, or to pin it by hand."""
    uri: ImageUri | None = None
    """A whole image reference with its registry (Docker Hub's where none is named, as in
    `nginx:1.27`), by digest, or by a tag that `trellis lookup` asks the registry for: the digest
    stands in the context file until it is looked up again."""
    build: BuildSettings | None = None
    credentials: Annotated[Key, Reference("secrets")] | None = None
    """With the `uri` of another registry than ECR's that asks for a password: key of one of
    `secrets` that a person fills, or of `existing.secrets`. Its value is JSON,
    `{"username": "...", "password": "..."}`; the next pull takes a new one."""

    @model_validator(mode="after")
    def _one_source(self) -> ImageSettings:
        if self.uri is not None and (self.repository or self.tag or self.digest or self.build):
            raise ValueError("`uri` alone")
        if self.build is not None and (self.tag or self.digest):
            raise ValueError("`build` without `tag` and `digest`: the build gives the digest")
        if self.uri is None and self.repository is None:
            raise ValueError("`repository` (with `tag` or `build`), or `uri`")
        if self.credentials is not None:
            _refuse_in_ecr(self.uri)
        if self.uri is not None and is_tagged(self.uri):
            _refuse_tag(self.uri, with_password=self.credentials is not None)
        return self


def _refuse_in_ecr(uri: str | None) -> None:
    if uri is None:
        raise ValueError("`credentials` with `uri` only: roles are let into own repositories")
    if private_repository(uri) is not None or uri.startswith(PUBLIC):
        raise ValueError("`credentials` with registries other than ECR's, which take no password")


def _refuse_tag(uri: str, *, with_password: bool) -> None:
    if private_repository(uri) is not None:
        raise ValueError(
            "an image of ECR by digest, or by the `repository` of the stack file and `tag`"
        )
    if with_password:
        raise ValueError("`credentials` with a `uri` by digest: a tag is asked without a password")
