"""Which layer each value of a stack came from."""

from __future__ import annotations

from trellis.stackfile import tree
from trellis.stackfile.nodes import Data
from trellis.stackfile.problems import KeyPath, Source
from trellis.stackfile.resolution import Resolution

PROFILE, DEFAULT = "profile", "default"


def sources(resolution: Resolution) -> dict[KeyPath, Source]:
    """The source of every value; an empty list or mapping counts as a value.

    Raises:
        ValueError: the configuration was not valid.
    """
    return {path: source_of(resolution, path) for path, _ in tree.leaves(resolved(resolution))}


def resolved(resolution: Resolution) -> Data:
    """The whole system as JSON has it, defaults included."""
    if resolution.settings is None:
        raise ValueError("only a valid configuration has values everywhere")
    return resolution.settings.model_dump(mode="json", by_alias=True)


def source_of(resolution: Resolution, path: KeyPath) -> Source:
    """Where one value came from."""
    if _stands(resolution, path):
        for layer in resolution.layers.ordered:
            if layer.has(path) and layer.value(path) is not None:
                return layer.source(path)
    for length in range(len(path), 0, -1):
        if path[:length] in resolution.profiled:
            return Source(PROFILE)
    return Source(DEFAULT)


def _stands(resolution: Resolution, path: KeyPath) -> bool:
    """Whether a path survived the merge: `null` above takes away what is below."""
    if not tree.has(resolution.data, path):
        return False
    return not any(path[:length] in resolution.profiled for length in range(1, len(path) + 1))
