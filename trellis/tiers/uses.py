"""Resolves `uses:`: every producer of a system by kind and key, and the link each line means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from components.contracts import AccountRegion, Link
from components.parts.existing import Existing
from components.parts.links import prefixed, renamed
from components.parts.outside import outside
from components.parts.own_grant import own_grant
from components.parts.uses import UseSettings
from components.secrets.secret import Secret
from trellis.registry import EXISTING
from trellis.stackfile.settings import SystemSettings
from trellis.stackfile.variables import POOL, USER


@dataclass(frozen=True)
class ExistingThing:
    """One thing that exists already; there is no component of it."""

    existing: Existing[Any]
    key: str
    settings: Any
    where: AccountRegion
    server: str = ""
    """Key of the thing whose name the rules of the server's security group have, where several
    are on one server: AWS takes a rule once."""

    def link(self, access: str | None = None) -> Link:
        """What a consumer gets."""
        link = self.existing.link(self.key, self.settings, access, self.where)
        named = f"{self.existing.offer.kind}-{self.server or self.key}"
        return replace(link, endpoints=tuple(replace(end, name=named) for end in link.endpoints))

    def value(self, variable: str, field: str | None) -> Link:
        """Its value, which a task gets as it starts.

        Raises:
            ValueError: it has none.
        """
        if self.existing.value is None:
            raise ValueError(f"{self.existing.field} have no value that a task gets as it starts")
        return self.existing.value(self.key, self.settings, variable, field, self.where)


def existing_things(settings: SystemSettings, where: AccountRegion) -> dict[str, dict[str, Any]]:
    """What exists already, by kind and key."""
    found: dict[str, dict[str, Any]] = {}
    for part, kind in EXISTING.items():
        things: Mapping[str, Any] = getattr(settings.existing, part)
        firsts: dict[tuple[str, int], str] = {}
        found[kind.offer.kind] = {}
        for key, thing in things.items():
            place = (getattr(thing, "security_group", ""), getattr(thing, "port", 0))
            first = firsts.setdefault(place, key) if place[0] else key
            found[kind.offer.kind][key] = ExistingThing(kind, key, thing, where, first)
    return found


@dataclass(frozen=True)
class Producers:
    """Everything a system has to offer, by kind (`database`, ...) and key."""

    by_kind: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Any])
    own: Mapping[str, Link] = field(default_factory=dict[str, Link])
    """What the program made beside the stack file, by the keys of `uses: [{link: KEY}]`."""

    def links(self, uses: Sequence[UseSettings]) -> tuple[Link, ...]:
        """The links of one consumer's lines. `checks` has refused what is unknown."""
        return tuple(self.link(use) for use in uses)

    def link(self, use: UseSettings) -> Link:
        """The link of one line; a secret with `as` reaches the task as it starts."""
        if use.address is not None:
            beyond = outside(use.address, use.port or 0, use.protocol)
            return Link(f"address-{beyond.name}", "connect", outside=(beyond,))
        if use.grant is not None:
            return own_grant(use.grant)
        if use.link is not None:
            return prefixed(self.own[use.link], use.prefix)
        producer = self.by_kind[use.kind][use.key]
        if isinstance(producer, ExistingThing):
            return self._existing(producer, use)
        if isinstance(producer, Secret):
            link = producer.link(use.access, environment=use.as_, json_key=use.field)
            return prefixed(link, use.prefix)
        if use.database is not None:
            link = producer.link(use.access, db_name=use.db_name, iam_user=use.iam_user)
            return self._renamed(link, use)
        if use.files is not None:
            return self._renamed(producer.link(use.access, at=use.at, point=use.point), use)
        return self._renamed(producer.link(use.access), use)

    def _existing(self, producer: ExistingThing, use: UseSettings) -> Link:
        if use.as_ is not None and producer.existing.value is not None:
            return prefixed(producer.value(use.as_, use.field), use.prefix)
        return self._renamed(producer.link(use.access), use)

    def _renamed(self, brought: Link, use: UseSettings) -> Link:
        link = renamed(brought, use.as_)
        if use.pool is not None:
            # Told to the application, so that what was checked is what it does.
            link = replace(link, environment={**link.environment, POOL: str(use.pool)})
        if use.iam_user is not None:
            link = replace(link, environment={**link.environment, USER: use.iam_user})
        return prefixed(link, use.prefix)
