"""What a person says of the account itself: what this stack sets up, and what is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from components.parts.model import Key, Losable, Settings
from components.parts.reference import Reference

Part = Literal[
    "trail", "configuration", "threatDetection", "accessAnalyzer", "diskEncryption",
    "publicAccessBlock", "pipelineSignIn", "apiLogs", "catalogEncryption",
]  # fmt: skip
"""What an account (or one region of it) has once, and this tier can make."""

PARTS: tuple[Part, ...] = get_args(Part)

Elsewhere = Literal[
    "trail", "configuration", "threatDetection", "accessAnalyzer", "diskEncryption",
    "publicAccessBlock", "pipelineSignIn", "apiLogs", "catalogEncryption", "budgets", "backups",
]  # fmt: skip
"""What another stack, or the organization, has set up already."""


AUDIT_BUCKETS: Mapping[Part, str] = {
    "trail": "audit-trail",
    "configuration": "audit-configuration",
}
"""Keys of the buckets with the trail's files and with the configuration history."""


class TrailSettings(Settings):
    """A record of every call to AWS: all regions, validated, on the logs key."""

    enabled: bool = True
    """Whether CloudTrail records the account's calls."""
    management_events: bool = True
    """False where another trail records them, as a second copy is paid for."""
    buckets: tuple[Annotated[Key, Reference("buckets")], ...] = ()
    """Keys of buckets whose objects' reads and writes are recorded too."""
    tables: tuple[Annotated[Key, Reference("tables")], ...] = ()
    """Keys of tables whose items' reads and writes are recorded too."""
    keep_days: Annotated[int, Field(ge=90, le=3_653)] = 365
    """Days its files are kept."""


class ConfigurationSettings(Settings):
    """AWS Config: a history of every resource's settings."""

    enabled: bool = True
    """Whether AWS Config records the account's resources."""
    service_role: Literal["make", "exists"] = "make"
    """The service-linked role: once an account, so it may be there already."""
    recording: Literal["continuous", "daily"] = "continuous"
    """Whether each change is recorded, or the state once a day."""


class ThreatDetectionSettings(Settings):
    """Amazon GuardDuty over the account's events, flow logs and DNS."""

    enabled: bool = True
    """Whether GuardDuty looks for threats."""
    s3: bool = True
    """Also reads and writes of objects."""
    functions: bool = True
    """Also what functions connect to."""
    containers: bool = False
    """Also what runs inside tasks; needs an agent that ECS adds to each."""
    publish: Literal["FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"] = "FIFTEEN_MINUTES"
    """How often GuardDuty publishes findings that it has already made."""


class BaselineSettings(Losable):
    """What the account needs once: all of it, but for what is elsewhere or switched off."""

    trail: TrailSettings = Field(default_factory=TrailSettings)
    configuration: ConfigurationSettings = Field(default_factory=ConfigurationSettings)
    threat_detection: ThreatDetectionSettings = Field(default_factory=ThreatDetectionSettings)
    access_analyzer: bool = True
    """Tells of what other accounts can reach."""
    disk_encryption: bool = True
    """New disks of this region are encrypted, whoever makes them."""
    public_access_block: bool = True
    """No bucket of the account can be made public."""
    pipeline_sign_in: bool = True
    """The account believes the tokens of GitHub, where a pipeline brings a site's content, and of
    the issuers of `identities`. Without a baseline, or with this part in `elsewhere`, it must do so
    already."""
    api_logs: bool = True
    """API Gateway may write logs in this region, where there is a REST API. Without a baseline, or
    with this part in `elsewhere`, it must be so already, or no such API can log."""
    catalog_encryption: bool = True
    """What Glue's catalog of this region holds is encrypted with the data key, where there is a
    catalog. Glue does that with a role of its own, so that nobody else needs the key."""
    elsewhere: tuple[Elsewhere, ...] = ()
    """What the account has already: not made here, and the policy pack does not miss it."""

    @model_validator(mode="after")
    def _nothing_twice(self) -> BaselineSettings:
        if (self.trail.buckets or self.trail.tables) and not self.makes("trail"):
            raise ValueError("`trail.buckets` and `trail.tables` where the trail is made")
        for part in PARTS:
            field = _field(part)
            if field in self.model_fields_set and part in self.elsewhere:
                raise ValueError(f"`{part}` here or in `elsewhere`: an account has it once")
        if len(set(self.elsewhere)) < len(self.elsewhere):
            raise ValueError("each part once in `elsewhere`")
        return self

    def makes(self, part: Part) -> bool:
        """Whether this stack sets a part up."""
        return part not in self.elsewhere and self._is_on(_field(part))

    def _is_on(self, field: str) -> bool:
        value = getattr(self, field)
        return value if isinstance(value, bool) else value.enabled


def _field(part: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in part)
