"""Application Auto Scaling, EventBridge Scheduler and Step Functions (API References, 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Scope, Shape

_SCALING = "arn:{partition}:autoscaling:{region}:{account}:"
_UUID = "{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}"
_CREATED = "2026-11-02T08:00:00Z"

_LINKED_ROLES = {
    "ecs": "ECSService",
    "dynamodb": "DynamoDBTable",
    "rds": "RDSCluster",
    "lambda": "LambdaConcurrency",
    "elasticache": "ElastiCacheRG",
}
"""By service namespace ("Service-linked roles", Application Auto Scaling User Guide, 2026-11)."""


def _linked_role(scope: Scope) -> str:
    service = str(scope["serviceNamespace"])
    name = _LINKED_ROLES.get(service, service)
    return scope.text(
        "arn:{partition}:iam::{account}:role/aws-service-role/"
        f"{service}.application-autoscaling.amazonaws.com/"
        f"AWSServiceRoleForApplicationAutoScaling_{name}"
    )


SHAPES = {
    "aws:appautoscaling/target:Target": Shape(
        id="{resourceId}",
        computed={
            "arn": "arn:{partition}:application-autoscaling:{region}:{account}:"
            "scalable-target/{lower:32}",
            "roleArn": _linked_role,
        },
    ),
    "aws:appautoscaling/policy:Policy": Shape(
        id="{name}",
        defaults={"policyType": "StepScaling"},
        computed={
            "alarmArns": lambda s: (
                [
                    s.text(
                        "arn:{partition}:cloudwatch:{region}:{account}:alarm:"
                        f"TargetTracking-{{resourceId}}-Alarm{side}-" + _UUID
                    )
                    for side in ("High", "Low")
                ]
                if s.given("policyType") == "TargetTrackingScaling"
                else []
            ),
            "arn": _SCALING + "scalingPolicy:" + _UUID + ":resource/{serviceNamespace}/"
            "{resourceId}:policyName/{name}",
        },
        named=AutoName(limit=256),
        tagged=False,
    ),
    "aws:appautoscaling/scheduledAction:ScheduledAction": Shape(
        id="{name}",
        defaults={"timezone": "UTC"},
        computed={
            "arn": _SCALING + "scheduledAction:" + _UUID + ":resource/{serviceNamespace}/"
            "{resourceId}:scheduledActionName/{name}"
        },
        named=AutoName(limit=256),
        tagged=False,
    ),
    "aws:scheduler/schedule:Schedule": Shape(
        id="{groupName}/{name}",
        defaults={
            "groupName": "default",
            "scheduleExpressionTimezone": "UTC",
            "state": "ENABLED",
        },
        computed={
            "arn": "arn:{partition}:scheduler:{region}:{account}:schedule/{groupName}/{name}",
            "namePrefix": "",
        },
        named=AutoName(limit=64),
        tagged=False,
    ),
    "aws:scheduler/scheduleGroup:ScheduleGroup": Shape(
        id="{name}",
        computed={
            "arn": "arn:{partition}:scheduler:{region}:{account}:schedule-group/{name}",
            "creationDate": _CREATED,
            "lastModificationDate": _CREATED,
            "namePrefix": "",
            "state": "ACTIVE",
        },
        named=AutoName(limit=64),
    ),
    "aws:sfn/stateMachine:StateMachine": Shape(
        id="arn:{partition}:states:{region}:{account}:stateMachine:{name}",
        defaults={"publish": False, "type": "STANDARD"},
        computed={
            "arn": "{id}",
            "creationDate": _CREATED,
            "description": "",
            "namePrefix": "",
            "revisionId": _UUID,
            "stateMachineVersionArn": lambda s: f"{s.id}:1" if s.given("publish") else "",
            "status": "ACTIVE",
            "versionDescription": "",
        },
        named=AutoName(limit=80),
    ),
}
"""By Pulumi type token."""
