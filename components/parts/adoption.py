"""`adopt`: a thing that exists becomes the entry's own, with all that it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, TypeAlias

from pydantic import StringConstraints, model_validator

from components.naming import Kind, Naming
from components.parts.identifiers import ID_FORMS, IdForm
from components.parts.model import Entry, Settings

Identifier = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$", max_length=2048)]
Property = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z0-9]*$")]
PhysicalName = Annotated[str, StringConstraints(pattern=r"^\S+$", max_length=512)]


class AlsoAdopted(Settings):
    """One more resource of the entry that exists already."""

    type: Annotated[str, StringConstraints(pattern=r"^aws:[a-z0-9]+/[A-Za-z0-9]+:[A-Za-z0-9]+$")]
    """Its type as the plan shows it, as in `aws:rds/clusterInstance:ClusterInstance`."""
    name: Annotated[str, StringConstraints(min_length=1)]
    """Its Pulumi name, as the plan shows it."""
    id: Identifier
    """What AWS's provider calls it."""
    keeps: tuple[Property, ...] = ()
    """Its properties that stay as AWS has them."""


class AdoptionSettings(Settings):
    """What exists and is taken over: it is imported, then changed to what the entry says."""

    id: Identifier
    """What AWS's provider calls it; docs/migrating.md has the form for each part."""
    keeps: tuple[Property, ...] = ()
    """Properties of the provider that stay as AWS has them for as long as this stands, as in
    `dbSubnetGroupName`: those that AWS changes only by making the thing anew."""
    also: tuple[AlsoAdopted, ...] = ()
    """Further resources of the entry that exist; the others are made."""


Adopt: TypeAlias = Identifier | AdoptionSettings


def adoption(adopt: Adopt) -> AdoptionSettings:
    """What is said of an adoption, also where only an identifier is."""
    return AdoptionSettings(id=adopt) if isinstance(adopt, str) else adopt


class Adoptable(Entry):
    """Settings of what may exist already, and then be taken over."""

    adopt: Adopt | None = None
    """Identifier of what exists already and becomes this entry's, with all it holds: it is
    imported, and changed in place to what the entry says. Nothing that this names is ever replaced.
    Once it is imported the line may go."""


class AdoptableByName(Adoptable):
    """The same, where the physical name follows from the key."""

    physical_name: PhysicalName | None = None
    """Its whole name on AWS, where that isn't the one that follows from the key: of what was made
    under another name, and adopted. It stays when `adopt` goes."""

    @model_validator(mode="after")
    def _one_name(self) -> AdoptableByName:
        if self.physical_name is not None and getattr(self, "name", None) is not None:
            raise ValueError("either `name` or `physicalName`: the second is the whole name")
        return self


class GivenName(NamedTuple):
    """A physical name that a person gave whole: `Naming.of(kind, *parts)` then gives it."""

    kind: Kind
    parts: tuple[str, ...]
    name: str


def _no_names(*_: Any) -> tuple[()]:
    return ()


@dataclass(frozen=True)
class Adopts:
    """What adoption means for the things of a tier."""

    types: tuple[str, ...]
    """The type of a thing's main resource; several where its settings choose."""
    over: tuple[str, ...] = ()
    """What is put over that which AWS has there, in words."""
    made: tuple[str, ...] = ()
    """What is made new and takes the place of what it had, in words."""
    also: tuple[str, ...] = ()
    """What can't be made while it exists, so that `also` has to name it, in words."""
    type_of: Callable[[Any], str] | None = None
    """Which of the types it is, by its settings."""
    resource: str = "{key}"
    """Pulumi name of the main resource."""
    name: Callable[[str, Any, Naming], str] | None = None
    """The physical name of a thing, where its identifier has it."""
    setting: str = "physicalName"
    """The setting that says this name."""
    given: Callable[[str, Any], Iterable[GivenName]] = _no_names
    """Names that the settings give whole."""
    form: IdForm | None = None
    """The form of its identifier, where that is not the form of all of the type."""

    def form_of(self, type_: str) -> IdForm:
        """The form of the identifier of a main resource."""
        return self.form or ID_FORMS[type_]

    def type(self, settings: Any) -> str:
        """The type of one thing's main resource."""
        return self.types[0] if self.type_of is None else self.type_of(settings)


def by_key(kind: Kind) -> Callable[[str, Any], Iterable[GivenName]]:
    """The whole name of a thing whose name else follows from its key."""

    def given(key: str, settings: Any) -> Iterable[GivenName]:
        if settings.physical_name is not None:
            yield GivenName(kind, (key,), settings.physical_name)

    return given


def named(kind: Kind) -> Callable[[str, Any, Naming], str]:
    """The physical name of a thing that is called by its key, or by `name` in its place."""

    def name(key: str, settings: Any, naming: Naming) -> str:
        return naming.of(kind, getattr(settings, "name", None) or key)

    return name
