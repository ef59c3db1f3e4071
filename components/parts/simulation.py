"""The form the tables are written in: what AWS adds to the inputs of one resource type.

A value in a table is text with placeholders, a list or dict of such, a plain value, or a function
of the `Scope`. Placeholders are the resource's own properties, `{id}`, `{region}`, `{account}`,
`{partition}`, `{suffix}`, `{label}` (the Pulumi name) and made-up characters: `{hex:17}`,
`{digits:12}`, `{upper:13}` (capitals and digits), `{lower:10}` (small letters and digits). Made-up
characters come from a hash of type, name and property, so every run gives the same ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast

Inputs: TypeAlias = Mapping[str, Any]

UUID = "{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}"
"""A made-up identifier of that form."""

CREATED = "2026-11-02T08:00:00Z"
"""When everything was made, for all that AWS dates."""

AUTO_NAME_DIGITS = 7
"""Hex digits that Pulumi adds to a name it makes up ("Autonaming", Pulumi docs, 2026-11)."""

DNS_SUFFIXES = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}
"""By partition ("AWS service endpoints", AWS General Reference, 2026-11)."""


@dataclass(frozen=True)
class Secret:
    """A value marked secret; its text never shows."""

    value: Any

    def __repr__(self) -> str:
        return "Secret(...)"


class Unknown:
    """A value that AWS decides at deployment; there is only one, `UNKNOWN`."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false")

    def __reduce__(self) -> str:
        """Copies and what comes back from a file are `UNKNOWN` itself, by its name."""
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class SimulationError(Exception):
    """The simulation can't answer; says for which resource and why."""


class RefusedError(SimulationError):
    """What AWS would answer with an error of its own, as when nothing has the name asked for."""


@dataclass(frozen=True)
class World:
    """Where the simulated resources live."""

    region: str
    account: str
    """Twelve digits."""
    partition: str = "aws"
    default_tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tags the provider adds to every resource that has tags."""
    stack_outputs: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict[str, Mapping[str, Any]]
    )
    """Outputs of other stacks by full name, `org/project/stack`."""


@dataclass(frozen=True)
class AutoName:
    """The property that Pulumi fills in where the program leaves it out."""

    property: str = "name"
    limit: int | None = None
    """Characters at most; Pulumi refuses a longer name."""
    before: str = ""
    """What a name starts with, as `alias/`."""
    fifo: str | None = None
    """The input that makes the name end in `.fifo`."""


@dataclass(frozen=True)
class Shape:
    """What AWS and its provider add to the inputs of one resource type."""

    id: Value = "{hex:17}"
    computed: Mapping[str, Value] = field(default_factory=dict[str, Any])
    """What AWS answers, unknown in a preview; an optional input wins where it is given."""
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the provider fills in itself, so a preview shows it too."""
    within: Mapping[str, Mapping[str, Value]] = field(
        default_factory=dict[str, "Mapping[str, Value]"]
    )
    """What AWS adds inside an object, given or not, by property; unknown in a preview."""
    named: AutoName | None = None
    regional: bool = True
    """Whether the type has a `region` property."""
    tagged: bool = True
    """Whether the type has a `tagsAll` property."""
    secrets: frozenset[str] = frozenset()
    """Outputs that the SDK marks as secret."""


class Scope(Mapping[str, Any]):
    """What a table's values may refer to: properties, identity and made-up characters."""

    def __init__(
        self, type_: str, label: str, state: Mapping[str, Any], world: World, parent: str = ""
    ) -> None:
        self.type = type_
        self.parent = parent
        self.label = label
        self.world = world
        self.region = str(state.get("region") or world.region)
        self.state = state
        self.property = "id"
        self.id = ""

    def __getitem__(self, key: str) -> Any:
        match key:
            case "id":
                return self.id
            case "region":
                return self.region
            case "account":
                return self.world.account
            case "partition":
                return self.world.partition
            case "suffix":
                return DNS_SUFFIXES.get(self.world.partition, "amazonaws.com")
            case "label":
                return self.label
            case "hex" | "digits" | "upper" | "lower":
                return Digest(key, f"{self.type}|{self.label}{self.parent}|{self.property}")
            case _:
                value = plain(self.state.get(key))
                if value is None:
                    raise SimulationError(
                        f"{self.type} {self.label!r}: `{self.property}` is made from `{key}`, "
                        "which the program did not give; add it to the resource's arguments"
                    )
                return value

    def __iter__(self) -> Any:
        return iter(self.state)

    def __len__(self) -> int:
        return len(self.state)

    def given(self, key: str) -> Any:
        """A property's plain value, or None."""
        return plain(self.state.get(key))

    def text(self, template: str) -> str:
        """A template with its placeholders filled in."""
        return template.format_map(self)


Value: TypeAlias = "str | int | bool | list[Any] | dict[str, Any] | Callable[[Scope], Any] | None"


class Digest:
    """Made-up characters of one alphabet, as a format field: `{hex:17}`."""

    _ALPHABETS = {
        "hex": "0123456789abcdef",
        "digits": "123456789",
        "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        "lower": "abcdefghijklmnopqrstuvwxyz0123456789",
    }

    def __init__(self, alphabet: str, salt: str) -> None:
        self._alphabet = self._ALPHABETS[alphabet]
        self._salt = salt

    def __format__(self, spec: str) -> str:
        number = int.from_bytes(hashlib.sha512(f"{self._salt}|{spec}".encode()).digest(), "big")
        characters: list[str] = []
        for _ in range(int(spec)):
            number, position = divmod(number, len(self._alphabet))
            characters.append(self._alphabet[position])
        return "".join(characters)


def plain(value: Any) -> Any:
    """A property value without its secret mark."""
    return value.value if isinstance(value, Secret) else value


def evaluate(value: Any, scope: Scope) -> Any:
    """A table's value with every placeholder filled in."""
    if isinstance(value, str):
        return value.format_map(scope) if "{" in value else value
    if isinstance(value, list):
        return [evaluate(element, scope) for element in cast("list[Any]", value)]
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {key: evaluate(element, scope) for key, element in items}
    if callable(value):
        return value(scope)
    return value


def auto_name(named: AutoName, type_: str, label: str, inputs: Inputs) -> str:
    """The name Pulumi makes up for a resource: its own name and seven hex digits.

    Raises:
        SimulationError: it is longer than the service allows, where the engine fails too.
    """
    digits = format(Digest("hex", f"{type_}|{label}|auto"), str(AUTO_NAME_DIGITS))
    prefix = plain(inputs.get(f"{named.property}Prefix"))
    name = f"{prefix}{digits}" if isinstance(prefix, str) else f"{named.before}{label}-{digits}"
    if named.fifo is not None and plain(inputs.get(named.fifo)):
        name += ".fifo"
    if named.limit is not None and len(name) > named.limit:
        raise SimulationError(
            f"{type_} {label!r}: the automatic name {name!r} is longer than the "
            f"{named.limit} characters allowed; shorten the Pulumi name or give `{named.property}`"
        )
    return name
