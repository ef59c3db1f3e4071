"""Facts from what the Pulumi engine hands a policy (``pulumi_policy`` arguments)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from pulumi_policy import PolicyResource, ResourceValidationArgs

from ..facts import ResourceFacts
from ..unknown import UNKNOWN

# What the SDK raises on reading an unknown is not part of its public names.
_UNKNOWN_ERROR = "UnknownValueError"


def plain(value: object) -> object:
    """A copy of a proxied value with ``UNKNOWN`` wherever reading it is refused.

    The SDK wraps maps and lists in proxies that raise at an unknown; walking them member by
    member keeps the rest of the resource readable.
    """
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, object]", value)
        return {key: _member(mapping, key) for key in mapping}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        members = cast("Sequence[object]", value)
        return [_member(members, position) for position in range(len(members))]
    return value


def _member(container: Mapping[str, object] | Sequence[object], key: str | int) -> object:
    try:
        found = cast("Mapping[str | int, object]", container)[key]
    except Exception as error:
        if type(error).__name__ != _UNKNOWN_ERROR:
            raise
        return UNKNOWN
    return plain(found)


def _inputs(props: Mapping[str, object]) -> dict[str, object]:
    return cast("dict[str, object]", plain(props))


def from_resource(args: ResourceValidationArgs) -> ResourceFacts:
    """The facts of a resource that is about to be made: its inputs."""
    return ResourceFacts(
        urn=args.urn,
        type=args.resource_type,
        name=args.name,
        inputs=_inputs(args.props),
        parent=args.opts.parent,
        provider=args.provider.urn if args.provider else None,
        secrets_unwrapped=True,
    )


def from_stack(
    resources: Iterable[PolicyResource], inputs: Mapping[str, ResourceFacts]
) -> list[ResourceFacts]:
    """The facts of a whole stack: inputs as collected, outputs and dependencies from the engine.

    A resource whose inputs were not collected (one that ``--target`` left alone) is read from its
    outputs.
    """
    facts: list[ResourceFacts] = []
    for resource in resources:
        outputs = _inputs(resource.props)
        collected = inputs.get(resource.urn)
        facts.append(
            ResourceFacts(
                urn=resource.urn,
                type=resource.resource_type,
                name=resource.name,
                inputs=outputs if collected is None else collected.inputs,
                outputs=outputs,
                parent=resource.parent.urn if resource.parent else None,
                provider=resource.provider.urn if resource.provider else None,
                dependencies=tuple(one.urn for one in resource.dependencies),
                property_dependencies={
                    name: tuple(one.urn for one in of)
                    for name, of in resource.property_dependencies.items()
                },
                secrets_unwrapped=True,
            )
        )
    return facts
