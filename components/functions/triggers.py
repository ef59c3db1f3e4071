"""What calls a function, made once the function is there: each with exactly the right it needs.

A queue, table or stream is polled by the function's own role; a topic, bucket, log group or rule is
let in by a permission that names it; a schedule has a role of its own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant
from components.functions.function import Function
from components.functions.trigger_settings import TriggerSettings
from components.naming import Kind, Naming
from components.parts.access import sid_part
from components.parts.notified import NotifiedFunction
from components.parts.schedules import Timing, schedule, scheduler_role
from components.tags import name_tag

QUEUE_BATCH, CHANGES_BATCH = 10, 100
"""Records a call has at most where nobody says otherwise, as Lambda has it."""

PARTIAL = ["ReportBatchItemFailures"]
"""The function names the records it failed on, and the others are done with."""


@dataclass(frozen=True)
class Source:
    """What a queue, table or stream gives whoever polls it."""

    arn: pulumi.Input[str]
    grants: tuple[Grant, ...]


def polls(settings: TriggerSettings) -> bool:
    """Whether the function's role reads the source."""
    return settings.kind in ("queue", "table", "stream")


def list_streams(key: str, table_arn: Arn) -> Grant:
    """Lambda asks which streams a table has before it follows one ("Using Lambda with DynamoDB",
    2026-11)."""
    within = (
        f"{table_arn}/stream/*"
        if isinstance(table_arn, str)
        else pulumi.Output.concat(table_arn, "/stream/*")
    )
    return Grant(f"ListStreams{sid_part(key)}", ("dynamodb:ListStreams",), (within,))


def follow_queue(
    function: Function, name: str, settings: TriggerSettings, source: Source
) -> aws.lambda_.EventSourceMapping:
    """Messages of a queue, in batches; those that fail come back and end in its dead letters."""
    return aws.lambda_.EventSourceMapping(
        f"{function.key}-{name}",
        function_name=function.created_arn,
        event_source_arn=source.arn,
        enabled=settings.enabled,
        batch_size=settings.batch or QUEUE_BATCH,
        maximum_batching_window_in_seconds=settings.window_seconds or None,
        scaling_config={"maximum_concurrency": settings.most} if settings.most else None,
        filter_criteria=_filter(settings),
        function_response_types=PARTIAL,
        tags=name_tag(f"{function.name}-{name}"),
        # One source has one mapping to a function.
        opts=pulumi.ResourceOptions(parent=function, delete_before_replace=True),
    )


def follow_changes(
    function: Function, name: str, settings: TriggerSettings, source: Source
) -> aws.lambda_.EventSourceMapping:
    """Changes of a table or records of a stream, in their order; the place of what is given up
    stands in the dead letters."""
    return aws.lambda_.EventSourceMapping(
        f"{function.key}-{name}",
        function_name=function.created_arn,
        event_source_arn=source.arn,
        enabled=settings.enabled,
        starting_position="LATEST" if settings.start == "latest" else "TRIM_HORIZON",
        batch_size=settings.batch or CHANGES_BATCH,
        maximum_batching_window_in_seconds=settings.window_seconds or None,
        parallelization_factor=settings.parallel,
        bisect_batch_on_function_error=settings.bisect,
        maximum_retry_attempts=settings.attempts,
        maximum_record_age_in_seconds=settings.oldest_hours * 3600,
        destination_config={"on_failure": {"destination_arn": function.dead_letters.arn}},
        filter_criteria=_filter(settings),
        function_response_types=PARTIAL,
        tags=name_tag(f"{function.name}-{name}"),
        # One source has one mapping to a function.
        opts=pulumi.ResourceOptions(parent=function, delete_before_replace=True),
    )


def hear_topic(
    function: Function, name: str, settings: TriggerSettings, topic_arn: pulumi.Input[str]
) -> aws.sns.TopicSubscription:
    """Messages of a topic, those whose attributes pass."""
    permission = function.permit(name, "sns.amazonaws.com", topic_arn)
    return aws.sns.TopicSubscription(
        f"{function.key}-{name}",
        topic=topic_arn,
        protocol="lambda",
        endpoint=function.created_arn,
        filter_policy=json.dumps(
            {key: list(values) for key, values in settings.attributes.items()}, sort_keys=True
        )
        if settings.attributes
        else None,
        opts=pulumi.ResourceOptions(parent=function, depends_on=[permission]),
    )


