"""What a person says of a task: its image, size, containers, storage and what it uses."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.contracts import SubnetTier
from components.parts.image_settings import ImageSettings
from components.parts.model import Development, Key, Moved, Settings
from components.parts.reference import Reference
from components.parts.retention import Retention
from components.parts.uses import TaskVariable, UseSettings
from components.services.task.fargate import EPHEMERAL_GIB, MEMORY_MIB, allowed_memory
from components.services.task.log_router import ROUTER, LogRouterSettings
from components.services.task.start_order import Condition, Started, wrong_order
from components.services.task.tracing import COLLECTOR, Tracing, collector_configuration, collects

AbsolutePath = Annotated[str, StringConstraints(pattern=r"^/\S+$")]

Ulimit = Literal[
    "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc",
    "rss", "rtprio", "rttime", "sigpending", "stack",
]  # fmt: skip

STOP_TIMEOUT = (2, 120)
"""Seconds between SIGTERM and SIGKILL on Fargate ("Container timeouts", Amazon ECS Developer
Guide, 2026-11)."""


SHARERS = 2
"""Containers without which nothing is shared."""


class ContainerHealthSettings(Settings):
    """A command inside the container that says whether it is healthy."""

    command: Annotated[str, StringConstraints(min_length=1)]
    """Run by the container's shell; 0 is healthy."""
    interval: int = Field(default=30, ge=5, le=300)
    """Seconds between two."""
    timeout: int = Field(default=5, ge=2, le=60)
    """Seconds."""
    retries: int = Field(default=3, ge=1, le=10)
    """How many failures in a row make the container unhealthy."""
    start_period: int = Field(default=0, ge=0, le=300)
    """Seconds in which failures do not count."""


class UlimitSettings(Settings):
    """One resource limit inside a container."""

    soft: int = Field(ge=0)
    """The limit at the start."""
    hard: int = Field(ge=0)
    """The most that the process may raise it to."""

    @model_validator(mode="after")
    def _in_order(self) -> UlimitSettings:
        if self.soft > self.hard:
            raise ValueError("a `soft` limit that is not above `hard`")
        return self


class FileSystemSettings(Settings):
    """An EFS file system, mounted over TLS with IAM authorisation."""

    file_system_id: Annotated[str, StringConstraints(pattern=r"^fs-[0-9a-f]{8,40}$")]
    """Id of an EFS file system that exists already, as in `fs-0123456789abcdef0`."""
    access_point_id: Annotated[str, StringConstraints(pattern=r"^fsap-[0-9a-f]{8,40}$")]
    """The access point fixes the user and the folder."""
    security_group_id: Annotated[str, StringConstraints(pattern=r"^sg-[0-9a-f]{8,17}$")]
    """Of the mount targets; the task is let in on port 2049."""
    path: AbsolutePath
    """Where it is mounted."""
    read_only: bool = False
    """Whether the container may only read it."""


class VolumeSettings(Settings):
    """A folder that several containers of a task share: empty when the task starts."""


class MountSettings(Settings):
    """Where a container finds a shared volume."""

    path: AbsolutePath
    """Where the volume is mounted in the container."""
    read_only: bool = False
    """Whether the container may only read it."""


class EnvironmentFileSettings(Settings):
    """A file of environment variables, a line `NAME=value` each, that ECS reads from a bucket."""

    bucket: Annotated[Key, Reference("buckets")]
    """Key of a bucket of this stack file, or of `existing.buckets`."""
    file: Annotated[str, StringConstraints(pattern=r"^[^/*?\s][^*?\s]*\.env$", max_length=1024)]
    """Key of the object, which ends in `.env`, as in `web/production.env`."""


