"""EventBridge, Scheduler, Step Functions and CloudWatch alarms: what AWS answers (their API
References, 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Scope, Shape


def _rule_arn(scope: Scope) -> str:
    bus = str(scope.given("eventBusName") or "default")
    place = "" if bus == "default" else f"{bus}/"
    return scope.text("arn:{partition}:events:{region}:{account}:rule/") + f"{place}{scope['name']}"


SHAPES = {
    "aws:cloudwatch/eventRule:EventRule": Shape(
        id="{name}",
        defaults={"eventBusName": "default"},
        computed={"arn": _rule_arn, "namePrefix": ""},
        named=AutoName(limit=64),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Shape(
        id="{rule}-{targetId}",
        defaults={"eventBusName": "default"},
        named=AutoName("targetId", limit=64),
        tagged=False,
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Shape(
        id="{name}",
        defaults={"actionsEnabled": True, "treatMissingData": "missing"},
        computed={
            "arn": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}",
            "evaluateLowSampleCountPercentiles": "",
        },
        named=AutoName(limit=255),
    ),
    "aws:scheduler/schedule:Schedule": Shape(
        id="{groupName}/{name}",
        defaults={
            "groupName": "default",
            "scheduleExpressionTimezone": "UTC",
            "state": "ENABLED",
        },
        computed={
            "actionAfterCompletion": "NONE",
            "arn": "arn:{partition}:scheduler:{region}:{account}:schedule/{groupName}/{name}",
            "namePrefix": "",
        },
        named=AutoName(limit=64),
        tagged=False,
    ),
    "aws:sfn/stateMachine:StateMachine": Shape(
        id="arn:{partition}:states:{region}:{account}:stateMachine:{name}",
        defaults={"publish": False, "type": "STANDARD"},
        computed={
            "arn": "{id}",
            "creationDate": "2026-11-01T00:00:00Z",
            "description": "",
            "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
            "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
            "namePrefix": "",
            "revisionId": "{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}",
            "stateMachineVersionArn": "",
            "status": "ACTIVE",
            "tracingConfiguration": {"enabled": False},
            "versionDescription": "",
        },
        named=AutoName(limit=80),
    ),
}
"""By Pulumi type token."""
