"""What a person says of a video stream."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from components.parts.model import Entry, Key
from components.parts.reference import Reference


class VideoSettings(Entry):
    """One video stream, encrypted with the customer key."""

    retention_hours: Annotated[int, Field(ge=0, le=87_600)] = 24
    """How long pictures can be seen again."""
    stills: Annotated[Key, Reference("buckets")] | None = None
    """Bucket of this stack file that single pictures are kept in."""