class SidecarSettings(Settings):
    """A container that runs beside the main one, in the same task."""

    image: ImageSettings
    command: tuple[str, ...] = ()
    """Arguments of the entry point; the image's own if empty."""
    entry_point: tuple[str, ...] = ()
    """The program that is run; the image's own if empty."""
    environment: dict[TaskVariable, str] = Field(default_factory=dict[str, str])
    """Environment variables by name."""
    variables: tuple[TaskVariable, ...] = ()
    """Variables of the task (of its `environment` and `uses`, secrets among them) that this
    container gets too."""
    cpu: int | None = Field(default=None, ge=1)
    """CPU units reserved of the task's."""
    memory: int | None = Field(default=None, ge=6)
    """MiB at most, of the task's."""
    essential: bool = True
    """Whether the task ends with it; a container that does its work and ends is not."""
    start_first: Condition | None = None
    """What the main container waits for; null when it waits for nothing."""
    after: dict[Key, Condition] = Field(default_factory=dict[str, Condition])
    """Other containers of the task that this one waits for, by name, each with what it waits for.
    When the task ends, they stop in the other order."""
    health: ContainerHealthSettings | None = None
    user: str | None = None
    """The user that the process runs as, as in `1000:1000`; the image's own if left out."""
    read_only_root: bool = True
    """Whether the container's root file system can't be written."""
    scratch: tuple[AbsolutePath, ...] = ()
    """Folders that the container may write, empty at each start."""
    mounts: dict[Key, MountSettings] = Field(default_factory=dict[str, MountSettings])
    """Shared `volumes` by name."""
    file_systems: dict[AbsolutePath, MountSettings] = Field(
        default_factory=dict[str, MountSettings]
    )
    """File systems of the task that this container mounts too, by the folder that the main
    container has them in (`fileSystems.*.path`, or `at` of `uses: [{files: ...}]`). What the task
    may only read, no container writes."""

    @model_validator(mode="after")
    def _what_is_waited_for_can_happen(self) -> SidecarSettings:
        if self.start_first == "healthy" and self.health is None:
            raise ValueError("`startFirst: healthy` together with `health`")
        if self.start_first in ("complete", "success") and self.essential:
            raise ValueError(f"`startFirst: {self.start_first}` together with `essential: false`")
        return self


class CollectorSettings(Settings):
    """The container that takes a task's traces and sends them to AWS X-Ray.

    The AWS Distro for OpenTelemetry, as `public.ecr.aws/aws-observability/aws-otel-collector`. The
    task goes on without it: traces are lost then, and nothing else.
    """

    image: ImageSettings
    """By digest, or in a repository of one's own, where tasks have no way to the internet."""
    cpu: int = Field(default=32, ge=1)
    """CPU units reserved of the task's."""
    memory: int = Field(default=128, ge=64)
    """MiB at most, of the task's."""


