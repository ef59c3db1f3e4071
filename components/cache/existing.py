"""Caches that exist already: an address, and the security group that guards them."""

from __future__ import annotations

from pydantic import Field

from components.cache.cache import OFFER
from components.contracts import AccountRegion, Endpoint, Link
from components.parts.domain import DomainName
from components.parts.existing import Existing, ExistingSettings, GroupId


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
    producer = f"cache-{key}"
    chosen = EXISTING_OFFER.chosen(key, settings, access)
    values = {"host": settings.host, "port": str(settings.port)}
    return Link(
        producer=producer,
        access=chosen,
        endpoints=(Endpoint(producer, settings.security_group, settings.port),),
        environment=EXISTING_OFFER.environment(key, settings, values),
    )


EXISTING = Existing("caches", ExistingCache, EXISTING_OFFER, _link)
