"""A small Lambda function of our own, one file of `functions/`: log group, role, dead letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant
from components.naming import Kind, Naming
from components.parts.log_group import log_group
from components.parts.role import granted_role
from components.parts.sources import FUNCTIONS
from components.tags import name_tag

RUNTIME = "python3.13"
"""Has boto3 ("Lambda runtimes", AWS Lambda Developer Guide, 2026-11)."""

DEAD_LETTER_SECONDS = 14 * 86_400
"""SQS's longest ("CreateQueue", Amazon SQS API Reference, 2026-11)."""


@dataclass(frozen=True)
class SmallFunction:
    """The function, and what must be there before it is called."""

    resource: aws.lambda_.Function
    name: str
    """Physical name."""
    allowed: tuple[pulumi.Resource, ...]
    dead_letters: str | None
    """Physical name of the queue with the events it failed on."""


def small_function(
    name: str,
    source: str,
    *,
    naming: Naming,
    where: AccountRegion,
    description: str,
    grants: Sequence[Grant],
    timeout: int,
    log_days: int,
    log_key_arn: Arn | None,
    dead_letters: bool = False,
    environment: Mapping[str, pulumi.Input[str]] | None = None,
    environment_key_arn: Arn | None = None,
    memory: int = 128,
    after: Sequence[pulumi.Resource] = (),
    tags: Mapping[str, str] | None = None,
    opts: pulumi.ResourceOptions,
) -> SmallFunction:
    """Make the function; it is in no network.

    Args:
        name: Pulumi name of all its resources.
        source: folder under `functions/` with a `handler.py`.
        timeout: seconds.
        dead_letters: keeps events that it failed on, where events call it.
        environment_key_arn: customer key of its environment.
        memory: MiB.
        after: what must be there before it runs, besides its own rights.
        tags: of the function, besides its name.
    """
    physical_name = naming.of(Kind.FUNCTION, name)
    log_name = f"/aws/lambda/{physical_name}"
    log = log_group(
        name,
        physical_name=log_name,
        retention_days=log_days,
        key_arn=log_key_arn,
        opts=opts,
    )
    write_log = Grant(
        "WriteLog",
        ("logs:CreateLogStream", "logs:PutLogEvents"),
        (where.arn("logs", f"log-group:{log_name}:*"),),
    )
    queue_name = naming.of(Kind.QUEUE, name, "dead-letters")
    keep = Grant("KeepFailures", ("sqs:SendMessage",), (where.arn("sqs", queue_name),))
    role, allowed = granted_role(
        name,
        physical_name=naming.of(Kind.ROLE, name),
        description=description,
        # Lambda sends no source when it assumes a role ("Lambda execution role", 2026-11).
        service="lambda.amazonaws.com",
        grants=[*grants, write_log, *([keep] if dead_letters else [])],
        opts=opts,
    )
    queue = _dead_letters(name, queue_name, opts) if dead_letters else None
    file = pulumi.FileAsset(str(FUNCTIONS / source / "handler.py"))
    function = aws.lambda_.Function(
        name,
        name=physical_name,
        description=description,
        role=role.arn,
        runtime=RUNTIME,
        architectures=["arm64"],
        handler="handler.handle",
        code=pulumi.AssetArchive({"handler.py": file}),
        memory_size=memory,
        environment={"variables": dict(environment)} if environment else None,
        kms_key_arn=environment_key_arn if environment else None,
        timeout=timeout,
        dead_letter_config={"target_arn": queue.arn} if queue is not None else None,
        logging_config={"log_format": "JSON", "log_group": log.name},
        tags={**name_tag(physical_name), **(tags or {})},
        opts=pulumi.ResourceOptions(parent=opts.parent, depends_on=[*allowed, *after]),
    )
    return SmallFunction(
        function, physical_name, allowed, queue_name if queue is not None else None
    )


def _dead_letters(name: str, physical_name: str, opts: pulumi.ResourceOptions) -> aws.sqs.Queue:
    return aws.sqs.Queue(
        f"{name}-dead-letters",
        name=physical_name,
        message_retention_seconds=DEAD_LETTER_SECONDS,
        sqs_managed_sse_enabled=True,
        tags=name_tag(physical_name),
        opts=opts,
    )
