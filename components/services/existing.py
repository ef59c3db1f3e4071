"""Repositories that exist already: tasks pull from them, and nothing else is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pulumi
from pydantic import StringConstraints, model_validator

from components.contracts import AccountRegion, Arn
from components.parts.existing import ExistingSettings, Named, place_of
from components.parts.image_uri import registry, repository_url

NAME = r"(?:[a-z0-9]+(?:[._-]+[a-z0-9]+)*/)*[a-z0-9]+(?:[._-]+[a-z0-9]+)*"
"""As in `shop/web` ("CreateRepository", Amazon ECR API Reference, 2026-11, from memory)."""

OwnName = Annotated[str, StringConstraints(pattern=f"^{NAME}$", min_length=2, max_length=256)]

RepositoryArn = Annotated[
    str, StringConstraints(pattern=rf"^arn:aws[a-z-]*:ecr:[a-z0-9-]+:\d{{12}}:repository/{NAME}$")
]


class ExistingRepository(ExistingSettings):
    """A repository of ECR that somebody else made: exactly one of `arn` and `name`."""

    arn: RepositoryArn | None = None
    """Of any account and region. Another account's policy of it must let this one pull, and for a
    `tag` describe images (`ecr:DescribeImages`)."""
    name: OwnName | None = None
    """Of one in this account and region."""

    @model_validator(mode="after")
    def _one_way_to_find_it(self) -> ExistingRepository:
        if (self.arn is None) == (self.name is None):
            raise ValueError("exactly one of arn, name")
        return self


@dataclass(frozen=True)
class NamedRepository:
    """One that exists already, as images are found in it."""

    name: str
    """What a context file calls it: its name, or for an ARN its whole URL."""
    arn: Arn
    url: pulumi.Input[str]
    """Where images are pulled: registry and name, without tag."""


def named_repository(settings: ExistingRepository, where: AccountRegion) -> NamedRepository:
    """An existing repository as images are found in it."""
    if settings.arn is None:
        name = str(settings.name)
        return NamedRepository(
            name, where.arn("ecr", f"repository/{name}"), repository_url(where, name)
        )
    url = existing_label(settings)
    return NamedRepository(url, settings.arn, url)


def existing_label(settings: ExistingRepository) -> str:
    """What a context file calls an existing repository."""
    if settings.arn is None:
        return str(settings.name)
    place = place_of(settings.arn)
    name = settings.arn.partition(":repository/")[2]
    return f"{place.account}{registry(place)}/{name}"


EXISTING_REPOSITORIES = Named("repositories", ExistingRepository)
