"""What AWS returns for this package's types."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Shape

SHAPES: Mapping[str, Shape] = {
    "aws:kinesis/videoStream:VideoStream": Shape(
        id="arn:{partition}:kinesisvideo:{region}:{account}:stream/{name}/{digits:13}",
        computed={"arn": "{id}", "version": "{lower:20}"},
        named=AutoName(limit=256),
    ),
}
"""By Pulumi type token."""
