"""What a person says of a workgroup."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from components.parts.model import Entry, Key
from components.parts.reference import Reference

QueryName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]

LEAST_CUTOFF = 10_000_000
"""Bytes; Athena takes no smaller limit ("WorkGroupConfiguration", 2026-11)."""


class QuerySettings(Entry):
    """A workgroup of Athena: what may be asked, at what cost, and where answers stand.

    Answers are encrypted with the customer key; what a client asks for instead is not heeded.
    """

    catalog: Annotated[Key, Reference("catalogs")]
    """One of `catalogs`, whose tables and views it reads."""
    results: Annotated[Key, Reference("buckets")]
    """One of `buckets`, another than the catalog's: what stands under a table is read as data."""
    cutoff_gib: float = Field(default=10, gt=0, le=102_400)
    """GiB that one query may read; beyond it Athena stops the query. 5 USD a TB (us-east-1,
    2026-11)."""
    saved: dict[QueryName, Annotated[str, StringConstraints(pattern=r"^[^/].*\.sql$")]] = Field(
        default_factory=dict[str, str]
    )
    """Queries by name, each a file beside `Pulumi.yaml`, kept in the workgroup to be run."""

    @model_validator(mode="after")
    def _enough_for_athena(self) -> QuerySettings:
        if self.cutoff_bytes < LEAST_CUTOFF:
            raise ValueError(f"`cutoffGib` of at least {LEAST_CUTOFF / 2**30:.3f} (10 MB)")
        return self

    @property
    def cutoff_bytes(self) -> int:
        """The same in bytes."""
        return int(self.cutoff_gib * 2**30)
