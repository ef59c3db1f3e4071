"""What a person says of one alarm: another threshold, a silence, or an alarm of their own."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from components.monitoring.logs.filter_pattern import left_open
from components.parts.model import Key, Settings

AlarmName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*$", max_length=128)
]
"""As `trellis plan` shows it: `backend-cpu`."""

Statistic = Annotated[
    str,
    StringConstraints(
        pattern=r"^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d{1,2})?|p100)$"
    ),
]
"""`Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p99`."""

LONGEST_SECONDS = 604_800
"""What period times periods may be ("PutMetricAlarm", CloudWatch API Reference, 2026-11)."""

DAY = 86_400
"""Seconds; alarms of periods under an hour may look back a day, others a week (same page)."""

HOUR = 3_600
"""Seconds."""

SHORT_PERIODS = (10, 20, 30)
"""Seconds, beside multiples of 60 ("PutMetricAlarm": Period)."""

MOST_TERMS = 10
"""Metrics of one alarm ("Create a CloudWatch alarm based on a metric math expression", 2026-11)."""

Term = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z0-9_]{0,254}$")]
"""A metric's name in an expression ("MetricDataQuery": Id, CloudWatch API Reference, 2026-11)."""

_NAME = re.compile(r"(?<![\w'\"])[a-z]\w*")
"""What begins with a small letter in an expression is a metric; functions are in capitals."""

MOST_MEMBERS = 100
"""Alarms under a composite one ("PutCompositeAlarm": AlarmRule)."""


class SilenceSettings(Settings):
    """An alarm that tells nobody for a while; it ends by itself."""

    reason: Annotated[str, StringConstraints(min_length=10)]
    """Why nobody is notified."""
    until: date
    """Last day, as a quoted ISO date (UTC)."""


class TermSettings(Settings):
    """One metric of an expression."""

    metric: Key
    """A metric of `monitoring.metrics`, or `<log>-<metric>` of a log group's."""
    statistic: Statistic = "Average"
    """How values within a period become one."""


