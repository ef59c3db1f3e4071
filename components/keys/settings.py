"""What a person says of customer keys: shared or one a domain, how often they rotate."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from components.contracts import Domain
from components.parts.adoption import Adopt
from components.parts.model import Development, Key, Losable, Settings

ROTATION_DAYS = (90, 2560)
"""Days between rotations, least and most ("EnableKeyRotation", KMS API Reference, 2026-11)."""

DELETION_DAYS = (7, 30)
"""Days a key waits before it is gone ("ScheduleKeyDeletion", KMS API Reference, 2026-11)."""


RotationDays = Annotated[int, Field(ge=ROTATION_DAYS[0], le=ROTATION_DAYS[1])]
DeletionDays = Annotated[int, Field(ge=DELETION_DAYS[0], le=DELETION_DAYS[1])]


class DomainKeySettings(Settings):
    """What one domain's key has of its own."""

    rotation_days: RotationDays | None = None
    """Days between rotations; the common value when left out."""
    deletion_window_days: DeletionDays | None = None
    """Days a deleted key can still be saved; the common value when left out."""


class KeysSettings(Losable):
    """The customer keys that everything at rest is encrypted with."""

    sharing: Literal["separate", "shared"] = "separate"
    """One key a data domain, or one for all (a key is 1 USD a month, us-east-1, 2026-11).

    The same under both profiles, so that a pilot that becomes production keeps its database. The
    shared key is that of `data`: going from one to the other keeps what holds data. Messages that
    wait in queues and log lines written until then stay under the old key, which lets them be read
    no longer: empty the queues first."""
    rotation_days: RotationDays = 365
    """Days between rotations of the key material; old material keeps decrypting."""
    deletion_window_days: Annotated[DeletionDays, Development(7)] = 30
    """Days a deleted key can still be saved; after them what it encrypted is lost."""
    adopt: dict[Domain, Adopt] = Field(default_factory=dict[Domain, Adopt])
    """Ids of keys that exist already and become those of a domain, with the policy that Trellis
    writes: see [taking over](migrating.md#take-it-over). With `sharing: shared`, that of `data`."""
    existing: dict[Domain, Key] = Field(default_factory=dict[Domain, Key])
    """Keys of `existing.keys` that encrypt a domain instead of one that is made: their owner lets
    the stack use them, by the statements of the output `existingKeys`. With `sharing: shared`, that
    of `data`. A database, cache, file system or repository that is there already is replaced by
    one with the other key."""
    domains: dict[Domain, DomainKeySettings] = Field(
        default_factory=dict[Domain, DomainKeySettings]
    )
    """What differs for one domain; only with `sharing: separate`."""

    @model_validator(mode="after")
    def _domains_need_keys_of_their_own(self) -> KeysSettings:
        if self.domains and self.sharing == "shared":
            raise ValueError("`domains` together with `sharing: separate`, and only then")
        for domain in self.existing:
            if domain in self.domains or domain in self.adopt:
                word = "domains" if domain in self.domains else "adopt"
                raise ValueError(f"{domain} under one of `existing` and `{word}`: no key is made")
            if self.sharing == "shared" and domain is not Domain.DATA:
                raise ValueError("`existing` of `data` with `sharing: shared`, whose key all share")
        return self

    def of(self, domain: Domain) -> tuple[int, int]:
        """Days between rotations and days before deletion of a domain's key."""
        own = self.domains.get(domain, DomainKeySettings())
        return (
            own.rotation_days or self.rotation_days,
            own.deletion_window_days or self.deletion_window_days,
        )
