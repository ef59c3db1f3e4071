"""What a person says of backups; limits from "AWS Backup Developer Guide", 2026-11."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from components.parts.model import Development, Losable, Settings
from components.parts.regions import RegionName

COLD_DAYS = 90
"""Days a backup in cold storage is billed at least, so it must be kept that much longer
("Lifecycle", AWS Backup Developer Guide, 2026-11)."""

LOCK_COOLING_DAYS = 3
"""Days before a vault's lock can't be taken off any more, at least ("AWS Backup Vault Lock")."""


def _schedule(value: str) -> str:
    if not re.fullmatch(r"cron\((\S+ ){5}\S+\)", value):
        raise ValueError("a schedule of six fields in UTC, such as cron(0 5 * * ? *)")
    return value


class CopySettings(Settings):
    """A second copy of every backup, in another region."""

    region: RegionName
    """The region that recovery points are copied to."""
    retention_days: int = Field(default=35, ge=1, le=36_500)
    """How many days a copy is kept."""


class LockSettings(Settings):
    """Keeps anybody from deleting backups early or changing how long they are kept."""

    min_days: int = Field(default=7, ge=1, le=36_500)
    """The shortest retention that the vault takes."""
    max_days: int = Field(default=365, ge=1, le=36_500)
    """The longest retention that the vault takes."""
    cooling_days: int | None = Field(default=None, ge=LOCK_COOLING_DAYS, le=36_500)
    """Days after which nobody, AWS included, can take the lock off; left out, an administrator
    can."""

    @model_validator(mode="after")
    def _in_order(self) -> LockSettings:
        if self.min_days > self.max_days:
            raise ValueError("`minDays` of at most `maxDays`")
        return self


class BackupsSettings(Losable):
    """The plan that covers every database and table."""

    enabled: Annotated[bool, Development(False)] = True
    """Beside the backups that databases and tables keep themselves."""
    schedule: Annotated[str, AfterValidator(_schedule)] = "cron(0 6 * * ? *)"
    """When a backup starts, UTC; apart from the databases' own windows."""
    start_minutes: int = Field(default=60, ge=60, le=10_080)
    """How late it may start."""
    completion_minutes: int = Field(default=480, ge=120, le=50_400)
    """How long it may take."""
    retention_days: int = Field(default=35, ge=1, le=36_500)
    """How many days a recovery point is kept."""
    cold_after_days: int | None = Field(default=None, ge=1, le=36_500)
    """When tables' backups move to cold storage; databases' never do."""
    copy_to: CopySettings | None = None
    lock: LockSettings | None = None

    @model_validator(mode="after")
    def _times_fit(self) -> BackupsSettings:
        if self.completion_minutes < self.start_minutes + 60:
            raise ValueError("`completionMinutes` at least 60 above `startMinutes`")
        if self.cold_after_days and self.retention_days < self.cold_after_days + COLD_DAYS:
            raise ValueError(
                f"`retentionDays` at least {COLD_DAYS} above `coldAfterDays`: "
                f"{self.cold_after_days + COLD_DAYS} here"
            )
        return self

    @model_validator(mode="after")
    def _lock_lets_the_plan_work(self) -> BackupsSettings:
        lock = self.lock
        if lock and not lock.min_days <= self.retention_days <= lock.max_days:
            raise ValueError(
                f"`retentionDays` within the lock's {lock.min_days} to {lock.max_days} days: "
                "a backup kept for any other time fails"
            )
        return self
