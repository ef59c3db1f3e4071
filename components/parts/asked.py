"""What a rule of prices is asked about: one resource, and what it can find out around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from components.parts.charges import KeyPath, Pricing, Reason
from components.parts.simulation import UNKNOWN, Secret
from components.parts.spread import Spread


class PricedResource(Protocol):
    """A resource as the plan has it."""

    @property
    def urn(self) -> str: ...

    @property
    def type(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def parent(self) -> str: ...

    @property
    def inputs(self) -> Mapping[str, Any]: ...

    @property
    def property_dependencies(self) -> Mapping[str, tuple[str, ...]]: ...


class StatedUsage(Protocol):
    """How much everything is used in a month."""

    @property
    def size(self) -> str: ...

    def stated(self, part: str, key: str | None, measure: str) -> tuple[Spread, Reason] | None:
        """What the stack file states of one measure; None where it says nothing."""
        ...

    def of(self, part: str, key: str | None, measure: str) -> tuple[Spread, Reason]:
        """What is stated, or what is assumed for the size."""
        ...


class PricedPlan(Protocol):
    """All that is priced together, looked up by what rules ask for."""

    @property
    def usage(self) -> StatedUsage: ...

    @property
    def region(self) -> str: ...

    @property
    def settings(self) -> Any:
        """The whole stack file; None where none stands behind the plan."""
        ...

    @property
    def by_urn(self) -> Mapping[str, PricedResource]: ...

    @property
    def by_type(self) -> Mapping[str, Sequence[PricedResource]]: ...

    def of_type(self, type_: str) -> Sequence[PricedResource]:
        """The resources of one type."""
        ...

    def behind(self, resource: PricedResource, key: str, type_: str) -> PricedResource | None:
        """The resource of a type that an input of another comes from; None where there is none."""
        ...


@dataclass(frozen=True)
class Asked:
    """One resource, and the part of the stack file that it belongs to."""

    resource: PricedResource
    owner: KeyPath
    """As in `("databases", "main")`; only a part where it has no keys; empty where unknown."""
    plan: PricedPlan

    def get(self, key: str, default: Any = None) -> Any:
        """An input, unwrapped; the default where it is not set or not known yet."""
        return known(self.resource.inputs.get(key), default)

    @property
    def key(self) -> str | None:
        """Of the stack file."""
        return str(self.owner[1]) if len(self.owner) > 1 else None

    def used(self, part: str, measure: str) -> tuple[Spread, Reason]:
        """What its own key, or its part, is used."""
        key = self.key if self.owner and self.owner[0] == _camel(part) else None
        return self.plan.usage.of(part, key, measure)

    def stated(self, part: str, measure: str) -> tuple[Spread, Reason] | None:
        """The same, only where it is stated."""
        key = self.key if self.owner and self.owner[0] == _camel(part) else None
        return self.plan.usage.stated(part, key, measure)

    @property
    def is_first(self) -> bool:
        """Whether it is the first of its type: what all of a type use together counts there."""
        return self.plan.of_type(self.resource.type)[0] is self.resource

    def because(self, text: str, *path: str | int) -> Reason:
        """A reason in a setting of its own part."""
        return Reason(text, (*self.owner, *path) if self.owner else ())


Rule: TypeAlias = Callable[[Asked], Iterator[Pricing]]
"""What a resource of one type is charged for."""

WithoutResource: TypeAlias = Callable[[PricedPlan], Iterator[tuple[KeyPath, Pricing]]]
"""What costs and makes no resource, with the part of the stack file that says it."""


def known(value: Any, default: Any = None) -> Any:
    """A value without its mark; the default where it is absent or unknown."""
    if isinstance(value, Secret):
        value = value.value
    return default if value is None or value is UNKNOWN else value


def _camel(part: str) -> str:
    head, *rest = part.split("_")
    return head + "".join(word.title() for word in rest)
