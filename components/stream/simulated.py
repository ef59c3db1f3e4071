"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Shape

SHAPES: Mapping[str, Shape] = {
    "aws:kinesis/stream:Stream": Shape(
        id="arn:{partition}:kinesis:{region}:{account}:stream/{name}",
        defaults={
            "encryptionType": "NONE",
            "enforceConsumerDeletion": False,
            "retentionPeriod": 24,
        },
        computed={"arn": "{id}"},
        named=AutoName(limit=128),
    ),
    "aws:kinesis/resourcePolicy:ResourcePolicy": Shape(id="{resourceArn}", tagged=False),
    "aws:kinesis/streamConsumer:StreamConsumer": Shape(
        id="{streamArn}/consumer/{name}:1790000000",
        computed={"arn": "{id}", "creationTimestamp": "2026-09-21T14:13:20Z"},
        named=AutoName(limit=128),
    ),
}
"""By Pulumi type token."""
