"""CloudWatch alarms, dashboards, canaries and EventBridge: what AWS answers (API References)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Scope, Shape

_ARN = "arn:{partition}:cloudwatch:{region}:{account}:"
_EVENTS = "arn:{partition}:events:{region}:{account}:"
_CREATED = "2026-11-02T08:00:00Z"


def _rule_arn(scope: Scope) -> str:
    bus = str(scope.given("eventBusName") or "default").rsplit("/", 1)[-1]
    path = "" if bus == "default" else f"{bus}/"
    return scope.text(_EVENTS + f"rule/{path}{{name}}")


SHAPES = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": Shape(
        id="{name}",
        defaults={"actionsEnabled": True, "treatMissingData": "missing"},
        computed={
            "arn": _ARN + "alarm:{name}",
            "evaluateLowSampleCountPercentiles": "",
        },
        named=AutoName(limit=255),
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": Shape(
        id="{alarmName}",
        defaults={"actionsEnabled": True},
        computed={"arn": _ARN + "alarm:{alarmName}"},
    ),
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": Shape(
        id="{name}",
        computed={
            "arn": _ARN + "alarm-mute-rule:{name}",
            "lastUpdatedTimestamp": _CREATED,
            "muteType": "RECURRING",
            "status": "ACTIVE",
        },
        named=AutoName(limit=255),
    ),
    "aws:cloudwatch/dashboard:Dashboard": Shape(
        id="{dashboardName}",
        computed={
            "dashboardArn": "arn:{partition}:cloudwatch::{account}:dashboard/{dashboardName}"
        },
        tagged=False,
    ),
    "aws:cloudwatch/metricStream:MetricStream": Shape(
        id="{name}",
        defaults={"includeLinkedAccountsMetrics": False},
        computed={
            "arn": _ARN + "metric-stream/{name}",
            "creationDate": _CREATED,
            "lastUpdateDate": _CREATED,
            "namePrefix": "",
            "state": "running",
        },
        named=AutoName(limit=255),
    ),
    "aws:synthetics/canary:Canary": Shape(
        id="{name}",
        defaults={
            "deleteLambda": False,
            "failureRetentionPeriod": 31,
            "startCanary": False,
            "successRetentionPeriod": 31,
        },
        computed={
            "arn": "arn:{partition}:synthetics:{region}:{account}:canary:{name}",
            "engineArn": "arn:{partition}:lambda:{region}:{account}:function:"
            "cwsyn-{name}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}:1",
            "sourceLocationArn": "arn:{partition}:lambda:{region}:{account}:layer:"
            "cwsyn-{name}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}:1",
            "status": "RUNNING",
            "timelines": [{"created": _CREATED, "lastModified": _CREATED}],
        },
        named=AutoName(limit=255),
    ),
    "aws:cloudwatch/eventRule:EventRule": Shape(
        id="{name}",
        defaults={"eventBusName": "default", "forceDestroy": False, "state": "ENABLED"},
        computed={"arn": _rule_arn, "namePrefix": ""},
        named=AutoName(limit=64),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Shape(
        id="{rule}-{targetId}",
        defaults={"eventBusName": "default", "forceDestroy": False},
        named=AutoName("targetId", limit=64),
        tagged=False,
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
