"""What AWS returns for this package's types (each service's API reference, 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import AutoName, Shape

SHAPES: Mapping[str, Shape] = {
    "aws:secretsmanager/secret:Secret": Shape(
        id="arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{upper:6}",
        defaults={"forceOverwriteReplicaSecret": False, "recoveryWindowInDays": 30},
        computed={"arn": "{id}", "namePrefix": "", "policy": "", "replicas": []},
        named=AutoName(limit=512),
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": Shape(
        id="{secretId}",
        defaults={"rotateImmediately": True},
        computed={"rotationEnabled": True},
        tagged=False,
    ),
}
"""By Pulumi type token."""
