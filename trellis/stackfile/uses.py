"""What a `uses:` line may name: kinds of producer, where they stand, and how each is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from components.parts.uses import UseSettings
from trellis.stackfile.settings import SystemSettings


@dataclass(frozen=True)
class Producer:
    """One kind of thing that can be used."""

    part: str
    """Field of `SystemSettings` that its keys stand under, dotted where it is further down."""
    accesses: tuple[str, ...]
    default: str | None
    """The access when none is given; None where it has to be given."""
    one_value: bool
    """Whether it brings one environment variable, which `as` can rename."""


PRODUCERS: Mapping[str, Producer] = {
    "database": Producer("databases", ("connect",), "connect", False),
    "cache": Producer("caches", ("connect",), "connect", False),
    "table": Producer(
        "tables", ("read", "write", "readWrite", "batch", "stream"), "readWrite", True
    ),
    "bucket": Producer("buckets", ("read", "write", "delete", "readWrite"), None, False),
    "secret": Producer("secrets", ("read",), "read", True),
    "topic": Producer("topics", ("publish",), "publish", True),
    "queue": Producer("queues", ("send", "consume"), None, True),
    "mail": Producer("mail", ("send",), "send", False),
    "service": Producer("services", ("call",), "call", True),
    "metrics": Producer("monitoring.metrics", ("put",), "put", True),
}
"""By the key of a `uses:` line."""


def access_of(use: UseSettings) -> str:
    """The access that is asked for.

    Raises:
        KeyError: none is given, and the kind has no default.
    """
    access = use.access or PRODUCERS[use.kind].default
    if access is None:
        raise KeyError(use.kind)
    return access


def keys_of(settings: SystemSettings, kind: str) -> Mapping[str, Any]:
    """The settings of all producers of one kind, by key."""
    found: Mapping[str, Any] = attrgetter(PRODUCERS[kind].part)(settings)
    return found