class TaskSettings(Moved):
    """A task: what services and jobs have in common."""

    image: ImageSettings
    cpu: Annotated[int, Field(json_schema_extra={"enum": list(MEMORY_MIB)})] = 256
    """CPU units, 1024 to a vCPU."""
    memory: int = 512
    """MiB; which sizes there are depends on `cpu`."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """What the image was built for."""
    ephemeral_gib: int = Field(default=EPHEMERAL_GIB[0], ge=EPHEMERAL_GIB[0], le=EPHEMERAL_GIB[1])
    """Temporary storage of a task, GiB; the first 20 cost nothing."""
    container: Key = "main"
    """Name of the main container."""
    command: tuple[str, ...] = ()
    """Instead of the image's own."""
    entry_point: tuple[str, ...] = ()
    """Instead of the image's own."""
    environment: dict[TaskVariable, str] = Field(default_factory=dict[str, str])
    """Plain values; secrets come through `uses`."""
    environment_files: Annotated[tuple[EnvironmentFileSettings, ...], Field(max_length=10)] = ()
    """Files of variables for the main container, read as each task starts: another content reaches
    the tasks with the next deployment. What `environment` and `uses` say wins; of two files the
    first. Secrets come through `uses`."""
    uses: tuple[UseSettings, ...] = ()
    """All the task may reach: rules, permissions, environment and secrets follow from it."""
    health_command: ContainerHealthSettings | None = None
    """The main container's own health check."""
    user: str | None = None
    """User (or `uid:gid`) of the main container; the image's own when left out."""
    read_only_root: bool = True
    """Nothing is written outside `scratch` and file systems."""
    scratch: tuple[AbsolutePath, ...] = ()
    """Folders that can be written and are empty when a task starts, as in `/tmp`. They belong to
    root: an image whose user is another one names them in a `VOLUME` of its own."""
    volumes: dict[Key, VolumeSettings] = Field(default_factory=dict[str, VolumeSettings])
    """Folders that containers share by `mounts`, as one that prepares what another serves."""
    mounts: dict[Key, MountSettings] = Field(default_factory=dict[str, MountSettings])
    """Shared `volumes` that the main container mounts, by name."""
    file_systems: dict[Key, FileSystemSettings] = Field(
        default_factory=dict[str, FileSystemSettings]
    )
    """EFS file systems by name of the volume."""
    ulimits: dict[Ulimit, UlimitSettings] = Field(default_factory=dict[Ulimit, UlimitSettings])
    """Limits of the operating system for the main container, by name."""
    stop_timeout: int = Field(default=60, ge=STOP_TIMEOUT[0], le=STOP_TIMEOUT[1])
    """Seconds from SIGTERM to SIGKILL; a service's must exceed its deregistration delay."""
    sidecars: dict[Key, SidecarSettings] = Field(default_factory=dict[str, SidecarSettings])
    """Further containers of the task, by name."""
    subnets: SubnetTier = SubnetTier.PRIVATE
    """Kind of subnets it runs in; only `public` ones give it a public address."""
    internet: bool = True
    """Whether it may call HTTPS addresses anywhere; without, only AWS through private paths."""
    tracing: Tracing = "none"
    """How its traces reach AWS X-Ray: `otel` takes what OpenTelemetry's SDKs send, `xray` what
    X-Ray's do, both by a `collector` beside it; `direct` only lets its own code send them."""
    collector: CollectorSettings | None = None
    """With `tracing: otel` or `xray`."""
    log_router: LogRouterSettings | None = None
    """Sends the main container's log elsewhere than to CloudWatch, by a router beside it."""
    exec: bool = False
    """Lets operators open a recorded shell in its containers."""
    log_retention_days: Annotated[Retention, Development(30)] = 365
    """How many days CloudWatch keeps the containers' logs."""
    family: str | None = None
    """Whole name of the task definition; made from the key when left out."""
    log_group: str | None = None
    """Whole name of the log group; made from the key when left out."""
    log_datetime_format: (
        Annotated[str, StringConstraints(pattern=r"%[a-zA-Z]", max_length=64)] | None
    ) = None
    """How each entry of the main container's log begins, as in `%Y-%m-%dT%H:%M:%S`: lines without
    it belong to the entry before, as those of a stack trace do. Each line is one when left out."""

    @model_validator(mode="after")
    def _a_size_fargate_has(self) -> TaskSettings:
        if self.cpu not in MEMORY_MIB:
            raise ValueError(f"`cpu` one of {', '.join(map(str, MEMORY_MIB))}")
        if self.memory not in MEMORY_MIB[self.cpu]:
            raise ValueError(f"with `cpu: {self.cpu}`, `memory` {allowed_memory(self.cpu)} (MiB)")
        if self.container in self.sidecars:
            raise ValueError(f"sidecars with other names than the main container, {self.container}")
        beside = self.beside
        shipped = [name.replace("-", " ") for name in (COLLECTOR, ROUTER) if name in beside]
        what = " and ".join(("sidecars", *(f"a {name}" for name in shipped)))
        for name, size in (("cpu", self.cpu), ("memory", self.memory)):
            taken = sum(getattr(sidecar, name) or 0 for sidecar in beside.values())
            if taken >= size:
                raise ValueError(
                    f"{what} that leave some of the task's `{name}: {size}` to the main container; "
                    f"together they take {taken}"
                )
        return self

    @model_validator(mode="after")
    def _one_mount_a_folder(self) -> TaskSettings:
        systems = [system.path for system in self.file_systems.values()]
        own = [mount.path for mount in self.mounts.values()]
        beside = [
            [
                *sidecar.scratch,
                *(mount.path for mount in sidecar.mounts.values()),
                *(mount.path for mount in sidecar.file_systems.values()),
            ]
            for sidecar in self.sidecars.values()
        ]
        for paths in ([*self.scratch, *systems, *own], *beside):
            folders = [path.rstrip("/") for path in paths]
            twice = next((folder for folder in folders if folders.count(folder) > 1), None)
            if twice is not None:
                raise ValueError(
                    f"each folder once in `scratch`, `mounts` and `fileSystems`; found twice: "
                    f"{twice or '/'}"
                )
        return self

    @model_validator(mode="after")
    def _volumes_are_shared(self) -> TaskSettings:
        mounted = [
            *self.mounts,
            *(name for sidecar in self.sidecars.values() for name in sidecar.mounts),
        ]
        for name in mounted:
            if name not in self.volumes:
                known = ", ".join(self.volumes) or "none: the task has no `volumes`"
                raise ValueError(f"in `mounts` one of {known}; found {name}")
        for name in self.volumes:
            if mounted.count(name) < SHARERS:
                raise ValueError(
                    f"`mounts` of `volumes.{name}` in two containers at least; a folder of one "
                    "container is `scratch`"
                )
        return self

    @model_validator(mode="after")
    def _file_systems_are_the_tasks(self) -> TaskSettings:
        there = [system.path for system in self.file_systems.values()]
        there += [use.at for use in self.uses if use.at is not None]
        for name, sidecar in self.sidecars.items():
            for folder in sidecar.file_systems:
                if folder not in there:
                    known = ", ".join(sorted(there)) or "none: the task has no file systems"
                    raise ValueError(
                        f"in `sidecars.{name}.fileSystems` a folder in which the main container "
                        f"has one, {known}; found {folder}"
                    )
        return self

    @model_validator(mode="after")
    def _containers_start_in_order(self) -> TaskSettings:
        first: dict[str, Condition] = {
            name: sidecar.start_first
            for name, sidecar in self.beside.items()
            if sidecar.start_first is not None
        }
        containers = {
            name: Started(sidecar.after, not sidecar.essential, sidecar.health is not None)
            for name, sidecar in self.beside.items()
        }
        main = Started(first, reports_health=self.health_command is not None)
        wrong = wrong_order({self.container: main, **containers})
        if wrong is not None:
            raise ValueError(wrong)
        return self

    @model_validator(mode="after")
    def _traces_are_collected(self) -> TaskSettings:
        if collects(self.tracing) and self.collector is None:
            raise ValueError(
                f"`collector` together with `tracing: {self.tracing}`, as {{image: {{uri: "
                "public.ecr.aws/aws-observability/aws-otel-collector@sha256:...}}}"
            )
        if self.collector is not None:
            if not collects(self.tracing):
                raise ValueError("`collector` together with `tracing: otel` or `tracing: xray`")
            if COLLECTOR in (self.container, *self.sidecars):
                raise ValueError(f"containers of another name than {COLLECTOR}, which takes traces")
        return self

    @model_validator(mode="after")
    def _logs_are_routed_of_what_is_there(self) -> TaskSettings:
        if self.log_router is None:
            return self
        if self.log_datetime_format is not None:
            raise ValueError(
                "no `logDatetimeFormat` with `logRouter`, which joins lines by its `configuration`"
            )
        if ROUTER in (self.container, *self.sidecars):
            raise ValueError(f"containers of another name than {ROUTER}, which takes logs")
        for name in self.log_router.containers:
            if name not in self.sidecars:
                known = ", ".join(self.sidecars) or "none: the task has no `sidecars`"
                raise ValueError(f"in `logRouter.containers` one of {known}; found {name}")
            if ROUTER in self.sidecars[name].after:
                raise ValueError(f"no `sidecars.{name}.after.{ROUTER}`: it waits for it anyway")
        return self

    @property
    def beside(self) -> dict[str, SidecarSettings]:
        """Every container beside the main one by name: the sidecars, what takes traces or logs."""
        sidecars = dict(self.sidecars)
        if self.log_router is not None:
            first: dict[str, Condition] = {ROUTER: "started"}
            for name in self.log_router.containers:
                own = sidecars.get(name)
                if own is not None:
                    sidecars[name] = own.model_copy(update={"after": {**own.after, **first}})
            sidecars[ROUTER] = _router(self.log_router)
        collector = self.collector
        if collector is None or not collects(self.tracing):
            return sidecars
        taking = SidecarSettings(
            image=collector.image,
            environment={"AOT_CONFIG_CONTENT": collector_configuration(self.tracing)},
            cpu=collector.cpu,
            memory=collector.memory,
            essential=False,
        )
        return {**sidecars, COLLECTOR: taking}


def _router(settings: LogRouterSettings) -> SidecarSettings:
    return SidecarSettings(
        image=settings.image,
        variables=settings.variables,
        cpu=settings.cpu,
        memory=settings.memory,
        essential=settings.essential,
        start_first="started",
    )
