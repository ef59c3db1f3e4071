"""What a program registered, whole: the plan, the checks and the tests read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from trellis.planner.wire import to_json

Mode = Literal["preview", "deployed"]
"""`preview`: what AWS decides is unknown; `deployed`: everything has a simulated value."""

MODES: tuple[Mode, ...] = get_args(Mode)

EXAMPLE_ACCOUNT = "123456789012"
"""The account id of AWS's own documentation, where a stack file names none."""


@dataclass(frozen=True)
class Recorded:
    """One registration, as the engine would have received it."""

    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    """URN of the parent; empty for a child of the stack."""
    inputs: Mapping[str, Any]
    """Plain values, `wire.UNKNOWN` or `wire.Secret`."""
    outputs: Mapping[str, Any]
    id: str
    """Empty in a preview."""
    dependencies: tuple[str, ...]
    property_dependencies: Mapping[str, tuple[str, ...]]
    protect: bool
    retain_on_delete: bool
    delete_before_replace: bool | None
    """None where the program leaves it to the provider."""
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    additional_secret_outputs: tuple[str, ...]
    aliases: tuple[str, ...]
    provider: str
    """URN and id of the provider, joined by `::`; empty for components."""
    remote: bool
    """Whether a package of its own makes it; its children are not seen."""
    read: bool = False
    """Whether it was read, not registered."""
    import_id: str = ""
    """Identifier of what exists and is imported; empty where it is made."""


@dataclass(frozen=True)
class KnownSubnet:
    """A subnet that the stack runs in and does not make, as `trellis lookup` found it."""

    id: str
    zone: str
    cidr: str
    tier: str
    """`public`, `private` or `isolated`, by its routes."""


@dataclass(frozen=True)
class Recording:
    """A whole run: the registrations in the program's order, and the stack's outputs."""

    project: str
    stack: str
    mode: Mode
    region: str
    account: str | None
    """As the stack file names it; where it names none, `EXAMPLE_ACCOUNT` stands in ARNs."""
    resources: tuple[Recorded, ...]
    outputs: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    """What the program warned of, in its order."""
    unknown_types: tuple[str, ...] = ()
    """Types of the program's own resources that are not simulated: their outputs are unknown."""
    known_subnets: tuple[KnownSubnet, ...] = ()
    """Of a network that exists: no resource says what tier they are of."""
    supposed: tuple[str, ...] = ()
    """Images and values of secrets that were taken for there, in words."""

    def __iter__(self) -> Iterator[Recorded]:
        return iter(self.resources)

    @property
    def waiting(self) -> Mapping[str, Sequence[str]]:
        """What is not started waits for, by `service-<key>` or `job-<key>`."""
        services: Mapping[str, Any] = self.outputs.get("services", {})
        return services.get("waiting", {})

    def of_type(self, type_: str) -> tuple[Recorded, ...]:
        """Resources of one type token, as in `aws:ec2/vpc:Vpc`."""
        return tuple(resource for resource in self.resources if resource.type == type_)

    def one(self, type_: str, name: str) -> Recorded:
        """The resource of that type and name.

        Raises:
            LookupError: there is none; the message lists the names there are.
        """
        for resource in self.resources:
            if resource.type == type_ and resource.name == name:
                return resource
        names = ", ".join(resource.name for resource in self.of_type(type_)) or "none at all"
        raise LookupError(f"no {type_} named {name!r}; there is {names}")

    def as_json(self) -> dict[str, Any]:
        """The recording as plain JSON values, secrets masked; `docs/plan-json.md` describes it."""
        return {
            "version": 1,
            "project": self.project,
            "stack": self.stack,
            "mode": self.mode,
            "region": self.region,
            "account": self.account,
            "resources": [_resource_json(resource) for resource in self.resources],
            "outputs": to_json(self.outputs),
            "warnings": list(self.warnings),
            "unknownTypes": list(self.unknown_types),
            **({"supposed": list(self.supposed)} if self.supposed else {}),
        }


def _resource_json(resource: Recorded) -> dict[str, Any]:
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "custom": resource.custom,
        "parent": resource.parent,
        "inputs": to_json(resource.inputs),
        "outputs": to_json(resource.outputs),
        "dependencies": list(resource.dependencies),
        "propertyDependencies": {k: list(v) for k, v in resource.property_dependencies.items()},
        "protect": resource.protect,
        "retainOnDelete": resource.retain_on_delete,
        "ignoreChanges": list(resource.ignore_changes),
        "aliases": list(resource.aliases),
        "provider": resource.provider,
        "remote": resource.remote,
        **({"importId": resource.import_id} if resource.import_id else {}),
    }


def not_there_yet(supposed: Sequence[str], done: str) -> str:
    """What says that a recording takes things for there.

    Args:
        supposed: what, in words.
        done: what is done with it: shown, priced, ...
    """
    return f"Not there yet, and {done} as if it were: {'; '.join(supposed)}"


def children(resources: Sequence[Recorded]) -> dict[str, list[Recorded]]:
    """Resources by the URN of their parent, in the program's order."""
    found: dict[str, list[Recorded]] = {}
    for resource in resources:
        found.setdefault(resource.parent, []).append(resource)
    return found
