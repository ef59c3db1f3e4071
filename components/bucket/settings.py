"""What a person says of a bucket."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.bucket.storage_classes import StorageClass, lifecycle_problem
from components.parts.adoption import Adoptable
from components.parts.model import Development, Key, Settings
from components.parts.object_events import ObjectEvent, common, keys_overlap
from components.parts.reference import Reference
from components.parts.regions import RegionName

BucketName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", max_length=63)
]
Prefix = Annotated[str, StringConstraints(pattern=r"^[^/].*$", max_length=1024)]


class LifecycleSettings(Settings):
    """One step in the life of objects: moved to a colder class, or gone."""

    after_days: int = Field(ge=0, le=36_500)
    """Days since the object was made, or since it was replaced for `noncurrent` versions."""
    to: StorageClass | None = None
    """`infrequentAccess`, `intelligentTiering`, `oneZone`, `glacierInstant`, `glacier` or
    `deepArchive`."""
    expire: bool = False
    """Delete, instead of `to`."""
    versions: Literal["current", "noncurrent"] = "current"
    """Which versions of an object."""
    prefix: Prefix | None = None
    """Only objects under this prefix."""

    @model_validator(mode="after")
    def _one_thing_happens(self) -> LifecycleSettings:
        if (self.to is None) != self.expire:
            raise ValueError("either `to` or `expire: true`")
        if self.expire and self.after_days < 1:
            raise ValueError("`afterDays: 1` or more with `expire`")
        return self


Origin = Annotated[
    str,
    StringConstraints(
        pattern=r"^(\*|[a-z][a-z0-9+.-]*://([A-Za-z0-9.-]*\*?[A-Za-z0-9.-]*)(:\d{1,5})?)$"
    ),
]
"""Scheme and host, with one `*` at most ("AllowedOrigins", CORS configuration, Amazon S3 User
Guide, 2026-11); or `*` for everybody's pages."""


class CorsSettings(Settings):
    """Which pages may read the bucket from a browser."""

    origins: Annotated[tuple[Origin, ...], Field(min_length=1)]
    """As in `https://app.example.com` or `https://*.example.com`; without a path."""
    methods: Annotated[
        tuple[Literal["GET", "HEAD", "PUT", "POST", "DELETE"], ...], Field(min_length=1)
    ] = ("GET", "HEAD")
    """HTTP methods that a page of these origins may use."""
    headers: tuple[str, ...] = ()
    """Request headers that are allowed."""
    expose: tuple[str, ...] = ("ETag",)
    """Response headers that scripts may see."""
    max_age_seconds: int = Field(default=3600, ge=0, le=86_400)
    """How many seconds a browser keeps the answer to a preflight request."""


class ReplicationSettings(Settings):
    """A copy of the bucket in another region, whose requests are logged to a bucket beside it,
    unless `accessLogs` is `none`."""

    region: RegionName
    """The region of the replica."""
    delete_markers: bool = False
    """Whether a deletion here deletes there."""


class ObjectLockSettings(Settings):
    """Objects that nobody can delete for a while. Can't be turned off again."""

    mode: Literal["governance", "compliance"] = "governance"
    """`compliance` binds everybody, the account's root user included."""
    days: int = Field(ge=1, le=36_500)
    """How many days a new object can't be deleted or overwritten."""


class TieringSettings(Settings):
    """Archive tiers of Intelligent-Tiering, for objects nobody reads."""

    archive_after_days: int | None = Field(default=None, ge=90, le=730)
    """Days without access until an object moves to the Archive Access tier."""
    deep_archive_after_days: int | None = Field(default=None, ge=180, le=730)
    """Days without access until an object moves to the Deep Archive Access tier."""

    @model_validator(mode="after")
    def _deeper_is_later(self) -> TieringSettings:
        archive, deep = self.archive_after_days, self.deep_archive_after_days
        if archive is None and deep is None:
            raise ValueError("`archiveAfterDays`, `deepArchiveAfterDays` or both")
        if archive is not None and deep is not None and deep <= archive:
            raise ValueError(f"`deepArchiveAfterDays` above {archive}")
        return self


class NotificationSettings(Settings):
    """Who is told what happens to objects."""

    to: Literal["topic", "queue"]
    """Whether a topic or a queue is notified."""
    name: Annotated[Key, Reference(beside="to", parts=(("queue", "queues"), ("topic", "topics")))]
    """Key of the topic or queue; it lets exactly this bucket in."""
    events: Annotated[tuple[ObjectEvent, ...], Field(min_length=1)] = ("s3:ObjectCreated:*",)
    """The S3 events that are notified."""
    prefix: Prefix | None = None
    """Only of objects whose key begins so."""
    suffix: str | None = None
    """Only of objects whose key ends so."""


class ContentSettings(Settings):
    """A folder of files, such as rules and templates under version control."""

    path: Annotated[str, StringConstraints(pattern=r"^[^/\\][^\\]*$")]
    """The folder, from the project's; 200 files and 50 MiB at most, hidden ones are left out."""
    prefix: Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9_-]+/)*$", max_length=256)] = ""
    """What stands before every file's own path, ended by a slash."""


LogReceiver = Literal["exports", "loadBalancers", "deliveries"]
"""Who delivers logs into a bucket beside S3's own access logs."""


