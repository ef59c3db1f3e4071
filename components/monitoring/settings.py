"""What a person says of monitoring: who is told, and what the application measures itself."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from components.monitoring.alarms.settings import AlarmName, AlarmSettings
from components.monitoring.dashboards.settings import DashboardSettings
from components.monitoring.delivery.settings import SubscriberSettings
from components.monitoring.logs.archive_settings import ArchiveSettings
from components.monitoring.logs.filter_pattern import whole_pattern
from components.monitoring.probes.canary_settings import CanarySettings
from components.parts.adoption import Adopt
from components.parts.model import Key, Losable, Settings
from components.parts.retention import Retention

Unit = Literal[
    "None", "Count", "Percent", "Seconds", "Milliseconds", "Microseconds", "Bytes", "Kilobytes",
    "Megabytes", "Gigabytes", "Bytes/Second", "Count/Second",
]  # fmt: skip
"""Of CloudWatch's units the usual ones ("MetricDatum", CloudWatch API Reference, 2026-11)."""

Namespace = Annotated[str, StringConstraints(pattern=r"^[^:\s]\S{0,254}$")]


def _not_of_aws(name: str) -> str:
    if name.startswith("aws/"):
        raise ValueError("a name that does not begin with aws/, which is AWS's own")
    return name


LogGroupName = Annotated[
    str,
    StringConstraints(pattern=r"^([.\-_/#A-Za-z0-9]|\{name\}|\{environment\}){1,512}$"),
    AfterValidator(_not_of_aws),
]
"""Those that begin with `aws/` are AWS's ("CreateLogGroup", CloudWatch Logs API Reference)."""

DimensionName = Annotated[str, StringConstraints(pattern=r"^[^:]", max_length=255)]
DimensionValue = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
"""As in "Dimension" (CloudWatch API Reference, 2026-11)."""

MOST_DIMENSIONS = 30
"""Of a metric ("PutMetricData", CloudWatch API Reference, 2026-11)."""


class MetricSettings(Settings):
    """One metric of a namespace."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """The metric's name in its namespace."""
    unit: Unit = "None"
    """The metric's unit."""
    dimensions: Annotated[
        dict[DimensionName, DimensionValue], Field(max_length=MOST_DIMENSIONS)
    ] = Field(default_factory=dict[str, str])
    """The metric's dimensions, value by name."""


class NamespaceSettings(Settings):
    """Metrics that the application puts itself, or metrics of AWS that no tier shows.

    `uses: [{metrics: KEY}]` lets a task put metrics into this namespace and no other.
    """

    namespace: Namespace
    """As in `Shop/Orders`; those that begin with `AWS/` are only looked at."""
    metrics: Annotated[dict[Key, MetricSettings], Field(min_length=1)]
    """By a name of your choice, by which alarms, charts and scaling refer to it."""


class FilterSettings(Settings):
    """A metric made from what is logged."""

    pattern: Annotated[str, StringConstraints(max_length=1024), AfterValidator(whole_pattern)]
    """CloudWatch's filter pattern, as `{ $.level = "error" }`; empty matches every line."""
    value: Annotated[str, StringConstraints(pattern=r"^(-?\d+(\.\d+)?|\$\.?\S+)$")] = "1"
    """What one match adds: a number in quotes, or a field of the line as `$.durationMs`."""
    unit: Unit = "Count"
    """The metric's unit."""
    zero: bool = True
    """Whether lines that don't match count as 0, so that quiet is told from silent."""


class LogGroupSettings(Settings):
    """A log group of the application, on the logs key."""

    adopt: Adopt | None = None
    """Name of a log group that exists already and becomes this one: see
    [taking over](migrating.md#take-it-over)."""
    name: LogGroupName
    """`{name}` and `{environment}` stand for the system's."""
    retention_days: Retention = 365
    """Days CloudWatch keeps it."""
    keep: bool = False
    """Whether it survives the stack, as what the law wants kept."""
    mask_credentials: bool = True
    """Whether keys and passwords in it are shown as stars to whoever may not unmask them."""
    metrics: dict[Key, FilterSettings] = Field(default_factory=dict[str, FilterSettings])
    """Metrics made from its lines; alarms and charts call them `<log>-<metric>`."""
    queries: dict[Key, Annotated[str, StringConstraints(min_length=1, max_length=10_000)]] = Field(
        default_factory=dict[str, str]
    )
    """Saved queries of Logs Insights by name."""


class HealthCheckSettings(Settings):
    """Route 53 calls a public address from several regions."""

    host: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+\.[a-z]{2,}$", max_length=253)]
    """The host that Route 53 calls."""
    path: Annotated[str, StringConstraints(pattern=r"^/\S*$")] = "/"
    """The path that it asks for."""
    port: Annotated[int, Field(ge=1, le=65_535)] = 443
    """The port that it connects to."""
    seconds: Literal[10, 30] = 30
    """Between two calls from one region."""
    failures: Annotated[int, Field(ge=1, le=10)] = 3
    """Calls in a row that decide."""
    severity: Literal["notify", "page"] = "page"
    """Whether a failure notifies or pages."""


class OverviewSettings(Settings):
    """The dashboard that shows every tier."""

    key: Key = "overview"
    """Last part of its name, `{name}-{environment}-overview`."""
    sections: Literal["all", "services"] = "all"
    """`services` leaves the other tiers to dashboards that name them."""

    def shows(self, section: str) -> bool:
        """Whether a section stands on it."""
        return self.sections == "all" or section in ("Golden signals", "Services", "Load balancers")


class MonitoringSettings(Losable):
    """Alarms, who hears of them, dashboards, and the application's own logs and metrics."""

    subscribers: dict[Key, SubscriberSettings] = Field(
        default_factory=dict[str, SubscriberSettings]
    )
    """Who hears of alarms, by a name of your choice."""
    alarms: dict[AlarmName, AlarmSettings] = Field(default_factory=dict[str, AlarmSettings])
    """By name: what differs for an alarm that a tier makes, or an alarm of your own."""
    metrics: dict[Key, NamespaceSettings] = Field(default_factory=dict[str, NamespaceSettings])
    """The application's metrics: namespaces by a name of your choice."""
    logs: dict[Key, LogGroupSettings] = Field(default_factory=dict[str, LogGroupSettings])
    """The application's log groups by name, beside those of services and functions."""
    dashboards: dict[Key, DashboardSettings] = Field(default_factory=dict[str, DashboardSettings])
    """Dashboards beside the overview."""
    overview: OverviewSettings = Field(default_factory=OverviewSettings)
    health_checks: dict[Key, HealthCheckSettings] = Field(
        default_factory=dict[str, HealthCheckSettings]
    )
    """Public addresses that are called from outside."""
    canaries: dict[Key, CanarySettings] = Field(default_factory=dict[str, CanarySettings])
    """Public addresses that a script opens, where what they answer matters."""
    archive: ArchiveSettings | None = None
    """Where log lines go as they come, beside CloudWatch; null for nowhere."""
    group: bool = True
    """Whether what belongs to one thing pages once, by a composite alarm."""

    @property
    def metric_names(self) -> tuple[str, ...]:
        """What alarms, charts and scaling may name, each as often as it is declared."""
        own = [key for metric in self.metrics.values() for key in metric.metrics]
        logged = [f"{log}-{key}" for log, kept_log in self.logs.items() for key in kept_log.metrics]
        return (*own, *logged)
