"""Kinesis, Firehose and Athena: what AWS answers (their API References, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Shape

SHAPES: Mapping[str, Shape] = {
    "aws:athena/preparedStatement:PreparedStatement": Shape(
        id="{workgroup}/{name}", named=AutoName(limit=256), tagged=False
    ),
}
"""By Pulumi type token."""
