"""Tells PagerDuty: a function on the topics, which reads the integration key from its secret.

An HTTPS subscription would need the key in its address, and so in state and in every plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, AlarmSpec, Arn, Grant, Link
from components.naming import Kind, Naming
from components.parts.function_alarms import function_alarms
from components.parts.log_group import log_group
from components.parts.role import granted_role
from components.parts.sources import FUNCTIONS
from components.tags import name_tag

HANDLER = FUNCTIONS / "pagerduty" / "handler.py"

RUNTIME = "python3.13"
"""Has boto3 ("Lambda runtimes", AWS Lambda Developer Guide, 2026-11)."""

TIMEOUT_SECONDS = 30
MEMORY_MIB = 128
DEAD_LETTER_SECONDS = 14 * 86_400
"""SQS's longest ("CreateQueue", Amazon SQS API Reference, 2026-11)."""


@dataclass(frozen=True)
class HeardTopic:
    """A topic that somebody hears."""

    arn: Arn
    region: str | None = None
    """Where it stands, and its subscriptions with it; None for the system's own."""


def pager(
    key: str,
    secret: Link,
    topics: Mapping[str, HeardTopic],
    *,
    naming: Naming,
    where: AccountRegion,
    log_key_arn: Arn | None,
    variables_key_arn: Arn | None,
    log_days: int,
    opts: pulumi.ResourceOptions,
) -> aws.lambda_.Function:
    """Make the function and subscribe it.

    Args:
        key: the subscriber's key.
        secret: read access to the secret with the integration key; its environment is the ARN.
        topics: by a label for names.
        variables_key_arn: customer key of the environment.
    """
    physical_name, queue_name = function_name(key, naming), queue_of(key, naming)
    log_name = f"/aws/lambda/{physical_name}"
    log = log_group(
        key,
        physical_name=log_name,
        retention_days=log_days,
        key_arn=log_key_arn,
        opts=opts,
    )
    queue = aws.sqs.Queue(
        f"{key}-dead-letters",
        name=queue_name,
        message_retention_seconds=DEAD_LETTER_SECONDS,
        sqs_managed_sse_enabled=True,
        tags=name_tag(queue_name),
        opts=opts,
    )
    role, allowed = granted_role(
        key,
        physical_name=naming.of(Kind.ROLE, key, "pager"),
        description="Reads the integration key of PagerDuty and tells it of alarms",
        # Lambda sends no source when it assumes a role ("Lambda execution role", 2026-11).
        service="lambda.amazonaws.com",
        grants=[
            *secret.grants,
            Grant(
                "WriteLog",
                ("logs:CreateLogStream", "logs:PutLogEvents"),
                (where.arn("logs", f"log-group:{log_name}:*"),),
            ),
            Grant("KeepFailures", ("sqs:SendMessage",), (where.arn("sqs", queue_name),)),
        ],
        opts=opts,
    )
    function = aws.lambda_.Function(
        key,
        name=physical_name,
        description="Tells PagerDuty of alarms",
        runtime=RUNTIME,
        architectures=["arm64"],
        handler="handler.handle",
        code=pulumi.AssetArchive({"handler.py": pulumi.FileAsset(str(HANDLER))}),
        role=role.arn,
        timeout=TIMEOUT_SECONDS,
        memory_size=MEMORY_MIB,
        environment={"variables": {"SECRET_ARN": next(iter(secret.environment.values()))}},
        kms_key_arn=variables_key_arn,
        dead_letter_config={"target_arn": queue.arn},
        logging_config={"log_format": "JSON", "log_group": log.name},
        tags=name_tag(physical_name),
        opts=pulumi.ResourceOptions(parent=opts.parent, depends_on=[*allowed]),
    )
    for label, topic in topics.items():
        permission = aws.lambda_.Permission(
            f"{key}-{label}",
            action="lambda:InvokeFunction",
            function=function.name,
            principal="sns.amazonaws.com",
            source_account=where.account,
            source_arn=topic.arn,
            opts=opts,
        )
        aws.sns.TopicSubscription(
            f"{key}-{label}",
            topic=topic.arn,
            protocol="lambda",
            endpoint=function.arn,
            region=topic.region,
            opts=pulumi.ResourceOptions(parent=opts.parent, depends_on=[permission]),
        )
    return function


def pager_alarms(key: str, naming: Naming) -> tuple[AlarmSpec, ...]:
    """Tell by other ways when PagerDuty is not told."""
    physical_name = function_name(key, naming)
    return function_alarms(
        f"{key}-pager",
        physical_name,
        title="PagerDuty was not told of an alarm",
        meaning="An alarm fired, and the function that tells PagerDuty failed.",
        action="Look at the alarms that fire now; then read the log group "
        f"/aws/lambda/{physical_name}. A wrong integration key answers with 400.",
        parent=f"pager-{key}",
        dead_letters=queue_of(key, naming),
    )


def function_name(key: str, naming: Naming) -> str:
    """The function's physical name."""
    return naming.of(Kind.FUNCTION, key, "pager")


def queue_of(key: str, naming: Naming) -> str:
    """The physical name of the queue with what could not be told."""
    return naming.of(Kind.QUEUE, key, "pager", "dead-letters")