class BucketSettings(Adoptable):
    """A private, encrypted, versioned bucket; TLS only."""

    bucket_name: BucketName | None = None
    """Whole name where `{name}-{environment}-{key}` is taken: bucket names are global."""
    purpose: Literal["data", "logs"] = "data"
    """`logs` receives access logs: encrypted by S3's own key and not versioned, because log
    delivery allows neither a customer key nor needs old versions."""
    receives: tuple[LogReceiver, ...] = ()
    """With `purpose: logs`, what else may deliver: CloudWatch Logs export tasks, load balancers,
    and AWS's log delivery service (flow logs, CloudFront, firewall)."""
    versioning: bool | None = None
    """On for data, off for logs."""
    encryption: Literal["customerKey", "s3"] | None = None
    """The data key when left out. A bucket for logs always has S3's own: S3 delivers access logs to
    no other."""
    access_logs: Annotated[Key, Reference("buckets")] | Literal["none"] | None = None
    """Key of the bucket that receives access logs: the one with `purpose: logs` when left out, or
    one that is made where there is none."""
    lifecycle: tuple[LifecycleSettings, ...] = ()
    """Rules that move objects to other storage classes or delete them by age."""
    abort_uploads_after_days: int = Field(default=7, ge=1, le=365)
    """Days after which parts of an upload that never ended are deleted."""
    expire_noncurrent_days: Annotated[int, Field(ge=1, le=36_500)] | Literal["never"] = 90
    """Days a replaced or deleted version is kept where `lifecycle` says nothing of noncurrent
    versions; or `never`."""
    cors: tuple[CorsSettings, ...] = ()
    """Which web pages of other origins may call the bucket."""
    replication: ReplicationSettings | None = None
    object_lock: ObjectLockSettings | None = None
    intelligent_tiering: TieringSettings | None = None
    notifications: dict[Key, NotificationSettings] = Field(
        default_factory=dict[str, NotificationSettings]
    )
    """Receivers by a name of your choice."""
    events: bool = False
    """Every object event to EventBridge's default bus."""
    request_metrics: bool = False
    """Count its requests each minute, and tell when they are unlike the weeks before."""
    empty_on_delete: Annotated[bool, Development(True)] = False
    """Whether destroying the stack destroys the objects too."""
    content: ContentSettings | None = None
    """Files beside the stack file that `up` puts there, and takes away when they go."""
    tags: dict[str, str] = Field(default_factory=dict[str, str])
    """Tags of this bucket, beside those of the system."""

    @model_validator(mode="after")
    def _lifecycle_is_one_s3_takes(self) -> BucketSettings:
        for versions in ("current", "noncurrent"):
            for prefix in {step.prefix for step in self.lifecycle}:
                steps = [s for s in self.lifecycle if (s.versions, s.prefix) == (versions, prefix)]
                problem = _lifecycle_problem(steps)
                if problem:
                    under = f" under {prefix}" if prefix else ""
                    raise ValueError(f"lifecycle of {versions} versions{under}: {problem}")
        return self

    @model_validator(mode="after")
    def _versions_where_they_are_needed(self) -> BucketSettings:
        if self.versioned:
            return self
        needs = {
            "replication": self.replication is not None,
            "objectLock": self.object_lock is not None,
            "lifecycle of noncurrent versions": any(
                step.versions == "noncurrent" for step in self.lifecycle
            ),
        }
        for what, needed in needs.items():
            if needed:
                raise ValueError(f"`versioning: true`: {what} needs it")
        return self

    @model_validator(mode="after")
    def _logs_are_delivered(self) -> BucketSettings:
        if self.purpose == "logs" and self.encryption is not None:
            raise ValueError("no `encryption` with `purpose: logs`: S3's own key is what it takes")
        if self.receives and self.purpose != "logs":
            raise ValueError("`receives` with `purpose: logs`, and only there")
        if self.purpose == "logs" and self.object_lock is not None:
            raise ValueError("no `objectLock`: S3 delivers access logs to no locked bucket")
        if self.purpose == "logs" and self.content is not None:
            raise ValueError("no `content` with `purpose: logs`")
        if self.purpose == "logs" and self.notifications:
            raise ValueError(
                "no `notifications` with `purpose: logs`; `events: true` tells of logs"
            )
        return self

    @model_validator(mode="after")
    def _one_receiver_an_event(self) -> BucketSettings:
        for (name, one), (other, two) in combinations(self.notifications.items(), 2):
            event = common(one.events, two.events)
            if event and keys_overlap((one.prefix, one.suffix), (two.prefix, two.suffix)):
                raise ValueError(
                    f"`notifications` {name} and {other} that share no {event} of one object: "
                    "prefixes or suffixes that differ, or a topic that tells several"
                )
        return self

    @property
    def versioned(self) -> bool:
        """Whether old versions of objects are kept."""
        return self.purpose == "data" if self.versioning is None else self.versioning

    @property
    def encrypted_by(self) -> Literal["customerKey", "s3"]:
        """Whose key encrypts the objects."""
        return self.encryption or ("s3" if self.purpose == "logs" else "customerKey")


def _lifecycle_problem(steps: Sequence[LifecycleSettings]) -> str | None:
    expiries = [step.after_days for step in steps if step.expire]
    if len(expiries) > 1:
        return "one `expire`"
    moves = [(step.after_days, step.to) for step in steps if step.to is not None]
    return lifecycle_problem(moves, expiries[0] if expiries else None)