class AlarmSettings(Settings):
    """One alarm, by name: what differs for one that exists, or the whole of a new one.

    A new one names `metric`, `expression` with `terms`, or `anyOf`/`allOf`.
    """

    metric: Key | None = None
    """A metric of `monitoring.metrics`, or `<log>-<metric>` of a log group's."""
    statistic: Statistic | None = None
    """Of the metric; Average when left out."""
    expression: str | None = None
    """Metric math over `terms`, as `100 * errors / requests`."""
    terms: Annotated[dict[Term, TermSettings], Field(max_length=MOST_TERMS)] = Field(
        default_factory=dict[str, TermSettings]
    )
    """The metrics of `expression` by the name they have there, as `errors`."""
    any_of: tuple[AlarmName, ...] = ()
    """A composite alarm: fires while one of these does."""
    all_of: tuple[AlarmName, ...] = ()
    """A composite alarm: fires while all of these do."""
    threshold: float | None = None
    """The value that the metric is compared with."""
    comparison: Literal["above", "atLeast", "below", "atMost"] | None = None
    """`above` when left out."""
    band: Annotated[float, Field(gt=0, le=100)] | None = None
    """Instead of a threshold: width of the band around what CloudWatch expects from the weeks
    before, in standard deviations."""
    period: Annotated[int, Field(ge=10, le=DAY)] | None = None
    """Seconds: 10, 20, 30 or a multiple of 60."""
    periods: Annotated[int, Field(ge=1, le=1440)] | None = None
    """Periods it looks at (N)."""
    datapoints: Annotated[int, Field(ge=1, le=1440)] | None = None
    """Of them, how many must be beyond the threshold (M); all when left out."""
    missing: Literal["breaching", "notBreaching", "ignore", "missing"] | None = None
    """What a period without data counts as; a new alarm has to say it."""
    least_samples: Annotated[int, Field(ge=1)] | None = None
    """With `metric`: periods with fewer samples count as fine, as a percentile of three does."""
    severity: Literal["notify", "page"] | None = None
    """`notify` when left out."""
    title: Annotated[str, StringConstraints(max_length=120)] | None = None
    """The alarm's heading in notifications and on dashboards."""
    meaning: Annotated[str, StringConstraints(max_length=450)] | None = None
    """What it means when it fires; a new alarm has to say it."""
    action: Annotated[str, StringConstraints(max_length=400)] | None = None
    """What to do first; a new alarm has to say it."""
    silence: SilenceSettings | None = None

    @property
    def is_new(self) -> bool:
        """Whether it stands for itself; otherwise it changes an alarm that exists."""
        return bool(self.metric or self.expression or self.any_of or self.all_of)

    @property
    def is_composite(self) -> bool:
        """Whether it looks at other alarms."""
        return bool(self.any_of or self.all_of)

    @model_validator(mode="after")
    def _one_kind(self) -> AlarmSettings:
        kinds = {
            "metric": self.metric is not None,
            "expression": self.expression is not None,
            "anyOf": bool(self.any_of),
            "allOf": bool(self.all_of),
        }
        named = [kind for kind, there in kinds.items() if there]
        if len(named) > 1:
            raise ValueError(f"one of {', '.join(kinds)}; found {' and '.join(named)}")
        if self.terms and self.expression is None:
            raise ValueError("`terms` together with `expression`, and only then")
        if self.expression is not None and not self.terms:
            raise ValueError("`terms`: the metrics that `expression` names")
        unmatched = left_open(self.expression or "", pairs="[(")
        if unmatched:
            raise ValueError(f"an `expression` in which {unmatched} has its counterpart")
        missing = sorted({*_NAME.findall(self.expression or "")} - self.terms.keys())
        if missing:
            raise ValueError(f"`terms` for all that `expression` names: {', '.join(missing)} too")
        if len(self.any_of) + len(self.all_of) > MOST_MEMBERS:
            raise ValueError(f"at most {MOST_MEMBERS} alarms under a composite one")
        return self

    @model_validator(mode="after")
    def _new_ones_are_whole(self) -> AlarmSettings:
        if not self.is_new:
            if self.statistic is not None or self.least_samples:
                raise ValueError(
                    "`statistic` and `leastSamples` together with `metric`: an alarm that exists "
                    "keeps what it measures"
                )
            return self
        if self.meaning is None or self.action is None:
            raise ValueError("`meaning` and `action`: whoever is woken reads nothing else")
        if self.is_composite:
            if self.threshold is not None or self.missing is not None:
                raise ValueError("a composite alarm has no threshold of its own")
            return self
        if (self.threshold is None) == (self.band is None):
            raise ValueError("either `threshold` or `band`")
        if self.missing is None:
            raise ValueError("`missing`: breaching, notBreaching, ignore or missing")
        if self.expression is not None and self.least_samples is not None:
            raise ValueError("`leastSamples` with `metric`; an expression says it itself")
        if self.least_samples is not None and (
            self.comparison in ("below", "atMost") or not self.threshold or self.threshold <= 0
        ):
            raise ValueError("`leastSamples` with a `threshold` above 0 that is exceeded")
        return self

    @model_validator(mode="after")
    def _cloudwatch_can_look_so_far(self) -> AlarmSettings:
        period = self.period
        if period is not None and period % 60 and period not in SHORT_PERIODS:
            raise ValueError("`period`: 10, 20, 30 or a multiple of 60 seconds")
        if self.periods is not None and (self.datapoints or 1) > self.periods:
            raise ValueError(f"`datapoints`: at most {self.periods}, as `periods`")
        if period is not None and self.periods is not None:
            longest = LONGEST_SECONDS if period >= HOUR else DAY
            if period * self.periods > longest:
                raise ValueError(f"`period` times `periods`: at most {longest} seconds")
        return self
