"""The graph of a stack that every control looks at: resources, inputs, and who refers to whom.

It is built once for an analysis and does not change. Joins are indexed by (type, input), so asking
every resource for its companions costs time proportional to the number of resources.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeVar, cast

from . import aws
from .defaults import defaults_of
from .facts import ResourceFacts
from .reading import ABSENT, Reading
from .unknown import UNKNOWN, Tri, Unknown, any_of, is_unknown

Derived = TypeVar("Derived")

# The inputs that name a resource physically, besides `name`.
_NAMING_INPUTS: Final = (
    "name",
    "bucket",
    "identifier",
    "clusterIdentifier",
    "replicationGroupId",
    "clusterId",
    "repositoryName",
    "functionName",
    "domainName",
    "id",
)
_IDENTIFYING_OUTPUTS: Final = (
    "id",
    "arn",
    "name",
    "keyId",
    "url",
    "identifier",
    "bucket",
    "dnsName",
    "domainName",
    "bucketDomainName",
    "bucketRegionalDomainName",
    "regionalDomainName",
)


class Resource:
    """One resource: its facts, and tri-state access to its inputs (``db["storageEncrypted"]``)."""

    __slots__ = ("_defaults", "facts")

    def __init__(self, facts: ResourceFacts) -> None:
        self.facts = facts
        self._defaults = defaults_of(facts.type)

    def __getitem__(self, name: str) -> Reading:
        found = self.facts.inputs.get(name, ABSENT)
        if found is None or found is ABSENT or found == "":
            found = self._defaults.get(name, ABSENT)
        return Reading(found, name, self._defaults)

    def at(self, path: str) -> Reading:
        """The reading at a dotted path (``networkConfiguration.subnets``)."""
        first, *rest = path.split(".")
        reading = self[first]
        for key in rest:
            reading = reading[key]
        return reading

    def leaves(self, path: str) -> tuple[Reading, ...]:
        """The readings at a dotted path, through every list on the way (``rules.topicArn``)."""
        first, *rest = path.split(".")
        found: tuple[Reading, ...] = _spread(self[first])
        for key in rest:
            found = tuple(leaf for one in found for leaf in _spread(one[key]))
        return found

    @property
    def urn(self) -> str:
        """The URN."""
        return self.facts.urn

    @property
    def type(self) -> str:
        """The type token, such as ``aws:s3/bucket:Bucket``."""
        return self.facts.type

    @property
    def name(self) -> str:
        """The Pulumi name."""
        return self.facts.name

    def unknown_inputs(self) -> tuple[str, ...]:
        """The names of the inputs in which something is not known until deployed."""
        return tuple(sorted(k for k, v in self.facts.inputs.items() if _has_unknown(v)))

    def provided(self, reading: Reading, *kinds: str) -> Tri:
        """Whether a value is given: known, or on its way from a resource of ``kinds``.

        A key's ARN is not known before the key is made, but that there will be one is.
        """
        if reading.is_unknown:
            urns = self.facts.property_dependencies.get(reading.path.split(".", 1)[0], ())
            if any(_type_of(urn) in kinds for urn in urns):
                return Tri.YES
        return reading.present()

    def named_later(self) -> bool:
        """Whether an input that names it is unknown, so that any name may turn out to be its."""
        inputs = self.facts.inputs
        return any(is_unknown(inputs.get(key)) for key in _NAMING_INPUTS)

    def identities(self) -> frozenset[str]:
        """Everything that another resource may write to mean this one: ids, ARNs, names."""
        known: set[str] = set()
        for source, keys in (
            (self.facts.outputs, _IDENTIFYING_OUTPUTS),
            (self.facts.inputs, _NAMING_INPUTS),
        ):
            if source is None:
                continue
            for key in keys:
                value = source.get(key)
                if isinstance(value, str) and value:
                    known.update(_spellings(value))
        return frozenset(known)

    def __repr__(self) -> str:
        return f"<{self.type} {self.name}>"


def _type_of(urn: str) -> str:
    """The resource's own type in a URN, which lists those of its parents before it."""
    parts = urn.split("::", 3)
    return parts[2].rsplit("$", 1)[-1] if len(parts) == 4 else ""


def _spread(reading: Reading) -> tuple[Reading, ...]:
    return (reading,) if reading.is_unknown else reading.elements()


def _has_unknown(value: object) -> bool:
    if is_unknown(value):
        return True
    if isinstance(value, Mapping):
        return any(_has_unknown(item) for item in cast("Mapping[str, object]", value).values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(_has_unknown(item) for item in cast("Sequence[object]", value))
    return False


def _spellings(reference: str) -> tuple[str, ...]:
    """A reference, and the resource's own part of an ARN, a URL or a path (``table/presence``)."""
    if not reference.startswith("arn:"):
        own = reference.rsplit("/", 1)[-1]
        return (reference,) if reference.startswith("/") or not own else (reference, own)
    plain = reference.removesuffix(":*").removesuffix("/*")
    resource = plain.split(":", 5)[-1]
    tails = {reference, plain, resource, resource.rsplit(":", 1)[-1], resource.rsplit("/", 1)[-1]}
    if resource.startswith("log-group:"):
        tails.add(resource.removeprefix("log-group:"))
    return tuple(tails)


@dataclass(frozen=True, slots=True)
class System:
    """What the stack says of itself through its ``trellis:index:System`` resource."""

    declared: bool = False
    profile: str = "production"
    environment: str = ""
    elsewhere: frozenset[str] = frozenset()
    exemptions: tuple[Mapping[str, object], ...] = ()


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
            if any(_has_unknown(member.value) for member in members):
                urns = resource.facts.property_dependencies.get(top, ())
                if not urns:
                    self.adrift.append(resource)
                for urn in urns:
                    self.by_urn.setdefault(urn, []).append(resource)
            for member in members:
                text = member.text()
                if text is not None:
                    for spelling in _spellings(text):
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
        if of.named_later():
            others = self._names_of(of.type)
            for reference, resources in index.by_identity.items():
                if reference not in others:
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
        spellings = _spellings(text)
        found: list[Resource] = []
        for kind in kinds:
            names = self._names_of(kind)
            for spelling in spellings:
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


def account_of(resources: Iterable[Resource]) -> str | Unknown:
    """The account of a provider's only allowed id, else of the first ARN that AWS returned."""
    first: str | Unknown = UNKNOWN
    for resource in resources:
        if resource.type == aws.PROVIDER:
            allowed = resource["allowedAccountIds"].parsed().elements()
            if len(allowed) == 1 and (text := allowed[0].text()) is not None:
                return text
        if is_unknown(first):
            arn = (resource.facts.outputs or {}).get("arn")
            parts = arn.split(":") if isinstance(arn, str) else []
            if len(parts) > 4 and parts[4].isdigit():
                first = parts[4]
    return first


def system_of(resource: Resource) -> System:
    """What a ``trellis:index:System`` resource says."""
    inputs = resource.facts.inputs
    exemptions = inputs.get("exemptions")
    elsewhere = inputs.get("elsewhere")
    profile, environment = inputs.get("profile"), inputs.get("environment")
    return System(
        declared=True,
        profile=profile if isinstance(profile, str) else "production",
        environment=environment if isinstance(environment, str) else "",
        elsewhere=frozenset(_texts(elsewhere)),
        exemptions=tuple(
            cast("Mapping[str, object]", one)
            for one in _list(exemptions)
            if isinstance(one, Mapping)
        ),
    )


def _list(value: object) -> Sequence[object]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return cast("Sequence[object]", value)
    return ()


def _texts(value: object) -> Iterable[str]:
    return (one for one in _list(value) if isinstance(one, str))
