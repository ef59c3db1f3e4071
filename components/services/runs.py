"""The state machine that runs a job's task: ends it after its limit, and runs it again.

ECS ends no task after a time, and a schedule starts one without looking back. So where a job has a
`timeout` or is run again, its schedule starts a Step Functions execution that waits for the task.

The limit is a branch beside the task, whose failure ends the task: "a different branch of a
Parallel state fails with an uncaught error" is what Step Functions promises to stop a task for, by
a StopTask that is tried once and not repeated; a state's own TimeoutSeconds is not named there
("Integrating other services", AWS Step Functions Developer Guide; from memory, 2026-11).

An execution holds no data of the application: it is given nothing, and gets what ECS says of the
task. So AWS's own key encrypts it, and the customer key its log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Grant, MetricQuery, WidgetSpec
from components.naming import Kind, Naming
from components.parts.alarm import ANY_AT_ALL, AlarmText, alarm, measured
from components.parts.json_text import json_text
from components.parts.log_group import log_group
from components.parts.role import granted_role
from components.services.cluster import FARGATE, FARGATE_SPOT, Cluster
from components.services.names import STATE_MACHINE_NAME
from components.services.settings import JobSettings, RerunSettings
from components.services.task.task import TaskLocation
from components.tags import name_tag

TOO_LONG = "TookTooLong"
"""The error of a run that was ended after its limit."""

ENDED = "Ended"
"""How the task's branch ends the one that waits for the limit. It is no failure."""

PERIOD_SECONDS = 300

LOG_DELIVERY = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
"""What a state machine's role needs to have its executions logged; none of them knows a resource
("Using CloudWatch Logs to log execution history in Step Functions", 2026-11)."""

SYNC_RULE = "StepFunctionsGetEventsForECSTaskRule"
"""The rule by which Step Functions hears of a task's end; Step Functions makes it ("Run Amazon ECS
or Fargate tasks with Step Functions", 2026-11)."""


@dataclass(frozen=True)
class Run:
    """The task that is run, and where."""

    definition_arn: pulumi.Input[str]
    group_id: pulumi.Input[str]
    cluster: Cluster
    grants: Sequence[Grant]
    """To start the task."""


def state_machine_name(key: str, naming: Naming) -> str:
    """Physical name of a job's state machine."""
    return naming.of(STATE_MACHINE_NAME, key)


def state_machine(
    key: str,
    settings: JobSettings,
    location: TaskLocation,
    run: Run,
    *,
    after: Sequence[pulumi.Resource],
    opts: pulumi.ResourceOptions,
) -> aws.sfn.StateMachine:
    """Make the state machine with its role and its log.

    Args:
        after: what must be there before a task starts.
    """
    naming, where = location.naming, location.where
    name = state_machine_name(key, naming)
    log = log_group(
        f"{key}-runs",
        # With this beginning, its deliveries share one statement of the account's log policy, which
        # has room for few ("Enable logging from AWS services", CloudWatch Logs guide, 2026-11).
        physical_name=f"/aws/vendedlogs/states/{name}",
        retention_days=settings.log_retention_days,
        key_arn=location.log_key_arn,
        opts=opts,
    )
    role, allowed = granted_role(
        f"{key}-runs",
        physical_name=naming.of(Kind.ROLE, key, "runs"),
        description=f"Runs {key}, waits for its end and ends it after its limit",
        service="states.amazonaws.com",
        conditions={
            "StringEquals": {"aws:SourceAccount": where.account},
            "ArnLike": {"aws:SourceArn": where.arn("states", f"stateMachine:{name}")},
        },
        grants=[*run.grants, *_grants(run.cluster, where)],
        opts=opts,
    )
    return aws.sfn.StateMachine(
        key,
        name=name,
        type="STANDARD",
        role_arn=role.arn,
        definition=json_text(
            states(settings, where.partition, _parameters(settings, location, run))
        ),
        logging_configuration={
            "level": "ERROR",
            "include_execution_data": False,
            "log_destination": pulumi.Output.concat(log.arn, ":*"),
        },
        tags=name_tag(name),
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(depends_on=[*allowed, *after])
        ),
    )


