"""CloudWatch alarms, dashboards, canaries and EventBridge: what AWS answers (API References)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import CREATED, AutoName, Shape

_ARN = "arn:{partition}:cloudwatch:{region}:{account}:"


_EVENTS = "arn:{partition}:events:{region}:{account}:"


SHAPES: Mapping[str, Shape] = {
    "aws:cloudwatch/metricStream:MetricStream": Shape(
        id="{name}",
        defaults={"includeLinkedAccountsMetrics": False},
        computed={
            "arn": _ARN + "metric-stream/{name}",
            "creationDate": CREATED,
            "lastUpdateDate": CREATED,
            "namePrefix": "",
            "state": "running",
        },
        named=AutoName(limit=255),
    ),
    "aws:cloudwatch/eventBus:EventBus": Shape(
        id="{name}", computed={"arn": _EVENTS + "event-bus/{name}"}, named=AutoName(limit=256)
    ),
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": Shape(
        id="{eventBusName}", defaults={"eventBusName": "default"}, tagged=False
    ),
    "aws:cloudwatch/eventArchive:EventArchive": Shape(
        id="{name}",
        defaults={"retentionDays": 0},
        computed={"arn": _EVENTS + "archive/{name}"},
        named=AutoName(limit=48),
        tagged=False,
    ),
}
"""By Pulumi type token."""
