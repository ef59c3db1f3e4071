"""The graph of a stack that every control looks at: resources, and who refers to whom.

It is built once for an analysis and does not change. Joins are indexed by (type, input), so asking
every resource for its companions costs time proportional to the number of resources.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar, cast

from . import aws
from .facts import ResourceFacts
from .reading import Reading
from .resource import Resource, generated, has_unknown, spellings
from .system import System, account_of, system_of
from .unknown import Tri, Unknown, any_of

__all__ = ["Companion", "Resource", "Stack", "System", "Targets", "account_of", "system_of"]

Derived = TypeVar("Derived")


@dataclass(frozen=True, slots=True)
class Companion:
    """A resource that refers to another, and whether it surely does (``YES``) or may."""

    resource: Resource
    belongs: Tri


@dataclass(frozen=True, slots=True)
class Targets:
    """What an input refers to: the resources of the stack, and whether that is all of it.

    ``complete`` is unknown when part of the reference is not known, or names something that is
    not in this stack.
    """

    found: tuple[Resource, ...]
    complete: Tri


class _ReferenceIndex:
    """Who refers to whom through one input of one type."""

    def __init__(self, stack: "Stack", kind: str, path: str) -> None:
        self.by_urn: dict[str, list[Resource]] = {}
        self.by_identity: dict[str, list[Resource]] = {}
        self.adrift: list[Resource] = []
        top = path.split(".", 1)[0]
        for resource in stack.of_type(kind):
            members = resource.leaves(path)
            if any(has_unknown(member.value) for member in members):
                urns = resource.facts.property_dependencies.get(top, ())
                if not urns:
                    self.adrift.append(resource)
                for urn in urns:
                    self.by_urn.setdefault(urn, []).append(resource)
            for member in members:
                text = member.text()
                if text is not None:
                    for spelling in spellings(text):
                        self.by_identity.setdefault(spelling, []).append(resource)


class Stack:
    """All resources of one stack, with the joins that AWS's split resources need."""

    def __init__(self, facts: Iterable[ResourceFacts]) -> None:
        self.resources: tuple[Resource, ...] = tuple(Resource(one) for one in facts)
        by_type: dict[str, list[Resource]] = {}
        for resource in self.resources:
            by_type.setdefault(resource.type, []).append(resource)
        self._by_type = by_type
        self._by_urn = {resource.urn: resource for resource in self.resources}
        self._indexes: dict[tuple[str, str], _ReferenceIndex] = {}
        self._names: dict[str, Mapping[str, tuple[Resource, ...]]] = {}
        self._derived: dict[str, object] = {}

    def of_type(self, *kinds: str) -> tuple[Resource, ...]:
        """The resources of these types, in the order they were registered within each type."""
        return tuple(resource for kind in kinds for resource in self._by_type.get(kind, ()))

    def by_urn(self, urn: str) -> Resource | None:
        """The resource with this URN."""
        return self._by_urn.get(urn)

    def companions(self, of: Resource, kind: str, path: str = "bucket") -> tuple[Companion, ...]:
        """The resources of ``kind`` whose input ``path`` refers to ``of``.

        A reference that is not known is settled by the URNs it depends on; without any it may
        mean ``of``, and the companion is returned as possible.
        """
        index = self._index(kind, path)
        found: dict[str, Companion] = {}
        for resource in index.by_urn.get(of.urn, ()):
            found[resource.urn] = Companion(resource, self._settled(resource, path, of))
        for identity in of.identities():
            for resource in index.by_identity.get(identity, ()):
                found[resource.urn] = Companion(resource, Tri.YES)
        anything = of.named_later()
        if anything or of.named_by_aws():
            others = self._names_of(of.type)
            for reference, resources in index.by_identity.items():
                if reference not in others and (anything or generated(reference)):
                    for resource in resources:
                        found.setdefault(resource.urn, Companion(resource, Tri.UNKNOWN))
        for resource in index.adrift:
            found.setdefault(resource.urn, Companion(resource, Tri.UNKNOWN))
        return tuple(found.values())

    def _settled(self, resource: Resource, path: str, of: Resource) -> Tri:
        urns = resource.facts.property_dependencies.get(path.split(".", 1)[0], ())
        rivals = [
            other
            for other in map(self._by_urn.get, urns)
            if other is not None and other.type == of.type
        ]
        members = resource.leaves(path)
        whole_list = resource[path.split(".", 1)[0]].is_unknown and path.endswith("s")
        room = sum(1 for member in members if member.is_unknown)
        return Tri.YES if whole_list or len(rivals) <= room else Tri.UNKNOWN

    def _index(self, kind: str, path: str) -> _ReferenceIndex:
        key = (kind, path)
        if key not in self._indexes:
            self._indexes[key] = _ReferenceIndex(self, kind, path)
        return self._indexes[key]

    def some_companion(
        self, of: Resource, kind: str, path: str, holds: Callable[[Resource], Tri]
    ) -> Tri:
        """Whether a companion of ``of`` satisfies ``holds``."""
        return any_of(c.belongs & holds(c.resource) for c in self.companions(of, kind, path))

    def follow(self, resource: Resource, path: str, *kinds: str) -> Targets:
        """The resources of ``kinds`` that an input of ``resource`` refers to."""
        leaves = resource.leaves(path)
        if len(leaves) == 1:
            return self.resolve(resource, leaves[0], *kinds)
        values = [leaf.value for leaf in leaves]
        return self.resolve(resource, Reading(values, path), *kinds)

    def resolve(self, resource: Resource, reading: Reading, *kinds: str) -> Targets:
        """The resources of ``kinds`` that a reading taken from ``resource`` refers to."""
        urns = resource.facts.property_dependencies.get(reading.path.split(".", 1)[0], ())
        if reading.is_unknown:
            found = self._by_dependency(urns, kinds)
            certain = bool(found) and (len(found) == 1 or reading.path.endswith("s"))
            return Targets(found, Tri.YES if certain else Tri.UNKNOWN)
        complete, known, open_members = Tri.YES, list[Resource](), 0
        for member in reading.elements():
            text = member.text()
            if text is None:
                open_members += 1
                continue
            matches = self._by_name(text, kinds)
            known.extend(matches)
            if not matches:
                complete = Tri.UNKNOWN
        if open_members:
            candidates = [one for one in self._by_dependency(urns, kinds) if one not in known]
            known.extend(candidates)
            if len(candidates) != open_members:
                complete = Tri.UNKNOWN
        return Targets(tuple(dict.fromkeys(known)), complete)

    def _by_dependency(self, urns: Iterable[str], kinds: tuple[str, ...]) -> tuple[Resource, ...]:
        found = (self._by_urn.get(urn) for urn in urns)
        return tuple(one for one in found if one is not None and one.type in kinds)

    def _by_name(self, text: str, kinds: tuple[str, ...]) -> tuple[Resource, ...]:
        found: list[Resource] = []
        for kind in kinds:
            names = self._names_of(kind)
            for spelling in spellings(text):
                found.extend(names.get(spelling, ()))
        return tuple(dict.fromkeys(found))

    def _names_of(self, kind: str) -> Mapping[str, tuple[Resource, ...]]:
        if kind not in self._names:
            names: dict[str, tuple[Resource, ...]] = {}
            for resource in self._by_type.get(kind, ()):
                for identity in resource.identities():
                    names[identity] = (*names.get(identity, ()), resource)
            self._names[kind] = MappingProxyType(names)
        return self._names[kind]

    def ancestors(self, resource: Resource) -> tuple[str, ...]:
        """The Pulumi names of the components that hold ``resource``, nearest first."""
        names: list[str] = []
        urn = resource.facts.parent
        while urn:
            parent = self._by_urn.get(urn)
            if parent is None or parent.type == "pulumi:pulumi:Stack":
                break
            names.append(parent.name)
            urn = parent.facts.parent
        return tuple(names)

    def once(self, name: str, build: "Callable[[Stack], Derived]") -> Derived:
        """What ``build`` makes of this stack, made the first time it is asked for."""
        if name not in self._derived:
            self._derived[name] = build(self)
        return cast("Derived", self._derived[name])

    @cached_property
    def account(self) -> str | Unknown:
        """The 12 digits of the account the stack is deployed to, where something says so."""
        return account_of(self.resources)

    @cached_property
    def system(self) -> System:
        """What the stack says of itself."""
        declared = self._by_type.get(aws.SYSTEM, ())
        return system_of(declared[0]) if declared else System()
