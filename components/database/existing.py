"""Databases that exist already: an address, a name and the security group that guards them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from components.contracts import AccountRegion, Grant, Link
from components.database.links import OFFER
from components.parts.access import sid_part
from components.parts.domain import DomainName
from components.parts.existing import Existing, ExistingSettings, GroupId, server_link

ResourceId = Annotated[str, StringConstraints(pattern=r"^(db|cluster|prx)-[A-Za-z0-9]+$")]


class ExistingDatabase(ExistingSettings):
    """A database server that somebody else made, in this network or one that it is joined to."""

    host: DomainName
    """Host that clients connect to."""
    port: int = Field(ge=1, le=65_535)
    """Port that clients connect to."""
    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    """Of the database on the server."""
    security_group: GroupId
    """The server's: for each consumer a rule is added to it, and nothing else of it is touched."""
    resource_id: ResourceId | None = None
    """Of the instance (`db-...`), cluster (`cluster-...`) or proxy (`prx-...`), for `users`."""
    users: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,63}$")], ...] = ()
    """Database users that sign in with an IAM token."""

    @model_validator(mode="after")
    def _users_of_something(self) -> ExistingDatabase:
        if bool(self.users) != (self.resource_id is not None):
            raise ValueError("`users` together with `resourceId`")
        return self


EXISTING_OFFER = OFFER.of_existing(ExistingDatabase)


def _link(key: str, settings: ExistingDatabase, access: str | None, where: AccountRegion) -> Link:
    users = tuple(
        where.arn("rds-db", f"dbuser:{settings.resource_id}/{user}") for user in settings.users
    )
    sign_in = Grant(f"SignIn{sid_part(f'database-{key}')}", ("rds-db:connect",), users)
    return server_link(
        EXISTING_OFFER,
        key,
        settings,
        access,
        group=settings.security_group,
        port=settings.port,
        values={"host": settings.host, "name": settings.name},
        grants=(sign_in,) if users else (),
    )


EXISTING = Existing("databases", ExistingDatabase, EXISTING_OFFER, _link)
