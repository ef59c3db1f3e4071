"""What follows from using a stream: its name in the environment, and grants on exactly it."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.contracts import AccountRegion, Arn, Grant, Link
from components.parts.access import sid_part
from components.parts.key_grant import key_grant
from components.parts.offer import Offer
from components.stream.settings import StreamSettings

DESCRIBE = ("kinesis:DescribeStreamSummary", "kinesis:ListShards")

ACCESSES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "put": (("kinesis:PutRecord", "kinesis:PutRecords"), ("kms:GenerateDataKey",)),
    "consume": (
        ("kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator"),
        ("kms:Decrypt",),
    ),
}
"""Actions on the stream, and the use of its key ("Permissions to use user-generated KMS keys",
Amazon Kinesis Data Streams Developer Guide, 2026-11)."""

FAN_OUT = ("kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard")
"""What a consumer of its own needs; it is named by an ARN that AWS makes."""

OFFER = Offer[StreamSettings](
    kind="stream",
    accesses=tuple(ACCESSES),
    variables={"name": "{KEY}_STREAM"},
    interface="kinesis-streams",
)


def stream_link(
    key: str,
    settings: StreamSettings,
    access: str | None,
    *,
    stream_name: str,
    arn: Arn,
    consumer_arns: tuple[pulumi.Input[str], ...],
    key_arn: Arn,
    where: AccountRegion,
    stream: pulumi.Resource,
) -> Link:
    """The link of one access.

    Raises:
        UnknownAccessError: `access` is neither `put` nor `consume`.
    """
    access = OFFER.chosen(key, settings, access)
    producer = f"{OFFER.kind}-{key}"
    label = f"{access.capitalize()}{sid_part(producer)}"
    actions, use = ACCESSES[access]
    grants = [Grant(label, tuple(sorted((*actions, *DESCRIBE))), (arn,))]
    if access == "consume" and consumer_arns:
        grants.append(Grant(f"FanOut{label}", FAN_OUT, consumer_arns))
    # Kinesis sends the stream's ARN as the encryption context of every call.
    context = {"StringEquals": {"kms:EncryptionContext:aws:kinesis:arn": arn}}
    grants.append(key_grant(f"Key{label}", key_arn, use, "kinesis", where, context))
    return Link(
        producer=producer,
        access=access,
        grants=tuple(grants),
        environment=OFFER.environment(key, settings, {"name": stream_name}),
        depends_on=(stream,),
    )
