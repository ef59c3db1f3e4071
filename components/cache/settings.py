"""What a person says of a cache; every combination is checked against the tables."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from components.cache.engines import (
    EXTENDED,
    IAM_VERSIONS,
    MOST_CLUSTER_NODES,
    MOST_NODES,
    EngineName,
    check_node_type,
    check_version,
)
from components.parts.access_string import check_access_words
from components.parts.adoption import AdoptableByName
from components.parts.model import Development, FieldError, Key, Settings
from components.parts.retention import Retention
from components.parts.windows import DailyWindow, WeeklyWindow, require_apart

LEAST_WINDOW = 60
"""Minutes of a snapshot or maintenance window ("CreateReplicationGroup", ElastiCache API Reference,
2026-11)."""

COMMANDS = "~* &* +@all -@dangerous +info"
"""Every key, channel and command but the dangerous ones; clients ask for INFO when they connect
("Redis ACL", categories, 2026-11)."""


def _without_state(access: str) -> str:
    check_access_words(access, COMMANDS)
    return access


ParameterName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=255)]
"""As in `maxmemory-policy`."""
UserName = Annotated[str, StringConstraints(pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$", max_length=32)]
AccessString = Annotated[str, StringConstraints(min_length=2), AfterValidator(_without_state)]
"""What an access string says after `on` ("Specifying permissions using an access string")."""


class CacheUserSettings(Settings):
    """A user of the cache's own."""

    authentication: Literal["password", "iam"] = "password"
    """`password`: a credentials secret makes it, says what it may do, and rotates it. `iam`: it
    signs in by token and has no secret."""
    access: AccessString | None = None
    """Keys, channels and commands an IAM user may use; all but dangerous ones when left out."""

    @model_validator(mode="after")
    def _access_is_given_once(self) -> CacheUserSettings:
        if self.access is not None and self.authentication == "password":
            raise ValueError("`access` with `authentication: iam` only; else its secret says it")
        return self


class SnapshotSettings(Settings):
    """Daily snapshots."""

    retention_days: Annotated[int, Development(1), Field(ge=0, le=35)] = 7
    """0 for none."""
    window: DailyWindow = "03:00-05:00"
    """UTC."""


class ClusterModeSettings(Settings):
    """Keys spread over shards, each a primary and its replicas."""

    shards: int = Field(default=2, ge=1, le=500)
    """How many shards the keys are spread over."""
    replicas: Annotated[int, Development(0), Field(ge=0, le=MOST_NODES - 1)] = 1
    """Of each shard."""


class CacheSettings(AdoptableByName):
    """One replication group: encrypted, TLS only, with users or a token."""

    name: Key | None = None
    """Last part of the physical name; the key in the stack file when left out."""
    engine: EngineName = "valkey"
    """The cache engine."""
    version: str = "8.1"
    """The engine's version."""
    extended_support: bool = False
    """Run a version past its standard support, which AWS bills more for by node and hour."""
    node_type: str = "cache.t4g.micro"
    """The node type, as in `cache.t4g.micro`."""
    nodes: Annotated[int, Development(1), Field(ge=1, le=MOST_NODES)] = 2
    """Primary and replicas; from two up a failover is automatic and zones differ. With
    `clusterMode` it goes unheeded."""
    cluster_mode: ClusterModeSettings | None = None
    """Shards instead of one primary; then `nodes` goes unheeded."""
    port: int = Field(default=6379, ge=1150, le=65_535)
    """The port that clients connect to."""
    authentication: Literal["user", "token"] = "user"
    """`user`: users of its own, with two passwords each while one is rotated. `token`: one AUTH
    token for all. From one to the other in place; from `user` to `token` the cache asks for nothing
    until the token is set, minutes later in the same update, and only its security group guards
    it."""
    users: dict[UserName, CacheUserSettings] = Field(
        default_factory=lambda: {"app": CacheUserSettings()}
    )
    """By name; only heeded with `authentication: user`."""
    parameters: dict[ParameterName, str | int] = Field(default_factory=dict[str, str | int])
    """Of the parameter group, as in `maxmemory-policy: allkeys-lru`."""
    snapshots: SnapshotSettings = Field(default_factory=SnapshotSettings)
    final_snapshot: Annotated[bool, Development(False)] = True
    """A snapshot is taken when the cache is deleted."""
    maintenance_window: WeeklyWindow = "sun:05:30-sun:06:30"
    """UTC."""
    minor_upgrades: bool = True
    """Whether ElastiCache installs new minor versions in the maintenance window."""
    apply_immediately: Annotated[bool, Development(True)] = False
    """Changes don't wait for the maintenance window."""
    notify: bool = False
    """Whether events (failover, node replaced) go to a topic of the cache's own, and from there to
    whoever receives alerts. ElastiCache publishes to no encrypted topic, so the policy pack wants
    an exemption from SNS.1."""
    logs: tuple[Literal["slow-log", "engine-log"], ...] = ("slow-log", "engine-log")
    """The logs that are delivered to CloudWatch."""
    log_retention_days: Annotated[Retention, Development(30)] = 365
    """How many days CloudWatch keeps the delivered logs."""

    @field_validator("node_type")
    @classmethod
    def _in_the_table(cls, value: str) -> str:
        check_node_type(value)
        return value

    @field_validator("parameters")
    @classmethod
    def _cluster_mode_is_a_setting(cls, value: dict[str, str | int]) -> dict[str, str | int]:
        if "cluster-enabled" in value:
            raise ValueError("any parameter but cluster-enabled, which `clusterMode` sets")
        return value

    @model_validator(mode="after")
    def _version_has_all_of_it(self) -> CacheSettings:
        check_version(self.engine, self.version, extended=self.extended_support)
        old = self.version in EXTENDED[self.engine]
        if self.extended_support and not old:
            raise FieldError("extended_support", "nothing: the version has standard support")
        if old and (self.authentication != "token" or self.logs):
            raise ValueError(
                f"`authentication: token` and no `logs` (`[]`) with version {self.version}: it "
                "knows neither users nor logs"
            )
        iam = [name for name, user in self.users.items() if user.authentication == "iam"]
        if iam and self.version not in IAM_VERSIONS[self.engine]:
            allowed = ", ".join(sorted(IAM_VERSIONS[self.engine]))
            raise ValueError(f"`version` of {allowed} for users with `authentication: iam`")
        return self

    @field_validator("logs")
    @classmethod
    def _each_log_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) < len(value):
            raise ValueError("each of `logs` once")
        return value

    @model_validator(mode="after")
    def _users_fit(self) -> CacheSettings:
        if self.authentication == "user" and not self.users:
            raise ValueError("one of `users` at least with `authentication: user`")
        if "default" in self.users:
            raise ValueError("any user but default, which is always switched off")
        if len(self.users) > 99:
            raise ValueError("at most 99 `users`: a group takes 100 with the default one")
        return self

    @model_validator(mode="after")
    def _few_enough_nodes(self) -> CacheSettings:
        mode = self.cluster_mode
        if mode is not None and mode.shards * (1 + mode.replicas) > MOST_CLUSTER_NODES:
            raise ValueError(
                f"at most {MOST_CLUSTER_NODES} nodes: `shards` times one more than `replicas`"
            )
        return self

    @model_validator(mode="after")
    def _windows_part(self) -> CacheSettings:
        require_apart(
            self.snapshots.window, self.maintenance_window, LEAST_WINDOW, "snapshots.window"
        )
        return self
