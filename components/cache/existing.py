"""Caches that exist already: an address, and the security group that guards them."""

from __future__ import annotations

from pydantic import Field

from components.cache.cache import OFFER
from components.contracts import AccountRegion, Link
from components.parts.domain import DomainName
from components.parts.existing import Existing, ExistingSettings, GroupId, server_link


class ExistingCache(ExistingSettings):
    """A Redis or Valkey server that somebody else made."""

    host: DomainName
    """Host that clients connect to."""
    port: int = Field(default=6379, ge=1, le=65_535)
    """Port that clients connect to."""
    security_group: GroupId
    """The server's: for each consumer a rule is added to it, and nothing else of it is touched."""


EXISTING_OFFER = OFFER.of_existing(ExistingCache)


def _link(key: str, settings: ExistingCache, access: str | None, _: AccountRegion) -> Link:
    return server_link(
        EXISTING_OFFER,
        key,
        settings,
        access,
        group=settings.security_group,
        port=settings.port,
        values={"host": settings.host},
    )


EXISTING = Existing("caches", ExistingCache, EXISTING_OFFER, _link)
