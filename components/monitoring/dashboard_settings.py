"""What a person says of dashboards of their own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.monitoring.alarm_settings import Statistic
from components.parts.model import Key, Settings


class LineSettings(Settings):
    """One line of a chart."""

    metric: Key
    """Key under `monitoring.metrics`, or `<log>-<metric>` of a log group's."""
    statistic: Statistic = "Average"
    label: str | None = None


class ChartSettings(Settings):
    """One widget: lines of metrics, or text."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    lines: tuple[LineSettings, ...] = ()
    text: str | None = None
    """Markdown, instead of lines."""
    period: Annotated[int, Field(ge=60, le=86_400, multiple_of=60)] = 300
    """Seconds."""
    unit: str = ""
    """Shown at the axis."""
    threshold: float | None = None
    """Drawn as a line across."""
    stacked: bool = False
    width: Annotated[int, Field(ge=1, le=24)] = 8
    """Of CloudWatch's 24 columns."""
    height: Annotated[int, Field(ge=1, le=24)] = 6

    @model_validator(mode="after")
    def _lines_or_text(self) -> ChartSettings:
        if bool(self.lines) == (self.text is not None):
            raise ValueError("either `lines` or `text`")
        return self


class DashboardSettings(Settings):
    """A dashboard beside the overview: charts of the application's own metrics."""

    sections: dict[Key, tuple[ChartSettings, ...]] = Field(
        default_factory=dict[str, tuple[ChartSettings, ...]]
    )
    """Charts by section, in order."""
    tiers: tuple[
        Literal[
            "Services", "Load balancers", "Databases", "Caches", "Tables", "Queues", "Functions",
            "Buckets",
        ],
        ...,
    ] = ()  # fmt: skip
    """Sections of the overview that are shown here too, after one's own."""
