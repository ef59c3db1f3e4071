"""What this package's resources cost.

Sources: "Amazon Kinesis Data Streams pricing", 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from components.parts.asked import Asked, Rule, known
from components.parts.charges import HOURS, Charge, Free, NotPriced, Pricing, Row
from components.parts.spread import Spread

PAYLOAD_GB = 25 / 1024 / 1024
"""GB of one PUT payload unit of a provisioned stream: 25 KiB."""

FREE_HOURS = 24
"""Retention that costs nothing beside the stream itself."""

EXTENDED_HOURS = 168


def stream(asked: Asked) -> Iterator[Pricing]:
    """Hours of the stream or its shards, and what goes in and out."""
    mode: Mapping[str, Any] = asked.get("streamModeDetails") or {}
    into, why = asked.used("streams", "in_gb")
    out, reason = asked.used("streams", "out_gb")
    retention = asked.get("retentionPeriod", FREE_HOURS)
    kept = asked.because(f"kept {retention} hours", "retentionHours")
    if known(mode.get("streamMode")) == "ON_DEMAND":
        key = "AmazonKinesis/onDemand"
        hours = asked.because("on demand", "mode")
        yield Charge(f"{key}/streamHour", "stream hours", Spread.flat(HOURS), (hours,))
        yield Charge(f"{key}/dataIn/gb", "written", into, (why,))
        yield Charge(f"{key}/dataOut/gb", "read", out, (reason,))
        if retention > FREE_HOURS:
            name = "extendedRetention" if retention <= EXTENDED_HOURS else "longTermRetention"
            days = (retention - FREE_HOURS) / 24 / 30
            yield Charge(f"{key}/{name}/gbMonth", "kept", into * days, (why, kept))
        return
    shards = asked.get("shardCount")
    if shards is None:
        yield NotPriced("shard hours", "how many shards there are is not known here")
        return
    key = "AmazonKinesis/provisioned"
    shard_reason = asked.because(f"{shards} shards", "shards")
    yield Charge(f"{key}/shardHour", "shard hours", Spread.flat(shards * HOURS), (shard_reason,))
    yield Charge(f"{key}/putPayloadUnit", "written, by 25 KiB", into / PAYLOAD_GB, (why,))
    if retention > FREE_HOURS:
        quantity = Spread.flat(shards * HOURS)
        yield Charge(f"{key}/extendedRetention/shardHour", "kept", quantity, (kept,))


def stream_consumer(asked: Asked) -> Iterator[Pricing]:
    """A reader with a throughput of its own: what it reads, and by shard and hour."""
    of = asked.plan.behind(asked.resource, "streamArn", "aws:kinesis/stream:Stream")
    mode: Mapping[str, Any] = known(of.inputs.get("streamModeDetails"), {}) if of else {}
    gb, why = asked.used("streams", "out_gb")
    if known(mode.get("streamMode")) == "ON_DEMAND":
        key = "AmazonKinesis/onDemand/enhancedFanOut/gb"
        yield Charge(key, "read by a reader of its own", gb, (why,))
        return
    shards = known(of.inputs.get("shardCount")) if of else None
    if shards is None:
        yield NotPriced("readers of their own", "how many shards there are is not known here")
        return
    key = "AmazonKinesis/provisioned/enhancedFanOut"
    hours = Spread.flat(shards * HOURS)
    yield Charge(f"{key}/consumerShardHour", "readers of their own", hours)
    yield Charge(f"{key}/gb", "read by a reader of its own", gb, (why,))


RULES: Mapping[str, Rule] = {
    "aws:kinesis/stream:Stream": stream,
    "aws:kinesis/streamConsumer:StreamConsumer": stream_consumer,
}


FREE: Mapping[str, Free] = {
    "aws:kinesis/resourcePolicy:ResourcePolicy": Free(
        "a part of a stream that is priced", "Amazon Kinesis Data Streams pricing, 2026-11"
    ),
}

ASSUMED: Mapping[tuple[str, str], Row] = {
    ("streams", "in_gb"): ((1, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
    ("streams", "out_gb"): ((1, 10, 100), (10, 100, 1_000), (100, 1_000, 10_000)),
}  # fmt: skip
