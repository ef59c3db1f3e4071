"""What a person says of container services and jobs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from components.parts.api_routes import ServiceApiRouteSettings
from components.parts.model import Key, Settings
from components.parts.reference import Reference
from components.parts.schedule_settings import RetrySettings, Schedule, TimeZone
from components.services.deployment.settings import DeploymentSettings
from components.services.routing.network_settings import ListenerSettings
from components.services.routing.settings import (
    CallSettings,
    HealthSettings,
    Protocol,
    RouteSettings,
    StickinessSettings,
)
from components.services.scaling.settings import ScalingSettings
from components.services.task.settings import TaskSettings

GRPC_HEALTH = "/grpc.health.v1.Health/Check"
"""The method that gRPC services tell their health by ("GRPC Health Checking Protocol")."""

HEALTHY_CODES = {"http": (200, 499), "grpc": (0, 99)}
"""Codes that may count as healthy ("Health checks for Application Load Balancer target groups",
2026-11)."""

MOST_SECONDS = 31_536_000
"""Seconds that a Step Functions execution may take ("Step Functions service quotas", 2026-11)."""

SECONDS_BEFORE = 600
"""Seconds a run before a deployment may take where nothing else is said."""

MOST_SECONDS_BEFORE = 840
"""The most of them: the function that waits ends after 15 minutes ("Lambda quotas", 2026-11)."""

SLOW_START = 30
"""Seconds at least ("Target groups for your Application Load Balancers", 2026-11)."""


class CapacitySettings(Settings):
    """How much of a service runs on Fargate Spot, which costs less and may end at any time."""

    spot: int = Field(default=0, ge=0, le=100)
    """Percent of the tasks above `onDemand` that run on Spot."""
    on_demand: int = Field(default=1, ge=0, le=1000)
    """Tasks that never run on Spot: what is left when there is no Spot capacity."""


class ServiceSettings(TaskSettings):
    """Tasks that run all the time: behind a load balancer, called by others, or neither."""

    name: str | None = None
    """Whole name of the ECS service; made from the key when left out."""
    target_group: str | None = None
    """What target groups' names begin with; made from the key when left out."""
    port: int | None = Field(default=None, ge=1, le=65_535)
    """Port the main container listens on; a worker has none."""
    port_container: Key | None = None
    """The sidecar that listens on `port`, as a web server before the application; the main
    container when left out."""
    protocol: Protocol = "http"
    """Another one replaces the target groups: requests fail until the new tasks are healthy. A
    second service with the same routes avoids that."""
    routes: tuple[RouteSettings, ...] = ()
    """Which requests of load balancers reach the service."""
    listeners: tuple[ListenerSettings, ...] = ()
    """Which ports of network load balancers lead to it."""
    api_routes: tuple[ServiceApiRouteSettings, ...] = ()
    """Which requests of APIs reach it through a VPC link: of HTTP APIs by the load balancer of its
    route with a whole `host` and nothing else, of REST APIs by the network load balancer of its
    listener with `protocol: tls`."""
    discoverable: bool = False
    """Other services may call it by its key (`uses: [{service: ...}]`)."""
    calls: CallSettings = Field(default_factory=CallSettings)
    """With `discoverable`."""
    health: HealthSettings = Field(default_factory=HealthSettings)
    stickiness: StickinessSettings | None = None
    deregistration: int = Field(default=30, ge=0, le=3600)
    """Seconds a task that goes away may finish its requests."""
    balancing: Literal["round_robin", "least_outstanding_requests"] = "round_robin"
    """How requests are spread over the tasks."""
    slow_start: int = Field(default=0, ge=0, le=900)
    """Seconds in which a new task's share of requests grows; 0, or 30 and more."""
    scaling: ScalingSettings = Field(default_factory=ScalingSettings)
    capacity: CapacitySettings = Field(default_factory=CapacitySettings)
    deployment: DeploymentSettings = Field(default_factory=DeploymentSettings)

    @model_validator(mode="after")
    def _parts_that_fit(self) -> ServiceSettings:
        if self.port is None and (self.routes or self.discoverable or self.scaling.requests):
            raise ValueError("`port` with routes, `discoverable` and `scaling.requests`")
        if self.port is None and any(listener.to_port is None for listener in self.listeners):
            raise ValueError("`port`, or `toPort` in each of `listeners`")
        if self.port_container is not None and (
            not (self.port or self.listeners) or self.port_container not in self.sidecars
        ):
            raise ValueError("`portContainer` as one of `sidecars`, and `port` with it")
        if self.api_routes and self.protocol != "http":
            raise ValueError("`protocol: http` with `apiRoutes`: APIs speak HTTP")
        if self.protocol == "tcp" and self.routes:
            raise ValueError(
                "no `routes` with `protocol: tcp`: load balancers speak HTTP; network load "
                "balancers lead to it by `listeners`"
            )
        if self.protocol == "tcp" and self.calls.request_seconds is not None:
            raise ValueError(
                "no `calls.requestSeconds` with `protocol: tcp`: there are no requests"
            )
        if self.scaling.requests and not self.routes:
            raise ValueError("`routes` with `scaling.requests`")
        if (self.routes or self.listeners) and self.deregistration >= self.stop_timeout:
            raise ValueError(
                f"a `deregistration` below `stopTimeout` ({self.stop_timeout} seconds), or tasks "
                "are killed while they finish requests"
            )
        if self.deployment.swaps and self.listeners:
            raise ValueError("`strategy: rolling` with `listeners`: a connection can't be moved")
        if self.deployment.swaps and len(self.routes) != 1:
            raise ValueError(
                f"exactly one route with `strategy: {self.deployment.strategy}`: ECS moves one rule"
            )
        if self.capacity.spot and self.capacity.on_demand >= self.scaling.most:
            raise ValueError(
                f"`capacity.onDemand` below `scaling.max` ({self.scaling.most}) with `spot`: as it "
                "is, no task would ever run on Spot"
            )
        if self.slow_start and (self.slow_start < SLOW_START or self.balancing != "round_robin"):
            raise ValueError(
                f"`slowStart` of 0, or from {SLOW_START} with `balancing: round_robin`"
            )
        return self

    @property
    def port_mappings(self) -> tuple[tuple[int, Literal["tcp", "udp"]], ...]:
        """Ports that its container listens on, the one that callers know by name first."""
        # In the order of their numbers: that of listeners is none of the task's.
        found: dict[tuple[int, Literal["tcp", "udp"]], None] = {
            (self.port_of(listener), listener.carried): None
            for listener in sorted(self.listeners, key=lambda one: (self.port_of(one), one.carried))
        }
        listened = {port for port, _ in found}
        if self.port is not None and (
            self.routes or self.discoverable or self.port not in listened
        ):
            found = {(self.port, "tcp"): None, **found}
        return tuple(found)

    def port_of(self, listener: ListenerSettings) -> int:
        """Port that a listener leads to.

        Raises:
            ValueError: neither it nor the service names one; such settings are refused.
        """
        port = listener.to_port or self.port
        if port is None:
            raise ValueError("a listener without a port to lead to")
        return port

    @property
    def secure_listeners(self) -> tuple[ListenerSettings, ...]:
        """Those by which a REST API could call it: with a certificate."""
        return tuple(listener for listener in self.listeners if listener.protocol == "tls")

    @property
    def entry(self) -> RouteSettings | None:
        """The route by which APIs call it: one whole host, whatever the path."""
        return next((route for route in self.routes if route.whole_host is not None), None)

    @model_validator(mode="after")
    def _health_that_can_be_known(self) -> ServiceSettings:
        least, most = HEALTHY_CODES["grpc" if self.protocol == "grpc" else "http"]
        codes = self.health_codes
        spans = [[int(number) for number in part.split("-")] for part in codes.split(",")]
        if any(span != sorted(span) or len(span) > 2 for span in spans):
            raise ValueError("`health.codes` as in `200`, `200,204` or `200-299`")
        numbers = [number for span in spans for number in span]
        if self.routes and any(not least <= number <= most for number in numbers):
            raise ValueError(
                f"`health.codes` from {least} to {most} with `protocol: {self.protocol}`"
            )
        return self

    @model_validator(mode="after")
    def _deployment_that_moves(self) -> ServiceSettings:
        deployment, wanted = self.deployment, max(1, self.scaling.min)
        if deployment.swaps:
            return self
        kept = -(-wanted * deployment.min_healthy // 100)
        at_once = wanted * deployment.max // 100
        if kept >= wanted and at_once <= wanted:
            raise ValueError(
                f"a `deployment` that can move with {wanted} task{'s' if wanted > 1 else ''}: "
                f"`minHealthy: {deployment.min_healthy}` keeps {kept} and "
                f"`max: {deployment.max}` allows {at_once}; `max: 200` always works"
            )
        return self

    @property
    def listening(self) -> str:
        """Name of the container that listens on `port`."""
        return self.port_container or self.container

    @property
    def health_path(self) -> str:
        """What the load balancer asks for."""
        standard = GRPC_HEALTH if self.protocol == "grpc" else "/"
        return standard if self.health.path is None else self.health.path

    @property
    def health_codes(self) -> str:
        """Status codes that are healthy."""
        return self.health.codes or ("0" if self.protocol == "grpc" else "200")

    @property
    def most_tasks(self) -> int:
        """Most tasks at once: while a version replaces another, there are more of them."""
        deployment = self.deployment
        percent = 200 if deployment.swaps else deployment.max
        return -(-self.scaling.most * percent // 100)


class RerunSettings(Settings):
    """When a scheduled run that ended with an error, or took too long, is done again."""

    attempts: int = Field(default=2, ge=1, le=20)
    """How often at most; the run that the schedule starts is not counted."""
    after_seconds: int = Field(default=60, ge=1, le=86_400)
    """Seconds before the first time."""
    backoff: float = Field(default=2, ge=1, le=10)
    """By how much the seconds grow from each time to the next."""
    most_seconds: int = Field(default=3600, ge=2, le=86_400)
    """Seconds that are waited at most."""

    @model_validator(mode="after")
    def _in_order(self) -> RerunSettings:
        if self.most_seconds <= self.after_seconds:
            raise ValueError("`mostSeconds` above `afterSeconds`")
        return self


class JobSettings(TaskSettings):
    """A task that ends: on a schedule, or once before services take a new version."""

    schedule: Schedule | None = None
    """A run that takes longer than until the next one does not keep that from starting."""
    timezone: TimeZone = "UTC"
    """Of the schedule, as in `Europe/Vienna`."""
    enabled: bool = True
    """Whether the schedule starts it."""
    spread_minutes: int = Field(default=0, ge=0, le=1440)
    """Minutes within which the start may fall, so that not all jobs start at once."""
    retries: RetrySettings = Field(default_factory=RetrySettings)
    """Of starts that failed; `rerun` is for runs."""
    rerun: RerunSettings | None = None
    """When a scheduled run that failed is done again; never when left out. What is done again must
    be safe to repeat."""
    before: tuple[Annotated[Key, Reference("services")], ...] = ()
    """Services that wait for it: it runs once for each new version of it, as migrations do."""
    timeout: Annotated[int, Field(ge=10, le=MOST_SECONDS)] | None = None
    """Seconds a run may take; then it is stopped, and counts as failed. With `before` 600 when left
    out and 840 at most (a function waits, which has 15 minutes). With `schedule` there is no limit
    when left out; with one, or with `rerun`, a Step Functions state machine runs the task. Both can
    be added and taken away in place; taking both away ends a run that is under way."""
    spot: bool = False
    """Runs on Fargate Spot; only for work that may be cut off and done again."""

    @model_validator(mode="after")
    def _when(self) -> JobSettings:
        if (self.schedule is None) == (not self.before):
            raise ValueError("either `schedule` or `before` (services that wait for it)")
        if len(set(self.before)) < len(self.before):
            raise ValueError("each service once in `before`")
        if self.before and self.timeout is not None and self.timeout > MOST_SECONDS_BEFORE:
            raise ValueError(f"a `timeout` of {MOST_SECONDS_BEFORE} at most with `before`")
        if self.timeout is not None and self.rerun is not None:
            whole = (1 + self.rerun.attempts) * (self.timeout + self.rerun.most_seconds)
            if whole > MOST_SECONDS:
                raise ValueError(
                    f"a `timeout` and `rerun` of {MOST_SECONDS} seconds at most together (a year)"
                )
        if self.spot and self.before:
            raise ValueError("`spot` with `schedule` only: a deployment waits for this job")
        return self

    @property
    def is_followed(self) -> bool:
        """Whether a state machine runs it, waits for its end and acts on it."""
        return self.schedule is not None and (self.timeout is not None or self.rerun is not None)

    @property
    def seconds_before(self) -> int:
        """Seconds a run before a deployment may take."""
        return SECONDS_BEFORE if self.timeout is None else self.timeout
