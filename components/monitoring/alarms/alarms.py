"""Alarms as data made into CloudWatch alarms: single metrics, math, bands, and composites.

Promises: every alarm's text says what it means and what to do first; one that pages belongs to a
composite where its thing has several, so that one outage pages once; an alarm's recovery is told
where the alarm was told, so that pagers close what they opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AlarmSpec, Arn, MetricQuery
from components.monitoring.alarms.composites import CompositeSpec, alarm_name, alarm_rule
from components.naming import Naming
from components.tags import name_tag

BAND = "ANOMALY_DETECTION_BAND"
"""The expression that an anomaly alarm compares with ("Using CloudWatch anomaly detection")."""

DESCRIPTION_LIMIT = 1024
"""Characters ("PutMetricAlarm": AlarmDescription, CloudWatch API Reference, 2026-11)."""

EVERY_MIDNIGHT = "cron(0 0 * * *)"
WHOLE_DAY = "PT24H"


@dataclass(frozen=True)
class Silence:
    """An alarm that tells nobody until the end of a day (UTC)."""

    alarm: str
    reason: str
    until: date


def metric_alarm(
    spec: AlarmSpec,
    *,
    naming: Naming,
    actions: Sequence[Arn],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.MetricAlarm:
    """Make one alarm; `actions` is empty where a composite alarm speaks for it."""
    physical_name = alarm_name(spec.name, naming)
    banded = "Upper" in spec.comparison or "Lower" in spec.comparison
    return aws.cloudwatch.MetricAlarm(
        spec.name,
        name=physical_name,
        alarm_description=_description(spec.title, spec.meaning, spec.action),
        comparison_operator=spec.comparison,
        threshold=None if banded else spec.threshold,
        threshold_metric_id=_band_id(spec) if banded else None,
        evaluation_periods=spec.evaluation_periods,
        datapoints_to_alarm=spec.datapoints_to_alarm,
        treat_missing_data=spec.missing_data,
        actions_enabled=True,
        alarm_actions=[*actions],
        ok_actions=[*actions],
        region=spec.region,
        tags=name_tag(physical_name),
        opts=opts,
        **_measured(spec),
    )


def composite_alarm(
    spec: CompositeSpec,
    members: Mapping[str, pulumi.Resource],
    *,
    naming: Naming,
    actions: Sequence[Arn],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.CompositeAlarm:
    """Make an alarm over others, which must exist before it.

    Args:
        members: the alarms of `spec.members`, by name.
    """
    physical_name = alarm_name(spec.name, naming)
    return aws.cloudwatch.CompositeAlarm(
        spec.name,
        alarm_name=physical_name,
        alarm_description=_description(spec.title, spec.meaning, spec.action),
        alarm_rule=alarm_rule(spec, naming),
        actions_enabled=True,
        alarm_actions=[*actions],
        ok_actions=[*actions],
        region=spec.region,
        tags=name_tag(physical_name),
        opts=pulumi.ResourceOptions.merge(
            opts,
            # By name in the rule, so CloudWatch must know them already.
            pulumi.ResourceOptions(depends_on=[members[member] for member in spec.members]),
        ),
    )


def mute(
    silence: Silence,
    alarm: pulumi.Resource,
    *,
    naming: Naming,
    region: str | None = None,
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.AlarmMuteRule:
    """Keep one alarm quiet, day by day, until CloudWatch itself ends it ("Alarm mute rules").

    Args:
        region: of the alarm, if not the system's.
    """
    end = silence.until + timedelta(days=1)
    physical_name = alarm_name(f"{silence.alarm}-silence", naming)
    return aws.cloudwatch.AlarmMuteRule(
        f"{silence.alarm}-silence",
        name=physical_name,
        description=f"{silence.reason} (until {silence.until.isoformat()})",
        mute_targets={"alarm_names": [alarm_name(silence.alarm, naming)]},
        rule={"schedule": {"expression": EVERY_MIDNIGHT, "duration": WHOLE_DAY, "timezone": "UTC"}},
        expire_date=f"{end.isoformat()}T00:00:00Z",
        region=region,
        tags=name_tag(physical_name),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[alarm])),
    )


def _description(title: str, meaning: str, action: str) -> str:
    text = f"{title}. {meaning} What to do: {action}"
    return text if len(text) <= DESCRIPTION_LIMIT else text[: DESCRIPTION_LIMIT - 1] + "…"


def _measured(spec: AlarmSpec) -> dict[str, Any]:
    """One plain metric, or several queries of which one is looked at."""
    first = spec.metrics[0]
    if len(spec.metrics) > 1 or first.expression is not None:
        return {"metric_queries": [_query(spec, metric) for metric in spec.metrics]}
    return {
        "namespace": first.namespace,
        "metric_name": first.name,
        "dimensions": first.dimensions or None,
        "period": first.period,
        **_statistic(first.statistic or "Average"),
    }


def _statistic(statistic: str) -> dict[str, Any]:
    if not statistic.startswith("p"):
        return {"statistic": statistic}
    return {
        "extended_statistic": statistic,
        # A percentile of a handful of samples says nothing.
        "evaluate_low_sample_count_percentiles": "ignore",
    }


def _query(spec: AlarmSpec, query: MetricQuery) -> dict[str, Any]:
    # An anomaly alarm looks at the band and at the metric in it.
    banded = _band_id(spec) is not None and query.statistic is not None
    common = {
        "id": query.id,
        "label": query.label,
        "return_data": query.returns or banded,
    }
    if query.expression is not None:
        whole: dict[str, Any] = {**common, "expression": written_out(query)}
        return whole if query.period is None else {**whole, "period": query.period}
    return {
        **common,
        "metric": {
            "namespace": query.namespace,
            "metric_name": query.name,
            "dimensions": query.dimensions or None,
            "stat": query.statistic,
            "period": query.period,
        },
    }


def written_out(query: MetricQuery) -> pulumi.Input[str]:
    """An expression with what it is given."""
    text = query.expression or ""
    if not query.given:
        return text
    return pulumi.Output.all(**query.given).apply(lambda given: text.format(**given))


def _band_id(spec: AlarmSpec) -> str | None:
    return next(
        (metric.id for metric in spec.metrics if (metric.expression or "").startswith(BAND)), None
    )
