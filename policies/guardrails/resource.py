"""One resource of a stack: tri-state access to its inputs, and the names others know it by."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, cast

from .aws import KEYS
from .defaults import defaults_of
from .facts import ResourceFacts
from .reading import ABSENT, Reading
from .twins import current, current_inputs
from .unknown import Tri, is_unknown

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

    __slots__ = ("_defaults", "_inputs", "facts", "type")

    def __init__(self, facts: ResourceFacts) -> None:
        self.facts = facts
        self.type = current(facts.type)
        """The type token under which the controls know it, such as ``aws:s3/bucket:Bucket``."""
        self._inputs = current_inputs(facts.type, facts.inputs)
        self._defaults = defaults_of(self.type)

    def __getitem__(self, name: str) -> Reading:
        found = self._inputs.get(name, ABSENT)
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
    def name(self) -> str:
        """The Pulumi name."""
        return self.facts.name

    def unknown_inputs(self) -> tuple[str, ...]:
        """The names of the inputs in which something is not known until deployed."""
        return tuple(sorted(k for k, v in self.facts.inputs.items() if has_unknown(v)))

    def provided(self, reading: Reading, *kinds: str) -> Tri:
        """Whether a value is given: known, or on its way from a resource of ``kinds``.

        A key's ARN is not known before the key is made, but that there will be one is.
        """
        if reading.is_unknown:
            urns = self.facts.property_dependencies.get(reading.path.split(".", 1)[0], ())
            if any(_type_of(urn) in kinds for urn in urns):
                return Tri.YES
        return reading.present()

    def customer_key(self, reading: Reading) -> Tri:
        """Whether a key is named that is not AWS's own for the service (``alias/aws/dynamodb``)."""
        return self.provided(reading, *KEYS) & (
            Tri.of(reading.is_unknown) | ~reading.matches(r"(^|[:/])alias/aws/")
        )

    def named_later(self) -> bool:
        """Whether an input that names it is unknown, so that any name may turn out to be its."""
        inputs = self.facts.inputs
        return any(is_unknown(inputs.get(key)) for key in _NAMING_INPUTS)

    def named_by_aws(self) -> bool:
        """Whether AWS gives it its id, and nothing says yet which: a text may turn out to be it."""
        if (self.facts.outputs or {}).get("id") is not None:
            return False
        return not any(isinstance(self.facts.inputs.get(key), str) for key in _NAMING_INPUTS)

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
                    known.update(spellings(value))
        return frozenset(known)

    def __repr__(self) -> str:
        return f"<{self.type} {self.name}>"


def _type_of(urn: str) -> str:
    """The resource's own type in a URN, which lists those of its parents before it."""
    parts = urn.split("::", 3)
    return current(parts[2].rsplit("$", 1)[-1]) if len(parts) == 4 else ""


def _spread(reading: Reading) -> tuple[Reading, ...]:
    return (reading,) if reading.is_unknown else reading.elements()


def has_unknown(value: object) -> bool:
    """Whether something in a value, at any depth, is not known until deployed."""
    if is_unknown(value):
        return True
    if isinstance(value, Mapping):
        return any(has_unknown(element) for element in cast("Mapping[str, object]", value).values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(has_unknown(element) for element in cast("Sequence[object]", value))
    return False


# What AWS makes up itself: `vpc-0a1b2c3d`, a key's UUID, a hosted zone, a distribution.
_GENERATED: Final = re.compile(
    r"[a-z]{2,8}-[0-9a-f]{8}(?:[0-9a-f]{9})?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|[ZE][A-Z0-9]{12,31}"
)


# The host by which CloudFront names a bucket: `logs.s3.amazonaws.com`, with or without a region.
_BUCKET_HOST: Final = re.compile(
    r"(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$"
)


def generated(reference: str) -> bool:
    """Whether a reference looks like an id that AWS made up, so that nothing else can be it."""
    return _GENERATED.fullmatch(reference) is not None


def spellings(reference: str) -> tuple[str, ...]:
    """A reference, and the resource's own part of an ARN, a URL or a path (``table/presence``)."""
    if not reference.startswith("arn:"):
        own = reference.rsplit("/", 1)[-1]
        host = _BUCKET_HOST.match(reference)
        if host is not None:
            return (reference, host["bucket"])
        return (reference,) if reference.startswith("/") or not own else (reference, own)
    plain = reference.removesuffix(":*").removesuffix("/*")
    resource = plain.split(":", 5)[-1]
    tails = {reference, plain, resource, resource.rsplit(":", 1)[-1], resource.rsplit("/", 1)[-1]}
    if plain.split(":")[2:3] == ["s3"]:
        # What comes after a bucket's name is a place in it.
        tails.add(resource.split("/", 1)[0])
    tails.discard("")
    if resource.startswith("log-group:"):
        tails.add(resource.removeprefix("log-group:"))
    return tuple(tails)
