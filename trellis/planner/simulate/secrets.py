"""AWS Secrets Manager: what AWS answers ("Secrets Manager API Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Shape

SHAPES = {
    "aws:secretsmanager/secret:Secret": Shape(
        id="arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{lower:6}",
        defaults={"forceOverwriteReplicaSecret": False, "recoveryWindowInDays": 30},
        computed={"arn": "{id}", "namePrefix": "", "policy": "", "replicas": [], "type": ""},
        named=AutoName(limit=512),
    ),
    "aws:secretsmanager/secretPolicy:SecretPolicy": Shape(id="{secretArn}", tagged=False),
    "aws:secretsmanager/secretRotation:SecretRotation": Shape(
        id="{secretId}",
        defaults={"rotateImmediately": True},
        computed={"rotationEnabled": True},
        tagged=False,
    ),
}
