"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Shape

SHAPES: Mapping[str, Shape] = {
    "aws:athena/workgroup:Workgroup": Shape(
        id="{name}",
        defaults={"state": "ENABLED"},
        computed={"arn": "arn:{partition}:athena:{region}:{account}:workgroup/{name}"},
        named=AutoName(limit=128),
    ),
    "aws:athena/namedQuery:NamedQuery": Shape(
        id="{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}",
        defaults={"workgroup": "primary"},
        named=AutoName(limit=128),
        tagged=False,
    ),
}
"""By Pulumi type token."""
