"""What a person says of the log archive: where lines go as they come."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from components.parts.model import Key, Settings
from components.parts.reference import Reference


class ArchiveSettings(Settings):
    """Lines of log groups copied to a bucket as they come, by Firehose.

    For keeping them longer, cheaper or where they can't be changed; what happens to them there is
    said by the bucket's `lifecycle`. Masked credentials are masked in the copy too. Firehose takes
    about 0.04 USD a GB, of which a tenth is for unpacking (us-east-1, 2026-11).
    """

    bucket: Annotated[Key, Reference("buckets")]
    """Key of one of `buckets`; objects stand under `log-groups/` and the day (UTC)."""
    logs: tuple[Key, ...] | None = None
    """Keys under `monitoring.logs` whose lines go there; all when left out."""
    tasks: bool = True
    """Whether what services and jobs log goes there too."""
    buffer_seconds: Annotated[int, Field(ge=60, le=900)] = 300
    """How long lines are collected for one object."""
    buffer_mib: Annotated[int, Field(ge=1, le=128)] = 16
    """How much is collected for one object, MiB, whichever is reached first."""
