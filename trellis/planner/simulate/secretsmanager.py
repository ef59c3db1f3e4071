"""AWS Secrets Manager: what AWS answers ("AWS Secrets Manager API Reference", 2026-11)."""

from __future__ import annotations

from collections.abc import Mapping

from components.parts.simulation import Shape

SHAPES: Mapping[str, Shape] = {
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
    "aws:secretsmanager/secretPolicy:SecretPolicy": Shape(id="{secretArn}", tagged=False),
}
"""By Pulumi type token."""
