"""A cache's own topic for its events: failover, node replaced, maintenance.

ElastiCache publishes neither to an encrypted topic nor to one whose policy asks for
`aws:SourceAccount` ("Event Notifications and Amazon SNS" and "SNS topic access policy requirement",
Amazon ElastiCache User Guide, 2026-11). So these events, which hold names of nodes and no data,
have a topic of their own, with the alert topic's receivers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.contracts import AccountRegion, Trust
from components.naming import Kind, Naming
from components.parts.policy_document import resource_document
from components.tags import name_tag


@dataclass(frozen=True)
class Receiver:
    """Who hears of a cache's events."""

    protocol: str
    """`email`, `sms` or `https`."""
    address: str


def events_topic(
    name: str,
    *,
    thing: str,
    receivers: Mapping[str, Receiver],
    naming: Naming,
    where: AccountRegion,
    opts: pulumi.ResourceOptions,
) -> tuple[aws.sns.Topic, pulumi.Resource]:
    """Make the topic; also returns its policy, without which ElastiCache gives the topic up."""
    physical_name = naming.of(Kind.TOPIC, thing, "events")
    topic = aws.sns.Topic(
        f"{name}-events", name=physical_name, tags=name_tag(physical_name), opts=opts
    )
    arn = where.arn("sns", physical_name)
    policy = aws.sns.TopicPolicy(
        f"{name}-events",
        arn=topic.arn,
        policy=resource_document(
            arn,
            (
                Trust(
                    sid="FromThisAccountsCaches",
                    principals={"AWS": ("*",)},
                    actions=("sns:Publish",),
                    conditions={"StringEquals": {"aws:SourceOwner": where.account}},
                ),
                Trust(
                    sid="TlsOnly",
                    principals={"AWS": ("*",)},
                    actions=("sns:Publish",),
                    conditions={"Bool": {"aws:SecureTransport": "false"}},
                    effect="Deny",
                ),
            ),
        ),
        opts=opts,
    )
    for key, receiver in receivers.items():
        aws.sns.TopicSubscription(
            f"{name}-events-{key}",
            topic=topic.arn,
            protocol=receiver.protocol,
            endpoint=receiver.address,
            opts=opts,
        )
    return topic, policy
