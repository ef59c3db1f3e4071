"""Kinesis, Firehose, Glue and Athena: what AWS answers (their API References, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Shape

_GLUE = "arn:{partition}:glue:{region}:{account}:"


SHAPES: Mapping[str, Shape] = {
    "aws:glue/crawler:Crawler": Shape(
        id="{name}", computed={"arn": _GLUE + "crawler/{name}"}, named=AutoName(limit=255)
    ),
    "aws:glue/securityConfiguration:SecurityConfiguration": Shape(
        id="{name}", named=AutoName(limit=255), tagged=False
    ),
    "aws:athena/preparedStatement:PreparedStatement": Shape(
        id="{workgroup}/{name}", named=AutoName(limit=256), tagged=False
    ),
}
"""By Pulumi type token."""
