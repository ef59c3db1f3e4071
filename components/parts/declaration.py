"""How a tier declares itself: everything that the rest of Trellis must know of it, once.

A package under `components/` has a `declaration.py` with `TIERS`: what each of its tiers is called
in the stack file, what it makes, offers, takes and needs. Tables elsewhere (kinds of `uses`,
environment variables, names that clash, endpoints, keys, facts of a plan, alarms that must be
there) are computed from it; see `trellis.registry` and docs/adding-a-tier.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

import pulumi

from components.contracts import (
    AccountRegion,
    Arn,
    Domain,
    NetworkNeeds,
    Placement,
    SubnetTier,
)
from components.naming import Naming
from components.parts.adoption import Adopts
from components.parts.changes import Change, Quota, Unique
from components.parts.existing import Existing, Named
from components.parts.offer import Offer
from components.parts.shown import Shown


class DeclarationError(Exception):
    """A tier that is not declared, or not whole."""


S = TypeVar("S")
"""The settings of one thing of a tier."""

CONFIGURATION = "it is a setting; what it belongs to is watched"
ACCESS = "it says who may do what; refusals show where they happen"
WATCHING = "it watches others"
ROUTING = "it carries or names nothing that can fail by itself; what uses it is watched"
RECORDS = "AWS keeps it working, and publishes no metric of its failure"


@dataclass(frozen=True)
class Instead:
    """Other metrics, where an input has one of some values."""

    input: str
    """Name, as in `protocol`."""
    values: tuple[str, ...]
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class Watched:
    """Every resource of the type has an alarm on each of these metrics."""

    metrics: tuple[str, ...]
    identities: tuple[str, ...] = ("name",)
    """Its inputs or outputs that an alarm's dimensions name it by, if only as a beginning."""
    instead: Instead | None = None
    """The metrics of those that AWS measures otherwise, as network load balancers."""

    def metrics_of(self, inputs: Mapping[str, object]) -> tuple[str, ...]:
        """The metrics of one resource, by its inputs."""
        other = self.instead
        if other is not None and inputs.get(other.input) in other.values:
            return other.metrics
        return self.metrics


@dataclass(frozen=True)
class Data:
    """What a resource holds that a new one in its place would not have."""

    what: str
    """As in `items` or `objects`."""
    name: str | None
    """The input with its physical name, which a second one can't have at the same time; None
    where AWS names it."""
    bring: str
    """How a person brings the data into a new one."""


@dataclass(frozen=True)
class Resource:
    """One type of AWS resource that a tier makes."""

    watched: Watched | str
    """Its alarms, or why it needs none."""
    facts: tuple[str, ...] = ()
    """Inputs that a plan shows beside its name, in reading order."""
    data: Data | None = None
    """What it holds; None where it can be made anew at any time."""
    unique: Unique | None = None
    """Of what there is one; None where two can be alike."""
    quota: Quota | None = None
    """How many there may be, where that is few."""
    change: Change = field(default_factory=Change)
    """What an edit of it does beyond what the provider says."""


class TakenName(NamedTuple):
    """A physical name that a thing of the stack file takes."""

    what: str
    """What is called so, as in `queue`: two of one kind can't have one name."""
    made: Callable[[], str]
    """Gives the name; raises `naming.IllegalNameError` where AWS would refuse it."""
    setting: tuple[str, ...] = ()
    """The setting that says the name, below the thing's own; empty where its key does."""
    scope: Literal["region", "account", "global"] = "region"
    """Where no other may have it."""


class Problem(NamedTuple):
    """What is wrong with the settings of one thing, seen with the stack it is in."""

    path: tuple[str | int, ...]
    """Below the thing's own."""
    found: str
    allowed: str
    hint: str = ""


@dataclass(frozen=True)
class StackFacts:
    """What every check of a tier may know of its stack."""

    naming: Naming
    region: str
    profile: Literal["development", "production"]


@dataclass(frozen=True)
class NetworkShape:
    """What a tier's needs of the network depend on."""

    data: SubnetTier
    """Subnets of what holds data."""
    zones: int
    nat: bool
    """Whether private subnets have a way to the internet."""


class ComponentContext(Protocol):
    """What the components of a stack are made with."""

    @property
    def naming(self) -> Naming:
        """Physical names."""
        ...

    @property
    def where(self) -> AccountRegion:
        """Account and region."""
        ...

    @property
    def child(self) -> pulumi.ResourceOptions:
        """Makes a resource a child of the system."""
        ...

    @property
    def protect(self) -> bool:
        """Whether what holds data survives a mistaken deletion."""
        ...

    @property
    def log_days(self) -> int:
        """Days that logs of Trellis's own functions are kept."""
        ...

    def key(self, domain: Domain, region: str | None = None) -> Arn:
        """The customer key of a domain."""
        ...

    def data_placement(self) -> Placement:
        """The subnets of what holds data."""
        ...


def _nothing(*_: Any) -> tuple[()]:
    return ()


@dataclass(frozen=True)
class Tier(Generic[S]):
    """One part of a stack file, and all that follows from it."""

    field: str
    """Its field of `SystemSettings`; the stack file says it in camelCase."""
    settings: Any
    """The model of one thing of it, or the union of several."""
    components: Mapping[str, Shown]
    """How each component that it becomes is shown, by its type, as in `trellis:table:Table`."""
    resources: Mapping[str, Resource]
    """Every type of AWS resource that its package makes and that no other part shares."""
    keys: frozenset[Domain]
    """Domains of the customer keys that encrypt it; empty where none does."""
    offer: Offer[Any] | None = None
    """What a `uses:` line may ask of it."""
    more_offers: tuple[Offer[Any], ...] = ()
    """Further ones, of what stands within it: each says in `part` where its keys are."""
    existing: tuple[Existing[Any], ...] = ()
    named: Named | None = None
    """What of it may be there already, made by somebody else."""
    adopts: Adopts | None = None
    """What may become a thing of it that exists already (`adopt`)."""
    names: Callable[[str, S, Naming], Iterable[TakenName]] = _nothing
    """Physical names that a thing takes, from its key and settings."""
    checks: tuple[Callable[[str, S, StackFacts], Iterable[Problem]], ...] = ()
    """What is wrong with a thing that its settings alone can't tell."""
    needs: Callable[[Mapping[str, S], NetworkShape], NetworkNeeds] | None = None
    """What all things of it need of the network; None where nothing."""
    make: Callable[[str, S, ComponentContext], Any] | None = None
    """Makes the component of one thing; None where it takes more than every component has, and
    `trellis.tiers` makes it."""