def states(settings: JobSettings, partition: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The definition in Amazon States Language.

    Args:
        parameters: what RunTask is called with.
    """
    task: dict[str, Any] = {
        "Type": "Task",
        "Resource": f"arn:{partition}:states:::ecs:runTask.sync",
        "Parameters": dict(parameters),
    }
    again = _again(settings.rerun)
    if settings.timeout is None:
        return {
            "StartAt": "Run",
            "States": {"Run": {**task, **({"Retry": again} if again else {}), "End": True}},
        }
    limited: dict[str, Any] = {
        "Type": "Parallel",
        "Comment": "The branch that ends first ends the other one",
        "Branches": [
            {
                "StartAt": "Run",
                "States": {
                    "Run": {**task, "Next": ENDED},
                    ENDED: {"Type": "Fail", "Error": ENDED, "Cause": "The task ended well"},
                },
            },
            {
                "StartAt": "Limit",
                "States": {
                    "Limit": {"Type": "Wait", "Seconds": settings.timeout, "Next": TOO_LONG},
                    TOO_LONG: {
                        "Type": "Fail",
                        "Error": TOO_LONG,
                        "Cause": f"The task ran longer than {settings.timeout} seconds",
                    },
                },
            },
        ],
        "Catch": [{"ErrorEquals": [ENDED], "Next": "Done"}],
        "End": True,
    }
    if again:
        # The first that fits counts: a run that ended well is never done again.
        limited["Retry"] = [{"ErrorEquals": [ENDED], "MaxAttempts": 0}, *again]
    return {
        "StartAt": "RunWithLimit",
        "States": {"RunWithLimit": limited, "Done": {"Type": "Succeed"}},
    }


def run_alarms(key: str, naming: Naming, where: AccountRegion) -> tuple[AlarmSpec, ...]:
    """A run that failed for good, or was ended by hand."""
    counts = _counts(key, naming, where)
    total = MetricQuery(
        id="failed",
        expression=" + ".join(f"FILL({metric.id}, 0)" for metric in counts),
        label="Failed runs",
    )
    return (
        alarm(
            f"{key}-run-failed",
            AlarmText(
                f"Job {key}: a run failed",
                f"A scheduled run of {key} ended with an error or took too long, and was not "
                "mended by running it again.",
                "Look at the execution of its state machine, then read the task's log. Start an "
                "execution by hand if its work is needed now.",
            ),
            (*counts, total),
            ANY_AT_ALL,
            parent=f"job-{key}",
        ),
    )


def run_widgets(key: str, naming: Naming, where: AccountRegion) -> tuple[WidgetSpec, ...]:
    """How runs ended, and how long they took."""
    machine = _dimensions(key, naming, where)
    ended = [("ok", "ExecutionsSucceeded"), ("failed", "ExecutionsFailed"),
             ("aborted", "ExecutionsAborted")]  # fmt: skip
    return (
        WidgetSpec(
            f"Runs of {key}",
            "Services",
            tuple(
                MetricQuery(
                    id=name,
                    namespace="AWS/States",
                    name=metric,
                    dimensions=machine,
                    statistic="Sum",
                    period=PERIOD_SECONDS,
                    label=metric,
                )
                for name, metric in ended
            ),
        ),
        WidgetSpec(
            f"How long runs of {key} take, ms",
            "Services",
            (measured("AWS/States", "ExecutionTime", machine, "Maximum", PERIOD_SECONDS),),
        ),
    )


def start_grant(key: str, naming: Naming, where: AccountRegion) -> Grant:
    """What a schedule needs to start an execution."""
    return Grant("StartTheRun", ("states:StartExecution",), (_arn(key, naming, where),))


def _counts(key: str, naming: Naming, where: AccountRegion) -> tuple[MetricQuery, ...]:
    return tuple(
        measured(
            "AWS/States",
            metric,
            _dimensions(key, naming, where),
            "Sum",
            PERIOD_SECONDS,
            id_=f"m{number}",
            shown=False,
        )
        for number, metric in enumerate(
            ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"), 1
        )
    )


def _dimensions(key: str, naming: Naming, where: AccountRegion) -> dict[str, pulumi.Input[str]]:
    return {"StateMachineArn": _arn(key, naming, where)}


def _arn(key: str, naming: Naming, where: AccountRegion) -> Arn:
    return where.arn("states", f"stateMachine:{state_machine_name(key, naming)}")


def _grants(cluster: Cluster, where: AccountRegion) -> tuple[Grant, ...]:
    """To hear of the task's end, to end it, and to log."""
    return (
        Grant(
            "WatchTheTask",
            ("ecs:DescribeTasks", "ecs:StopTask"),
            (where.arn("ecs", f"task/{cluster.name}/*"),),
            {"ArnEquals": {"ecs:cluster": cluster.arn}},
        ),
        Grant(
            "HearOfItsEnd",
            ("events:DescribeRule", "events:PutRule", "events:PutTargets"),
            (where.arn("events", f"rule/{SYNC_RULE}"),),
        ),
        Grant("LogRuns", LOG_DELIVERY, ("*",)),
    )


def _parameters(settings: JobSettings, location: TaskLocation, run: Run) -> dict[str, Any]:
    """What RunTask is called with, in the service's own words."""
    placement = location.placement
    spot = [{"CapacityProvider": FARGATE_SPOT, "Base": 0, "Weight": 1}]
    return {
        "Cluster": run.cluster.created_arn,
        "TaskDefinition": run.definition_arn,
        # ECS takes one of the two.
        **({"CapacityProviderStrategy": spot} if settings.spot else {"LaunchType": FARGATE}),
        "PlatformVersion": "LATEST",
        "EnableExecuteCommand": settings.exec,
        "PropagateTags": "TASK_DEFINITION",
        "NetworkConfiguration": {
            "AwsvpcConfiguration": {
                "Subnets": placement.subnet_ids,
                "SecurityGroups": [run.group_id],
                "AssignPublicIp": ("ENABLED" if placement.tier.value == "public" else "DISABLED"),
            }
        },
    }


def _again(settings: RerunSettings | None) -> list[dict[str, Any]]:
    if settings is None:
        return []
    return [
        {
            # The first stands for every error of a task, of which the second is none.
            "ErrorEquals": ["States.TaskFailed", TOO_LONG],
            "MaxAttempts": settings.attempts,
            "IntervalSeconds": settings.after_seconds,
            "BackoffRate": settings.backoff,
            "MaxDelaySeconds": settings.most_seconds,
        }
    ]
