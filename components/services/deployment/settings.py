"""What a person says of deployments: how a new version takes over, and what undoes it."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from components.parts.model import Settings

STEPPED_ERROR_PERCENT = 5.0
"""Percent of a version's own answers that undo a `canary` or `linear` deployment where nothing else
is said: a count of errors says little of a version that has a twentieth of the traffic."""


def _tenths(percent: float) -> float:
    if not math.isclose(percent * 10, round(percent * 10), abs_tol=1e-9):
        raise ValueError(f"a percentage in tenths, as in 2.5; found {percent}")
    return percent


Tenths = Annotated[float, AfterValidator(_tenths)]
"""Percent of the traffic; ECS takes multiples of 0.1 (`CanaryConfiguration`, `LinearConfiguration`
in the Amazon ECS API Reference, 2026-11)."""


class RollbackSettings(Settings):
    """What undoes a deployment, besides tasks that do not start."""

    errors: Annotated[int, Field(ge=1)] | Literal["none"] = 10
    """Responses 5xx a minute from the service's tasks; `none` for no alarm."""
    error_percent: Annotated[float, Field(gt=0, lt=100)] | Literal["none"] | None = None
    """Percent of a version's own responses that are 5xx, in two of three minutes with at least five
    requests. Left out: 5 with `canary` and `linear`, no alarm with the others."""
    latency_seconds: float | None = Field(default=None, gt=0)
    """Response time that 99 in 100 requests keep; no alarm when left out."""
    alarms: tuple[str, ...] = ()
    """Whole names of other CloudWatch alarms."""


class CanarySettings(Settings):
    """The share of the traffic that tries a new version first."""

    percent: Tenths = Field(default=5, ge=0.1, lt=100)
    """Percent of the traffic, in tenths."""
    bake_minutes: int = Field(default=10, ge=0, le=1440)
    """Minutes the new version has that share before it gets the rest."""


class LinearSettings(Settings):
    """The equal steps in which the traffic goes to a new version."""

    percent: Tenths = Field(default=10, ge=3, lt=100)
    """Percent of the traffic that moves with each step, in tenths."""
    bake_minutes: int = Field(default=6, ge=0, le=1440)
    """Minutes between two steps."""

    @property
    def waits(self) -> int:
        """How often it waits: after each step but the one that moves the rest."""
        return math.ceil(round(100 / self.percent, 6)) - 1


PauseStage = Literal["beforeStart", "afterStart", "afterTestTraffic", "afterTraffic"]


class PauseSettings(Settings):
    """Where a deployment stops until somebody lets it go on (`trellis deployment STACK SERVICE
    --continue`) or takes it back (`--rollback`)."""

    at: PauseStage
    """`beforeStart`: before tasks of the new version start; `afterStart`: they run and have no
    traffic; `afterTestTraffic`: the load balancer's `testListener` leads to them; `afterTraffic`:
    they have all of it."""
    minutes: int = Field(default=1440, ge=1, le=20_160)
    """Minutes it waits."""
    otherwise: Literal["rollback", "continue"] = "rollback"
    """What happens when nobody answers in that time."""


class DeploymentSettings(Settings):
    """How a new version takes over."""

    strategy: Literal["rolling", "blueGreen", "canary", "linear"] = "rolling"
    """`rolling` replaces tasks one after the other. The others start a whole second set of tasks:
    `blueGreen` then moves all traffic at once, `canary` a small share first, `linear` equal steps.
    It can be changed any way in place; before going back to `rolling`, see docs/operations.md."""
    canary: CanarySettings = Field(default_factory=CanarySettings)
    """With `strategy: canary`."""
    linear: LinearSettings = Field(default_factory=LinearSettings)
    """With `strategy: linear`."""
    pauses: tuple[PauseSettings, ...] = ()
    """Human gates; not with `rolling`. `pulumi up` waits with the deployment, unless
    `wait: false`."""
    min_healthy: int = Field(default=100, ge=0, le=100)
    """Percent of the wanted tasks that keep running (`rolling`; ECS rounds it up)."""
    max: int = Field(default=200, ge=100, le=400)
    """Percent of the wanted tasks that may run meanwhile (`rolling`; ECS rounds it down)."""
    grace: int = Field(default=60, ge=0, le=7200)
    """Seconds after a task's start in which failed health checks do not count."""
    bake_minutes: int = Field(default=5, ge=0, le=1440)
    """Minutes both versions run after all traffic moved, and the alarms may still take it back (not
    with `rolling`)."""
    rollback: RollbackSettings = Field(default_factory=RollbackSettings)
    wait: bool = True
    """`pulumi up` ends when the service is steady."""
    zone_rebalancing: bool = True
    """Moves tasks when one zone has more than another."""
    on_rotation: bool = True
    """Deploys again when a linked secret was rotated, so that tasks read the new value. The news
    comes through CloudTrail: the account needs a trail of management events (`baseline`)."""

    @model_validator(mode="after")
    def _can_move(self) -> DeploymentSettings:
        if self.min_healthy == self.max == 100:
            raise ValueError("`minHealthy` below 100 or `max` above 100, or nothing could move")
        if self.zone_rebalancing and self.max <= 100:
            raise ValueError("a `max` above 100, or `zoneRebalancing: false`")
        return self

    @model_validator(mode="after")
    def _each_pause_once(self) -> DeploymentSettings:
        stages = [pause.at for pause in self.pauses]
        if len(set(stages)) < len(stages):
            raise ValueError("each stage once in `pauses`")
        return self

    @property
    def swaps(self) -> bool:
        """Whether two sets of tasks take turns, each with a target group of its own."""
        return self.strategy != "rolling"

    @property
    def error_percent(self) -> float | None:
        """Percent of a version's responses that may be errors; None where nothing looks at it."""
        given = self.rollback.error_percent
        if given is None:
            return STEPPED_ERROR_PERCENT if self.strategy in ("canary", "linear") else None
        return None if given == "none" else given

    @property
    def moving_minutes(self) -> int:
        """Minutes a deployment waits at most by what its settings ask for, besides its tasks."""
        if not self.swaps:
            return 0
        shifting = {
            "canary": self.canary.bake_minutes,
            "linear": self.linear.waits * self.linear.bake_minutes,
        }
        pauses = sum(pause.minutes for pause in self.pauses)
        return self.bake_minutes + shifting.get(self.strategy, 0) + pauses