def hear_bucket(
    function: Function,
    name: str,
    settings: TriggerSettings,
    bucket_arn: str,
    account: pulumi.Input[str],
) -> NotifiedFunction:
    """What the bucket is to tell; it has one notification, which it makes itself."""
    # The name of a bucket that is gone is free for everybody: its account tells whose it is.
    permission = function.permit(name, "s3.amazonaws.com", bucket_arn, account=account)
    return NotifiedFunction(
        f"{function.key}-{name}",
        function.created_arn,
        settings.events,
        settings.prefix,
        settings.suffix,
        (permission,),
    )


def hear_logs(
    function: Function,
    name: str,
    settings: TriggerSettings,
    group: aws.cloudwatch.LogGroup,
    group_arn: Arn,
    where: AccountRegion,
) -> aws.cloudwatch.LogSubscriptionFilter:
    """Lines of a log group, compressed and several to a call."""
    source = (
        f"{group_arn}:*" if isinstance(group_arn, str) else pulumi.Output.concat(group_arn, ":*")
    )
    permission = function.permit(name, "logs.amazonaws.com", source, account=where.account)
    return aws.cloudwatch.LogSubscriptionFilter(
        f"{function.key}-{name}",
        name=f"{function.name}-{name}",
        log_group=group.name,
        filter_pattern=settings.pattern,
        destination_arn=function.created_arn,
        opts=pulumi.ResourceOptions(parent=function, depends_on=[permission]),
    )


def hear_events(
    function: Function,
    name: str,
    settings: TriggerSettings,
    naming: Naming,
    where: AccountRegion,
) -> aws.cloudwatch.EventTarget:
    """Events of the default bus that look as asked."""
    event = settings.event
    if event is None:
        raise ValueError(f"trigger {name} hears no events")
    rule_name = naming.of(Kind.EVENT_RULE, function.key, name)
    child = pulumi.ResourceOptions(parent=function)
    rule = aws.cloudwatch.EventRule(
        f"{function.key}-{name}",
        name=rule_name,
        description=f"Calls {function.key}",
        event_pattern=json.dumps(
            {
                key: value
                for key, value in {
                    "source": list(event.source),
                    "detail-type": list(event.detail_type),
                    "detail": event.detail,
                }.items()
                if value
            },
            separators=(",", ":"),
        ),
        state="ENABLED" if settings.enabled else "DISABLED",
        tags=name_tag(rule_name),
        opts=child,
    )
    permission = function.permit(
        name, "events.amazonaws.com", where.arn("events", f"rule/{rule_name}")
    )
    return aws.cloudwatch.EventTarget(
        f"{function.key}-{name}",
        rule=rule.name,
        target_id=function.key,
        arn=function.created_arn,
        retry_policy={
            "maximum_event_age_in_seconds": settings.retries.hours * 3600,
            "maximum_retry_attempts": settings.retries.attempts,
        },
        opts=pulumi.ResourceOptions(parent=function, depends_on=[permission]),
    )


def on_schedule(
    function: Function,
    name: str,
    settings: TriggerSettings,
    naming: Naming,
    where: AccountRegion,
    *,
    after: Sequence[pulumi.Resource] = (),
) -> aws.scheduler.Schedule:
    """Calls at their times; one that could not be handed over goes to the dead letters."""
    key = f"{function.key}-{name}"
    child = pulumi.ResourceOptions(parent=function)
    role, allowed = scheduler_role(
        f"{key}-schedule",
        physical_name=naming.of(Kind.ROLE, key, "schedule"),
        description=f"Calls {function.key} on its schedule {name}",
        where=where,
        grants=[
            Grant("CallTheFunction", ("lambda:InvokeFunction",), (function.called_arn,)),
            *function.dead_letter_grants,
        ],
        opts=child,
    )
    return schedule(
        key,
        Timing(
            str(settings.schedule),
            settings.timezone,
            settings.enabled,
            settings.spread_minutes,
            settings.retries,
        ),
        naming=naming,
        description=f"Calls {function.key}",
        role_arn=role.arn,
        dead_letter_arn=function.dead_letters.arn,
        target_arn=function.created_arn,
        text=json.dumps(settings.input, separators=(",", ":")) if settings.input else None,
        opts=pulumi.ResourceOptions(parent=function, depends_on=[*allowed, *after]),
    )


def _filter(settings: TriggerSettings) -> Any:
    if not settings.filter:
        return None
    return {
        "filters": [
            {"pattern": json.dumps(pattern, separators=(",", ":"))} for pattern in settings.filter
        ]
    }
