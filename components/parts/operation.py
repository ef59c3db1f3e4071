"""One API operation behind a resource type, and where the properties go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """One API operation behind a resource type."""

    service: str
    """botocore's name of the service."""
    operation: str
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Pulumi property to member path (`A.B`), or to that of another operation (`Operation:A.B`)."""
    elsewhere: frozenset[str] = frozenset()
    """Properties the models say nothing of: attributes as text, or the provider's own."""


PROVIDER_ONLY = frozenset(
    {
        "region",
        "tags",
        "tagsAll",
        "skipDestroy",
        "forceDestroy",
        "namePrefix",
        "identifierPrefix",
        "statementIdPrefix",
    }
)
"""Never in a request; tags are checked by a test of their own, and names with their prefix."""


def call(service: str, operation: str, *elsewhere: str, **renamed: str) -> Call:
    return Call(service, operation, renamed, frozenset(elsewhere))
