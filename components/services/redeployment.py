"""Deploys a service again after a secret of its was rotated: tasks read secrets when they start.

An EventBridge rule hears that a rotation succeeded and starts a state machine, whose one step is
`ecs:UpdateService` with a new deployment. No code of ours runs. The event comes through CloudTrail,
so the account needs a trail of management events ("Monitor Secrets Manager secrets by using Amazon
EventBridge", AWS Secrets Manager User Guide, 2026-11).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant
from components.naming import Kind, Naming
from components.parts.json_text import json_text
from components.services.task_roles import granted_role
from components.tags import name_tag


def deploy_after_rotation(
    key: str,
    *,
    naming: Naming,
    where: AccountRegion,
    cluster: str,
    service: str,
    service_arn: Arn,
    secret_arns: Sequence[pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> None:
    """Make the rule, the state machine and their two roles for one service."""
    name = naming.of(Kind.EVENT_RULE, key, "rotated")
    machine_arn = where.arn("states", f"stateMachine:{name}")
    deployer = granted_role(
        f"{key}-redeployer",
        physical_name=naming.of(Kind.ROLE, key, "redeployer"),
        description=f"Deploys {key} again after a secret was rotated",
        where=where,
        service="states.amazonaws.com",
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": machine_arn},
        },
        grants=(Grant("DeployAgain", ("ecs:UpdateService",), (service_arn,)),),
        opts=opts,
    )
    machine = aws.sfn.StateMachine(
        f"{key}-rotated",
        name=name,
        role_arn=deployer.role.arn,
        definition=json_text(_steps(cluster, service, where.partition)),
        tags=name_tag(name),
        opts=pulumi.ResourceOptions(parent=opts.parent, depends_on=[*deployer.policies]),
    )
    starter = granted_role(
        f"{key}-rotated",
        physical_name=naming.of(Kind.ROLE, key, "rotated"),
        description=f"Hears of rotated secrets of {key}",
        where=where,
        service="events.amazonaws.com",
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": where.arn("events", f"rule/{name}")},
        },
        grants=(Grant("StartRedeployment", ("states:StartExecution",), (machine_arn,)),),
        opts=opts,
    )
    rule = aws.cloudwatch.EventRule(
        f"{key}-rotated",
        name=name,
        description=f"A secret of {key} was rotated",
        event_pattern=json_text(_pattern(secret_arns)),
        tags=name_tag(name),
        opts=opts,
    )
    aws.cloudwatch.EventTarget(
        f"{key}-rotated",
        rule=rule.name,
        target_id="deploy",
        arn=machine.arn,
        role_arn=starter.role.arn,
        retry_policy={"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 10},
        opts=pulumi.ResourceOptions(parent=opts.parent, depends_on=[*starter.policies]),
    )


def _pattern(secret_arns: Sequence[pulumi.Input[str]]) -> dict[str, Any]:
    return {
        "source": ["aws.secretsmanager"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        "detail": {
            "eventSource": ["secretsmanager.amazonaws.com"],
            "eventName": ["RotationSucceeded"],
            "additionalEventData": {"SecretId": list(secret_arns)},
        },
    }


def _steps(cluster: str, service: str, partition: str) -> dict[str, Any]:
    return {
        "Comment": "Deploys a service again, so that its tasks read a rotated secret",
        "StartAt": "Deploy",
        "States": {
            "Deploy": {
                "Type": "Task",
                "Resource": f"arn:{partition}:states:::aws-sdk:ecs:updateService",
                "Parameters": {
                    "Cluster": cluster,
                    "Service": service,
                    "ForceNewDeployment": True,
                },
                "ResultPath": None,
                "Retry": [
                    {
                        "ErrorEquals": ["States.ALL"],
                        "IntervalSeconds": 30,
                        "BackoffRate": 2,
                        "MaxAttempts": 5,
                    }
                ],
                "End": True,
            }
        },
    }
