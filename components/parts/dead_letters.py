"""A queue that keeps what somebody gave up on, until a person has looked at it."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Arn, Grant
from components.parts.key_grant import WRITE, key_grant
from components.tags import name_tag

KEPT_SECONDS = 14 * 86_400
"""SQS's longest ("CreateQueue", Amazon SQS API Reference, 2026-11)."""


def dead_letter_queue(
    name: str, *, physical_name: str, key_arn: Arn | None, opts: pulumi.ResourceOptions
) -> aws.sqs.Queue:
    """Make the queue; without a customer key, SQS's own encrypts it."""
    return aws.sqs.Queue(
        name,
        name=physical_name,
        message_retention_seconds=KEPT_SECONDS,
        kms_master_key_id=key_arn,
        sqs_managed_sse_enabled=True if key_arn is None else None,
        tags=name_tag(physical_name),
        opts=opts,
    )


def dead_letter_grants(
    sid: str, key_sid: str, physical_name: str, key_arn: Arn | None, where: AccountRegion
) -> tuple[Grant, ...]:
    """What a role needs to put messages into it."""
    send = Grant(sid, ("sqs:SendMessage",), (where.arn("sqs", physical_name),))
    if key_arn is None:
        return (send,)
    return send, key_grant(key_sid, key_arn, WRITE, "sqs", where)
