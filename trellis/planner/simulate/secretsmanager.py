"""AWS Secrets Manager: what AWS answers ("AWS Secrets Manager API Reference", 2026-11)."""

from __future__ import annotations

from trellis.planner.simulate.shape import AutoName, Shape

SHAPES = {
    "aws:secretsmanager/secret:Secret": Shape(
        id="arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{upper:6}",
        defaults={"forceOverwriteReplicaSecret": False, "recoveryWindowInDays": 30},
        computed={"arn": "{id}", "namePrefix": "", "policy": "", "replicas": []},
        named=AutoName(limit=512),
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Shape(
        id="{secretId}|terraform-{digits:26}",
        computed={
            "arn": "{secretId}",
            "hasSecretStringWo": lambda s: s.given("secretStringWo") is not None,
            "secretArn": "{secretId}",
            "versionId": lambda s: s.id.rsplit("|", 1)[1],
            "versionStages": ["AWSCURRENT"],
        },
        tagged=False,
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": Shape(
        id="{secretId}",
        defaults={"rotateImmediately": True},
        computed={"rotationEnabled": True},
        tagged=False,
    ),
    "aws:secretsmanager/secretPolicy:SecretPolicy": Shape(id="{secretArn}", tagged=False),
}
"""By Pulumi type token."""
