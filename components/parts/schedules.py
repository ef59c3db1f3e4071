"""An EventBridge Scheduler schedule and its role, as jobs and functions have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Grant
from components.naming import Kind, Naming
from components.parts.role import granted_role
from components.parts.schedule_settings import RetrySettings

SCHEDULER = "scheduler.amazonaws.com"


@dataclass(frozen=True)
class Timing:
    """When a schedule starts something, and for how long it tries."""

    expression: str
    """As in `rate(5 minutes)`."""
    timezone: str
    enabled: bool
    spread_minutes: int
    """Minutes within which the start may fall; 0 for none."""
    retries: RetrySettings


def scheduler_role(
    name: str,
    *,
    physical_name: str,
    description: str,
    where: AccountRegion,
    grants: Sequence[Grant],
    opts: pulumi.ResourceOptions,
) -> tuple[aws.iam.Role, tuple[pulumi.Resource, ...]]:
    """Make the role, and say what must be there before a schedule uses it.

    Its trust names the group's ARN, not the schedule's: the documentation warns of the latter
    ("Confused deputy prevention", EventBridge Scheduler User Guide, 2026-11).
    """
    return granted_role(
        name,
        physical_name=physical_name,
        description=description,
        service=SCHEDULER,
        conditions={
            "StringEquals": {
                "aws:SourceAccount": where.account,
                "aws:SourceArn": where.arn("scheduler", "schedule-group/default"),
            }
        },
        grants=grants,
        opts=opts,
    )


def schedule(
    name: str,
    timing: Timing,
    *,
    naming: Naming,
    description: str,
    role_arn: pulumi.Input[str],
    dead_letter_arn: pulumi.Input[str],
    target_arn: pulumi.Input[str],
    task: aws.scheduler.ScheduleTargetEcsParametersArgsDict | None = None,
    text: str | None = None,
    opts: pulumi.ResourceOptions,
) -> aws.scheduler.Schedule:
    """Make the schedule.

    Args:
        name: Pulumi name, and the last part of the physical one.
        dead_letter_arn: queue that keeps starts which were given up.
        target_arn: what is started; the cluster for a task.
        task: which task, and how.
        text: what a function gets as its event.
    """
    return aws.scheduler.Schedule(
        name,
        name=naming.of(Kind.SCHEDULE, name),
        description=description,
        schedule_expression=timing.expression,
        schedule_expression_timezone=timing.timezone,
        state="ENABLED" if timing.enabled else "DISABLED",
        flexible_time_window={
            "mode": "FLEXIBLE",
            "maximum_window_in_minutes": timing.spread_minutes,
        }
        if timing.spread_minutes
        else {"mode": "OFF"},
        target={
            "arn": target_arn,
            "role_arn": role_arn,
            "ecs_parameters": task,
            "input": text,
            "dead_letter_config": {"arn": dead_letter_arn},
            "retry_policy": {
                "maximum_retry_attempts": timing.retries.attempts,
                "maximum_event_age_in_seconds": timing.retries.hours * 3600,
            },
        },
        opts=opts,
    )
