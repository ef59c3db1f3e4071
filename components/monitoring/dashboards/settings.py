"""What a person says of dashboards of their own."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.monitoring.alarms.settings import Statistic, TermSettings
from components.monitoring.logs.filter_pattern import left_open
from components.parts.model import Key, Settings

TermName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*$", max_length=32)]

MOST_LINES = 100
"""Of one chart; more can't be read, and CloudWatch takes 500 with all their terms."""

NAMES = re.compile(r"\b[a-z][a-z0-9_]*\b")
"""Words of an expression that are no functions, which CloudWatch writes in capitals."""


class LineSettings(Settings):
    """One line of a chart: a metric, or metric math over several."""

    metric: Key | None = None
    """A metric of `monitoring.metrics`, or `<log>-<metric>` of a log group's."""
    statistic: Statistic = "Average"
    """Of the metric."""
    expression: str | None = None
    """Metric math over `terms`, as `100 * errors / requests`."""
    terms: dict[TermName, TermSettings] = Field(default_factory=dict[str, TermSettings])
    """The metrics of `expression` by the name they have there (letters and digits only)."""
    label: str | None = None
    """The line's name in the legend."""

    @model_validator(mode="after")
    def _metric_or_expression(self) -> LineSettings:
        if (self.metric is None) == (self.expression is None):
            raise ValueError("either `metric`, or `expression` with `terms`")
        if (self.expression is not None) != bool(self.terms):
            raise ValueError("`expression` together with `terms`, the metrics that it names")
        unmatched = left_open(self.expression or "", pairs="[(")
        if unmatched:
            raise ValueError(f"an `expression` in which {unmatched} has its counterpart")
        named = set(NAMES.findall(self.expression or ""))
        if named != self.terms.keys():
            odd = ", ".join(sorted(named ^ self.terms.keys()))
            raise ValueError(f"the same names in `expression` and in `terms`; {odd} in one only")
        return self


class ChartSettings(Settings):
    """One widget: lines of metrics, or text."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """The chart's heading."""
    lines: Annotated[tuple[LineSettings, ...], Field(max_length=MOST_LINES)] = ()
    """The metrics that are drawn, a line each."""
    text: str | None = None
    """Markdown, instead of lines."""
    period: Annotated[int, Field(ge=60, le=86_400, multiple_of=60)] = 300
    """Seconds."""
    unit: str = ""
    """Shown at the axis."""
    threshold: float | None = None
    """Drawn as a line across."""
    stacked: bool = False
    """Whether the lines are drawn on top of one another, as areas."""
    width: Annotated[int, Field(ge=1, le=24)] | None = None
    """Of CloudWatch's 24 columns; charts that say nothing share their rows equally."""
    height: Annotated[int, Field(ge=1, le=24)] = 6
    """The chart's height in units of the dashboard's grid."""

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
    """Charts by section; sections stand in the order of their keys, which a stack file has not."""
    tiers: tuple[
        Literal[
            "Golden signals", "Services", "Load balancers", "APIs", "Functions", "Sites",
            "Databases", "Caches", "Tables", "Queues", "Topics", "Streams", "Queries", "Buckets",
            "Network",
        ],
        ...,
    ] = ()  # fmt: skip
    """Sections of the overview that are shown here too, after one's own."""

    @model_validator(mode="after")
    def _something_to_show(self) -> DashboardSettings:
        if not self.tiers and not any(self.sections.values()):
            raise ValueError("`sections` with charts, or `tiers`")
        return self
