"""What is known of one resource: the input of every analysis, whichever runner collected it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NOTHING: Mapping[str, object] = MappingProxyType({})
_NO_DEPENDENCIES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """One registration, with secrets unwrapped and values not known yet as ``UNKNOWN``.

    ``inputs`` are what the program asked for. ``outputs`` are what AWS answered, ``None`` before
    it did; they are used for ids and ARNs only. ``property_dependencies`` maps an input's name to
    the URNs its value came from, which is how resources are joined while ids are unknown.
    Values may be secret: no message is ever made from one. ``secrets_unwrapped``: what the program
    marked as a secret looks like any other text, as the engine hands it to policies.
    """

    urn: str
    type: str
    name: str
    inputs: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    outputs: Mapping[str, object] | None = None
    parent: str | None = None
    provider: str | None = None
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: _NO_DEPENDENCIES
    )
    secrets_unwrapped: bool = False
