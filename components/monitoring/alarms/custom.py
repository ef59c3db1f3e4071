"""Alarms of the stack file's own, as data: of a metric, an expression, a band, or other alarms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from components.contracts import AlarmSpec, MetricQuery, Severity
from components.monitoring.alarms.alarms import BAND
from components.monitoring.alarms.composites import CompositeSpec
from components.monitoring.alarms.settings import AlarmSettings

COMPARISONS: dict[
    str,
    Literal[
        "GreaterThanThreshold",
        "GreaterThanOrEqualToThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
    ],
] = {
    "above": "GreaterThanThreshold",
    "atLeast": "GreaterThanOrEqualToThreshold",
    "below": "LessThanThreshold",
    "atMost": "LessThanOrEqualToThreshold",
}

BANDS: dict[
    str,
    Literal[
        "GreaterThanUpperThreshold",
        "LessThanLowerThreshold",
        "LessThanLowerOrGreaterThanUpperThreshold",
    ],
] = {
    "above": "GreaterThanUpperThreshold",
    "atLeast": "GreaterThanUpperThreshold",
    "below": "LessThanLowerThreshold",
    "atMost": "LessThanLowerThreshold",
}

PERIOD_SECONDS = 300
"""Of a new alarm that says nothing else."""


@dataclass(frozen=True)
class Metric:
    """A metric that the stack file names, wherever it comes from."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]


def created(name: str, settings: AlarmSettings, metrics: Mapping[str, Metric]) -> AlarmSpec:
    """An alarm of the stack file's own.

    Args:
        metrics: by the names it may use.

    Raises:
        KeyError: it names a metric that is nowhere; a stack file's are checked before.
    """
    periods = settings.periods or 1
    comparison = settings.comparison or "above"
    return AlarmSpec(
        name=name,
        title=settings.title or name,
        meaning=settings.meaning or "",
        action=settings.action or "",
        severity=Severity(settings.severity or "notify"),
        metrics=_queries(name, settings, metrics),
        threshold=settings.threshold if settings.threshold is not None else settings.band or 0.0,
        comparison=BANDS.get(settings.comparison or "", "LessThanLowerOrGreaterThanUpperThreshold")
        if settings.band is not None
        else COMPARISONS[comparison],
        evaluation_periods=periods,
        datapoints_to_alarm=settings.datapoints or periods,
        missing_data=settings.missing or "missing",
        parent="application",
    )


def _queries(
    name: str, settings: AlarmSettings, metrics: Mapping[str, Metric]
) -> tuple[MetricQuery, ...]:
    period = settings.period or PERIOD_SECONDS
    if settings.expression is not None:
        return (
            MetricQuery(id="result", expression=settings.expression, label=name),
            *(
                _measured(id_, metrics[term.metric], term.statistic, period)
                for id_, term in settings.terms.items()
            ),
        )
    metric = metrics[settings.metric or ""]
    statistic = settings.statistic or "Average"
    measured = _measured("m1", metric, statistic, period)
    if settings.band is not None:
        band = MetricQuery(id="band", expression=band_of(settings.band), label="expected")
        return (measured, band)
    if settings.least_samples is not None:
        # As many samples as a percentage or percentile means something for; else it counts as fine.
        fine = f"IF(samples >= {settings.least_samples}, m1, 0)"
        return (
            MetricQuery(id="result", expression=fine, label=name),
            measured,
            _measured("samples", metric, "SampleCount", period),
        )
    return (replace(measured, returns=True),)


def _measured(id_: str, metric: Metric, statistic: str, period: int) -> MetricQuery:
    return MetricQuery(
        id=id_,
        namespace=metric.namespace,
        name=metric.name,
        dimensions=metric.dimensions,
        statistic=statistic,
        period=period,
        returns=False,
    )


def band_of(width: float) -> str:
    """The expected band of the metric `m1`, so many standard deviations wide."""
    return f"{BAND}(m1, {width:g})"


def composed(name: str, settings: AlarmSettings) -> CompositeSpec:
    """A composite alarm of the stack file's own."""
    return CompositeSpec(
        name=name,
        title=settings.title or name,
        meaning=settings.meaning or "",
        action=settings.action or "",
        severity=Severity(settings.severity or "notify"),
        members=settings.all_of or settings.any_of,
        every=bool(settings.all_of),
    )
