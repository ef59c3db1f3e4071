"""What a stack says of itself: its profile, its exemptions, its account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from . import aws
from .resource import Resource
from .unknown import UNKNOWN, Unknown, is_unknown


@dataclass(frozen=True, slots=True)
class System:
    """What the stack says of itself through its ``trellis:index:System`` resource."""

    declared: bool = False
    profile: str = "production"
    environment: str = ""
    elsewhere: frozenset[str] = frozenset()
    exemptions: tuple[Mapping[str, object], ...] = ()


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
