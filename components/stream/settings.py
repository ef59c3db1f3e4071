"""What a person says of a stream; limits from "Quotas and limits", Amazon Kinesis Data Streams
Developer Guide, 2026-11."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.parts.adoption import AdoptableByName
from components.parts.model import Development, Key, Settings
from components.parts.principals import Foreign

RETENTION_HOURS = (24, 8760)
"""A day to a year."""

MOST_SHARDS = 20_000
"""Shards an account has in the largest regions; others ask for more."""

MOST_CONSUMERS = 20
"""Consumers with enhanced fan-out, by stream."""

MOST_FOREIGN = 40
"""Accounts and roles in `putBy`: as ARNs of 550 characters they fit into a key's policy of 32 KB
twice over ("Quotas", AWS KMS Developer Guide, 2026-11)."""


class ShardsSettings(Settings):
    """Capacity paid by the hour: 1 MB or 1,000 records a second in, 2 MB a second out, a shard."""

    shards: int = Field(ge=1, le=MOST_SHARDS)
    """Changed in place, by at most twice or half in one deployment ("UpdateShardCount")."""


class StreamSettings(AdoptableByName):
    """One Kinesis data stream, encrypted with the customer key."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_.-]+$", max_length=64)] | None = (
        None
    )
    """Last part of the physical name; the key in the stack file when left out. Changing it makes a
    new stream."""
    capacity: Literal["onDemand"] | ShardsSettings = "onDemand"
    """Paid by the record, or by the shard. It can change twice a day ("UpdateStreamMode")."""
    retention_hours: Annotated[
        int, Field(ge=RETENTION_HOURS[0], le=RETENTION_HOURS[1]), Development(24)
    ] = 168
    """How long records can be read again: a consumer that fails over a weekend loses none."""
    put_by: Annotated[tuple[Foreign, ...], Field(max_length=MOST_FOREIGN)] = ()
    """Other accounts (twelve digits, in quotes) or roles of theirs (ARNs) that may put records, and
    encrypt them with the stream's key; in their account an identity policy has to allow it too.
    Whoever of this account puts records has `uses: [{stream: KEY, access: put}]`."""
    consumers: tuple[Key, ...] = ()
    """Consumers with 2 MB a second of every shard to themselves (enhanced fan-out), each paid by
    the shard and hour; all others share."""
    behind_minutes: Annotated[int, Field(ge=1, le=10_080)] | Literal["none"] = 15
    """An alarm tells when the slowest reader is further behind; `none` for no alarm."""

    @model_validator(mode="after")
    def _consumers_are_few_and_different(self) -> StreamSettings:
        if len(self.consumers) > MOST_CONSUMERS:
            raise ValueError(f"at most {MOST_CONSUMERS} `consumers`; found {len(self.consumers)}")
        if len(set(self.consumers)) < len(self.consumers):
            raise ValueError("each of `consumers` once")
        if len(set(self.put_by)) < len(self.put_by):
            raise ValueError("each of `putBy` once")
        if self.behind_minutes != "none" and self.behind_minutes >= self.retention_hours * 60:
            raise ValueError(
                f"`behindMinutes` below {self.retention_hours * 60}, when records are gone"
            )
        return self
