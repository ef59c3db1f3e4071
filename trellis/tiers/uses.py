"""Resolves `uses:`: every producer of a system by kind and key, and the link each line means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from components.contracts import Link
from components.parts.links import prefixed, renamed
from components.parts.outside import outside
from components.parts.uses import UseSettings
from components.secrets.secret import Secret
from trellis.stackfile.variables import POOL


class Linkable(Protocol):
    """Anything that can be used."""

    def link(self, access: str | None = None) -> Link:
        """What a consumer gets; of the producer's default when no access is named."""
        ...


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
        if use.link is not None:
            return prefixed(self.own[use.link], use.prefix)
        producer = self.by_kind[use.kind][use.key]
        if isinstance(producer, Secret):
            link = producer.link(use.access, environment=use.as_, json_key=use.field)
            return prefixed(link, use.prefix)
        link = renamed(producer.link(use.access), use.as_)
        if use.pool is not None:
            # Told to the application, so that what was checked is what it does.
            link = replace(link, environment={**link.environment, POOL: str(use.pool)})
        return prefixed(link, use.prefix)
