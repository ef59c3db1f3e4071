"""The stack file's alarms: changes to those that tiers make, and alarms of its own, as data."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pulumi

from components.contracts import AlarmSpec, MetricQuery, Severity
from components.monitoring.alarm_settings import AlarmSettings
from components.monitoring.alarms import BAND, CompositeSpec, Silence

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


@dataclass(frozen=True)
class Alarms:
    """All alarms of a system as data."""

    metric: tuple[AlarmSpec, ...]
    composite: tuple[CompositeSpec, ...]
    silences: tuple[Silence, ...]


def merged(
    published: Sequence[AlarmSpec],
    settings: Mapping[str, AlarmSettings],
    metrics: Mapping[str, Metric],
) -> Alarms:
    """What tiers publish, as the stack file changes and completes it.

    Raises:
        pulumi.RunError: a name that no alarm has, or a new alarm with one that is taken.
    """
    twice = {each.name for each in published if [p.name for p in published].count(each.name) > 1}
    if twice:
        raise ValueError(f"two components publish alarms named {', '.join(sorted(twice))}")
    specs = {each.name: each for each in published}
    composites: list[CompositeSpec] = []
    for name, each in settings.items():
        if not each.is_new:
            if name not in specs:
                raise pulumi.RunError(_unknown(name, specs, "to change"))
            specs[name] = changed(specs[name], each)
            continue
        if name in specs:
            raise pulumi.RunError(
                f"monitoring.alarms.{name}: found a new alarm, but a tier makes one of this name; "
                "give yours another, or change that one by `threshold`, `periods`, ..."
            )
        if each.is_composite:
            composites.append(_composite(name, each))
        else:
            specs[name] = created(name, each, metrics)
    known = {*specs, *(each.name for each in composites)}
    for composite in composites:
        for member in composite.members:
            if member not in known:
                raise pulumi.RunError(_unknown(member, known, f"under {composite.name}"))
    silences = [
        Silence(name, each.silence.reason, each.silence.until)
        for name, each in settings.items()
        if each.silence is not None
    ]
    return Alarms(tuple(specs.values()), tuple(composites), tuple(silences))


def changed(spec: AlarmSpec, settings: AlarmSettings) -> AlarmSpec:
    """An alarm that a tier makes, as the stack file wants it."""
    periods = settings.periods or spec.evaluation_periods
    # Fewer periods than the alarm's own M would be refused by CloudWatch.
    all_of_them = spec.datapoints_to_alarm == spec.evaluation_periods
    datapoints = settings.datapoints or (
        periods if all_of_them else min(spec.datapoints_to_alarm, periods)
    )
    metrics = spec.metrics
    if settings.period is not None:
        metrics = tuple(
            replace(each, period=settings.period) if each.statistic else each for each in metrics
        )
    return replace(
        spec,
        metrics=metrics,
        title=settings.title or spec.title,
        meaning=settings.meaning or spec.meaning,
        action=settings.action or spec.action,
        severity=Severity(settings.severity) if settings.severity else spec.severity,
        threshold=spec.threshold if settings.threshold is None else settings.threshold,
        comparison=COMPARISONS[settings.comparison] if settings.comparison else spec.comparison,
        evaluation_periods=periods,
        datapoints_to_alarm=datapoints,
        missing_data=settings.missing or spec.missing_data,
    )


def created(name: str, settings: AlarmSettings, metrics: Mapping[str, Metric]) -> AlarmSpec:
    """An alarm of the stack file's own."""
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
                _measured(id_, _metric(name, term.metric, metrics), term.statistic, period)
                for id_, term in settings.terms.items()
            ),
        )
    metric = _metric(name, settings.metric or "", metrics)
    statistic = settings.statistic or "Average"
    measured = _measured("m1", metric, statistic, period)
    if settings.band is not None:
        band = f"{BAND}(m1, {settings.band:g})"
        return (measured, MetricQuery(id="band", expression=band, label="expected"))
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


def _metric(alarm: str, key: str, metrics: Mapping[str, Metric]) -> Metric:
    found = metrics.get(key)
    if found is None:
        near = difflib.get_close_matches(key, metrics, 1)
        raise pulumi.RunError(
            f"monitoring.alarms.{alarm}: found the metric {key!r}; allowed is a key under "
            "monitoring.metrics, or <log>-<metric> of a log group's"
            + (f"; nearest is {near[0]}" if near else "")
        )
    return found


def _composite(name: str, settings: AlarmSettings) -> CompositeSpec:
    return CompositeSpec(
        name=name,
        title=settings.title or name,
        meaning=settings.meaning or "",
        action=settings.action or "",
        severity=Severity(settings.severity or "notify"),
        members=settings.all_of or settings.any_of,
        every=bool(settings.all_of),
    )


def _unknown(name: str, known: Mapping[str, object] | set[str], what: str) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return (
        f"monitoring.alarms: found the name {name!r} {what}; no alarm has it"
        + (f"; nearest is {near[0]}" if near else "")
        + ". `trellis plan` shows the names there are; a new alarm names `metric`, `expression`, "
        "`anyOf` or `allOf`"
    )
