"""What a person says of scaling: how many tasks, by what measure, on what schedule."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from components.parts.model import Development, Key, Settings
from components.parts.reference import Reference
from components.parts.schedule_settings import Schedule, TimeZone

Percent = Annotated[int, Field(ge=1, le=100)]


class CooldownSettings(Settings):
    """Seconds of quiet after a scaling step."""

    out: int = Field(default=60, ge=0, le=3600)
    """Seconds after tasks were added until more are."""
    in_: Annotated[int, Field(ge=0, le=3600, alias="in")] = 300
    """Seconds after tasks were removed until more are."""


class BacklogSettings(Settings):
    """Tasks follow the work that waits in a queue."""

    queue: Annotated[Key, Reference("queues")]
    """Key of one of `queues`."""
    per_task: float = Field(gt=0)
    """Messages a task may have waiting: the delay that is fine divided by the time one takes."""


class MetricSettings(Settings):
    """Tasks follow a metric of your own: a target to hold, or two limits."""

    namespace: str
    """The metric's CloudWatch namespace."""
    name: str
    """The metric's name."""
    dimensions: dict[str, str] = Field(default_factory=dict[str, str])
    """The metric's dimensions, value by name."""
    statistic: Annotated[str, StringConstraints(pattern=r"^(Average|Sum|Minimum|Maximum)$")] = (
        "Average"
    )
    """How values within a minute become one."""
    target: float | None = Field(default=None, gt=0)
    """Holds the metric here; it must fall as tasks are added."""
    out_above: float | None = None
    """Adds tasks above this."""
    in_below: float | None = None
    """Takes tasks away below this."""
    step: int = Field(default=1, ge=1, le=100)
    """Tasks added at once; twice as many from three times `outAbove` on. One at a time is taken."""
    out_minutes: int = Field(default=1, ge=1, le=60)
    """Minutes above the limit before tasks are added."""
    in_minutes: int = Field(default=5, ge=1, le=60)
    """Minutes below the limit before a task is taken away."""

    @model_validator(mode="after")
    def _target_or_limits(self) -> MetricSettings:
        limits = (self.out_above, self.in_below)
        if (self.target is None) == (limits == (None, None)) or (None in limits) != (
            limits == (None, None)
        ):
            raise ValueError("either `target`, or `outAbove` and `inBelow`")
        if (
            self.out_above is not None
            and self.in_below is not None
            and (self.in_below >= self.out_above)
        ):
            raise ValueError("`inBelow` below `outAbove`, or it would scale to and fro")
        return self


class ScheduledScalingSettings(Settings):
    """Other limits from a point in time on, until another schedule or an `up` that changes
    `min` or `max`."""

    at: Schedule
    """When the limits change: `cron(...)`, `rate(...)` or `at(...)`."""
    timezone: TimeZone = "UTC"
    """As in `Europe/Vienna`."""
    min: int | None = Field(default=None, ge=0)
    """Fewest tasks from then on."""
    max: int | None = Field(default=None, ge=0)
    """Most tasks from then on."""

    @model_validator(mode="after")
    def _changes_something(self) -> ScheduledScalingSettings:
        if self.min is None and self.max is None:
            raise ValueError("`min`, `max` or both")
        return self


class ScalingSettings(Settings):
    """How many tasks run. Deployments never touch how many there are just now."""

    min: Annotated[int, Field(ge=0, le=5000), Development(1)] = 2
    """0 only where a queue or metric can wake the service."""
    max: int = Field(default=4, ge=1, le=5000)
    """Most tasks."""
    cpu: Percent | None = None
    """Average percent of the tasks' CPU to hold."""
    memory: Percent | None = None
    """Average percent of the tasks' memory to hold."""
    requests: int | None = Field(default=None, ge=1)
    """Requests a minute and task to hold; needs a route."""
    backlog: BacklogSettings | None = None
    metric: MetricSettings | None = None
    schedules: dict[Key, ScheduledScalingSettings] = Field(
        default_factory=dict[str, ScheduledScalingSettings]
    )
    """Changes of the limits at set times, by name."""
    cooldown: CooldownSettings = Field(default_factory=CooldownSettings)

    @property
    def most(self) -> int:
        """Most tasks there ever are, schedules included."""
        return max(self.max, *(schedule.max or 0 for schedule in self.schedules.values()), 0)

    @property
    def measured(self) -> bool:
        """Whether any measure moves the number of tasks."""
        measures = (self.cpu, self.memory, self.requests, self.backlog, self.metric)
        return any(measure is not None for measure in measures)

    @property
    def rests(self) -> bool:
        """Whether a schedule lets it run with fewer tasks than `min`."""
        return any(
            self._limits_from(schedule)[0] < self.min for schedule in self.schedules.values()
        )

    def _limits_from(self, schedule: ScheduledScalingSettings) -> tuple[int, int]:
        """Least and most tasks after a schedule, beside the ordinary limits."""
        least = self.min if schedule.min is None else schedule.min
        return least, self.max if schedule.max is None else schedule.max

    @model_validator(mode="after")
    def _limits_that_work(self) -> ScalingSettings:
        if self.max < self.min:
            raise ValueError("a `max` that is not below `min`")
        for name, schedule in self.schedules.items():
            least, most = self._limits_from(schedule)
            if most < least:
                raise ValueError(
                    f"in `schedules.{name}` limits that fit: it would leave `min: {least}` and "
                    f"`max: {most}`, and AWS does nothing then; say both there"
                )
        wakes = self.metric is not None and self.metric.out_above is not None
        if self.min == 0 and self.backlog is None and not wakes:
            raise ValueError(
                "`min: 0` together with `backlog`, or `metric` with `outAbove`: nothing else can "
                "tell that a service without tasks is needed again"
            )
        return self
