"""Every value that the settings hold, by its path as a person types it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import BaseModel

from trellis.stackfile.problems import KeyPath
from trellis.stackfile.shape import fields


def values(settings: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Texts, numbers, dates and truth values below settings; what is left out is not there."""
    if isinstance(settings, BaseModel):
        for key, field in fields(type(settings)).items():
            below = getattr(settings, field.name)
            if below is not None:
                yield from values(below, (*path, key))
    elif isinstance(settings, Mapping):
        for key, below in cast("Mapping[Any, Any]", settings).items():
            yield from values(below, (*path, str(key)))
    elif isinstance(settings, (tuple, list)):
        for position, below in enumerate(cast("tuple[Any, ...]", settings)):
            yield from values(below, (*path, position))
    else:
        yield path, settings
